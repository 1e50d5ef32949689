"""Settles slots in which one key and the same meters hold, and writes their canonical lines.

Pure: meters' energy in, lines out. The same energy and the same key always give the same text.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, repeat, starmap
from operator import sub
from typing import Any, NamedTuple, TypeVar

from coop.allocation import Energy, Missing, Shared, Sharing, Status
from coop.members.community import Community, Meter, SharingKey
from coop.metering.flows import Flows, SlotFlows
from coop.metering.intervals import MEASURED, Mark, Metered, Quality, Span
from coop.metering.readings import Counter

_T = TypeVar("_T")


class Reason(StrEnum):
    """Why a slot is unsettled."""

    NO_KEY = "no_key_in_force"
    PRODUCTION_MISSING = "production_missing"
    HELD = "held_for_a_missing_home"


class SlotFigures(NamedTuple):
    """The sums of a slot, as the columns of `slot_allocation`; None while it is unsettled."""

    key_id: int | None
    status: str
    quality: str
    consumption_wh: int | None
    produced_wh: int | None = None
    own_use_wh: int | None = None
    shared_wh: int | None = None
    set_aside_wh: int | None = None
    surplus_wh: int | None = None
    fund_tenths_wh: int | None = None


@dataclass(frozen=True, slots=True)
class SlotLine:
    """What the books say of one slot."""

    slot_start_s: int
    energy: str
    """Canonical JSON: meter -> [Wh, quality] or [null, "missing", flag]."""
    allocation: str
    """Canonical JSON; a home is [consumption, own production, own use, shared, set aside, grid]."""
    figures: SlotFigures
    homes: Sequence[str]
    """Who shares, in the order of `shared`."""
    flows: SlotFlows
    """What was made and used, homes in the order of `homes`."""
    shared: Shared | None
    """What `allocation` says; None while it is unsettled."""
    made: str | None = None
    """JSON: Wh by account, `roof:ID` or `export:HOME`, without zeros; they sum to `produced_wh`."""

    def rows(self, version: int, written_s: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the rows of `slot_energy` and of `slot_allocation`."""
        stamp = {"slot_start_s": self.slot_start_s, "version": version, "written_s": written_s}
        return (
            {**stamp, "line": self.energy},
            {**stamp, "line": self.allocation, "made": self.made, **self.figures._asdict()},
        )


class Segment:
    """The key and the meters that hold from one slot on."""

    def __init__(self, community: Community, slot_start_s: int, *, is_final: bool = False) -> None:
        """Look up what holds in the slot that starts then.

        `is_final`: nothing is waited for any more; what would be kept for a home is not.
        """
        key = community.key_at(slot_start_s)
        self._key = finally_held(key) if key and is_final else key
        self._is_final = is_final
        self._meters = community.meters_at(slot_start_s)
        self._sharing = Sharing.prepare(self._key.rules, self._key.homes) if self._key else None
        ids = self._sharing.ids if self._sharing else tuple(home.id for home in community.homes)
        self._ids = ids
        heads = (_literal(f"{json.dumps(one)}:[") for one in ids)
        self._template = ",".join(f"{head}%s,%s,%s,%s,%s,%s]" for head in heads)
        self._flows = Flows(community, ids, slot_start_s)
        self._accounts = list(_roof_accounts(community, frozenset(ids)))

    @property
    def counters(self) -> list[Counter]:
        """Return the counters whose energy is needed."""
        return [meter.counter for meter in self._meters]

    def lines(self, span: Span, metered: Mapping[Counter, Metered]) -> list[SlotLine]:
        """Settle all slots of a span."""
        return [self._settle(slot, span.slot_s) for slot in self._slots(span, metered)]

    def _slots(self, span: Span, metered: Mapping[Counter, Metered]) -> Iterator["_Slot"]:
        columns = [metered[counter] for counter in self.counters]
        told = zip(
            range(span.start_s, span.start_s + span.count * span.slot_s, span.slot_s),
            _energy_lines(self._meters, columns, span.count),
            _qualities(columns, span.count),
            self._flows.slots(metered, span.count),
            strict=True,
        )
        return starmap(_Slot, told)

    def _settle(self, slot: "_Slot", slot_s: int) -> SlotLine:
        if self._key is None or self._sharing is None:
            return self._unsettled(Reason.NO_KEY, slot)
        flows = slot.flows
        if flows.community_wh is None or None in flows.made_wh:
            return self._unsettled(Reason.PRODUCTION_MISSING, slot)
        if self._key.rules.missing is Missing.HOLD and None in flows.used_wh:
            return self._unsettled(Reason.HELD, slot)
        # No None is left among what was made.
        energy = Energy(slot.start_s // slot_s, flows.community_wh, flows.made_wh, flows.used_wh)  # type: ignore[arg-type]  # just checked
        shared = self._sharing.share(energy)
        own_wh, shared_wh = sum(shared.own_use_wh), sum(shared.allocated_wh)
        aside_wh = sum(shared.set_aside_wh)
        figures = SlotFigures(
            self._key.id,
            Status.SETTLED if self._is_final else shared.status,
            slot.quality,
            _known_sum(flows.used_wh),
            produced_wh=own_wh + shared_wh + aside_wh + shared.surplus_wh,
            own_use_wh=own_wh,
            shared_wh=shared_wh,
            set_aside_wh=aside_wh,
            surplus_wh=shared.surplus_wh,
            fund_tenths_wh=shared.fund_tenths_wh,
        )
        line = (
            f'{{"community_wh":{flows.community_wh},"fund_tenths_wh":{shared.fund_tenths_wh},'
            f'"homes":{{{self._homes(_home_columns(flows, shared))}}},"key":{self._key.id},'
            f'{_rare(flows)}"pool_wh":{shared.pool_wh},"status":"{figures.status}",'
            f'"surplus_wh":{shared.surplus_wh}}}'
        )
        made = self._made(flows)
        return SlotLine(slot.start_s, slot.line, line, figures, self._ids, flows, shared, made)

    def _made(self, flows: SlotFlows) -> str:
        roofs = [
            f"{account}:{wh}"
            for account, wh in zip(self._accounts, flows.roofs_wh, strict=True)
            if account and wh
        ]
        fed = [f"{json.dumps(f'export:{home}')}:{wh}" for home, wh in flows.fed_wh.items()]
        return f"{{{','.join([*roofs, *fed])}}}"

    def _unsettled(self, reason: Reason, slot: "_Slot") -> SlotLine:
        key_id = self._key.id if self._key else None
        flows = slot.flows
        figures = SlotFigures(key_id, Status.UNSETTLED, slot.quality, _known_sum(flows.used_wh))
        unknown = [_NULL] * len(self._ids)
        homes = self._homes([_told(flows.used_wh), _told(flows.made_wh), *(unknown,) * 4])
        line = (
            f'{{"community_wh":{_json(flows.community_wh)},"homes":{{{homes}}},'
            f'"key":{_json(key_id)},{_rare(flows)}"reason":"{reason}",'
            f'"status":"{Status.UNSETTLED}"}}'
        )
        return SlotLine(slot.start_s, slot.line, line, figures, self._ids, flows, None)

    def _homes(self, columns: Sequence[Iterable[object]]) -> str:
        """Write the six figures of each home; one formatting for all, for this is a hot path."""
        return self._template % tuple(chain.from_iterable(zip(*columns, strict=True)))


def finally_held(key: SharingKey) -> SharingKey:
    """Return a key as it holds once a month is frozen: a missing home is as if not listed."""
    if key.rules.missing is not Missing.RESERVE:
        return key
    return replace(key, rules=replace(key.rules, missing=Missing.EXCLUDE))


class _Slot(NamedTuple):
    start_s: int
    line: str
    quality: Quality
    flows: SlotFlows


def _roof_accounts(community: Community, homes: Container[str]) -> Iterator[str | None]:
    """Yield the account of each roof as JSON, in order; None where it takes no part."""
    for roof in sorted(community.roofs, key=lambda roof: roof.id):
        takes_part = roof.home_id is None or roof.home_id in homes
        yield json.dumps(f"roof:{roof.id}") if takes_part else None


def _rare(flows: SlotFlows) -> str:
    """Write what most slots do not have."""
    if not (flows.fed_wh or flows.plants_wh or flows.refused_wh):
        return ""
    told = (
        ("fed_wh", flows.fed_wh),
        ("plants_wh", flows.plants_wh),
        ("refused_wh", flows.refused_wh),
    )
    return "".join(
        f'"{name}":{json.dumps(held, sort_keys=True, separators=(",", ":"))},'
        for name, held in told
        if held
    )


def _home_columns(flows: SlotFlows, shared: Shared) -> Sequence[Iterable[object]]:
    """Return consumption, production, own use, shared, set aside and grid, all homes of each."""
    used, own, given = flows.used_wh, shared.own_use_wh, shared.allocated_wh
    if None not in used:
        grid = map(sub, map(sub, used, own), given)
        return used, flows.made_wh, own, given, shared.set_aside_wh, grid
    known = [
        (need, mine, part, need - mine - part) if need is not None else (_NULL,) * 4
        for need, mine, part in zip(used, own, given, strict=True)
    ]
    needs, mines, parts, grids = zip(*known, strict=True)
    return needs, flows.made_wh, mines, parts, shared.set_aside_wh, grids


def _energy_lines(meters: Sequence[Meter], columns: Sequence[Metered], count: int) -> Iterator[str]:
    """Yield the canonical text of each slot's energy; meters are in order of their names."""
    pieces: list[str] = []
    told: list[Sequence[object]] = []
    for meter, column in zip(meters, columns, strict=True):
        head = _literal(f"{json.dumps(meter.name)}:[")
        if column.marks.count(MEASURED) == count:
            pieces.append(f"{head}%s{_tail(MEASURED)}")
            told.append(column.wh)
        else:
            tails = {mark: _tail(mark) for mark in set(column.marks)}
            pieces.append(f"{head}%s")
            told.append(
                [
                    f"{_json(wh)}{tails[mark]}"
                    for wh, mark in zip(column.wh, column.marks, strict=True)
                ]
            )
    template = f"{{{','.join(pieces)}}}"
    return (template % slot for slot in _slotwise(told, count))


def _tail(mark: Mark) -> str:
    flag = "" if mark.flag is None else f',"{mark.flag}"'
    return f',"{mark.quality}"{flag}]'


def _qualities(columns: Sequence[Metered], count: int) -> Iterator[Quality]:
    """Yield the least quality of all meters in each slot."""
    others = [one.marks for one in columns if one.marks.count(MEASURED) < count]
    for marks in _slotwise(others, count):
        if marks.count(MEASURED) == len(marks):
            yield Quality.MEASURED
        else:
            yield max((mark.quality for mark in marks), key=_RANKS.__getitem__)


_RANKS = {quality: rank for rank, quality in enumerate(Quality)}


def _slotwise(columns: Sequence[Sequence[_T]], count: int) -> Iterator[tuple[_T, ...]]:
    """Turn columns into one tuple a slot, also when there is no column."""
    return zip(*columns, strict=True) if columns else repeat((), count)


def _known_sum(used: Sequence[int | None]) -> int | None:
    if None not in used:
        return sum(used) if used else None  # type: ignore[arg-type]  # just checked
    known = [need for need in used if need is not None]
    return sum(known) if known else None


def _told(values: Iterable[int | None]) -> list[str]:
    return [_json(value) for value in values]


def _json(value: int | None) -> str:
    return _NULL if value is None else str(value)


def _literal(text: str) -> str:
    return text.replace("%", "%%")


_NULL = "null"
