"""Settles slots in which one key and the same meters hold, and writes their canonical lines.

Pure: meters' energy in, lines out. The same energy and the same key always give the same text.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

from coop.allocation import Energy, Missing, Shared, Sharing, Status
from coop.intervals import ESTIMATED, INTERPOLATED, MEASURED, Mark, Metered, Quality, Span
from coop.members.community import Community, Meter, SharingKey
from coop.readings import Counter

_T = TypeVar("_T")

Column = Sequence[int | None]
"""Whole Wh of one home or roof, slot after slot; None is missing."""


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

    def rows(self, version: int, written_s: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the rows of `slot_energy` and of `slot_allocation`."""
        stamp = {"slot_start_s": self.slot_start_s, "version": version, "written_s": written_s}
        return (
            {**stamp, "line": self.energy},
            {**stamp, "line": self.allocation, **self.figures._asdict()},
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
        self._heads = [f"{json.dumps(one)}:[" for one in ids]
        self._consumption = [
            [meter.counter for meter in self._meters if meter.home_id == one] for one in ids
        ]
        self._production = [self._roofs(community, one) for one in ids]
        self._community_roofs = self._roofs(community, None)

    @property
    def counters(self) -> list[Counter]:
        """Return the counters whose energy is needed."""
        return [meter.counter for meter in self._meters]

    def lines(self, span: Span, metered: Mapping[Counter, Metered]) -> list[SlotLine]:
        """Settle all slots of a span."""
        columns = [metered[counter] for counter in self.counters]
        starts_s = range(span.start_s, span.start_s + span.count * span.slot_s, span.slot_s)
        return [
            SlotLine(start_s, line, *self._settle(start_s // span.slot_s, quality, energy))
            for start_s, line, quality, energy in zip(
                starts_s,
                _energy_lines(self._meters, columns, span.count),
                _qualities(columns, span.count),
                self._energies(metered, span.count),
                strict=True,
            )
        ]

    def _roofs(self, community: Community, home_id: str | None) -> list[Counter]:
        return [
            meter.counter
            for meter in self._meters
            if meter.roof_id is not None and community.owner_of(meter.roof_id) == home_id
        ]

    def _energies(self, metered: Mapping[Counter, Metered], count: int) -> Iterator["_SlotEnergy"]:
        """Yield what each slot has to share; a home without a meter is missing, not zero."""

        def column(counters: Sequence[Counter], absent: int | None) -> Column:
            columns = [metered[counter].wh for counter in counters]
            return _sum(columns) if columns else [absent] * count

        community = column(self._community_roofs, 0)
        made = [column(counters, 0) for counters in self._production]
        used = [column(counters, None) for counters in self._consumption]
        return map(_SlotEnergy, community, _slotwise(made, count), _slotwise(used, count))

    def _settle(
        self, slot_number: int, quality: Quality, energy: "_SlotEnergy"
    ) -> tuple[str, SlotFigures]:
        production_wh, made, used = energy
        if self._key is None or self._sharing is None:
            return self._unsettled(Reason.NO_KEY, quality, energy)
        if production_wh is None or None in made:
            return self._unsettled(Reason.PRODUCTION_MISSING, quality, energy)
        if self._key.rules.missing is Missing.HOLD and None in used:
            return self._unsettled(Reason.HELD, quality, energy)
        # No None is left among what was made.
        shared = self._sharing.share(Energy(slot_number, production_wh, made, used))  # type: ignore[arg-type]  # just checked
        own_wh, shared_wh = sum(shared.own_use_wh), sum(shared.allocated_wh)
        aside_wh = sum(shared.set_aside_wh)
        figures = SlotFigures(
            self._key.id,
            Status.SETTLED if self._is_final else shared.status,
            quality,
            _known_sum(used),
            produced_wh=own_wh + shared_wh + aside_wh + shared.surplus_wh,
            own_use_wh=own_wh,
            shared_wh=shared_wh,
            set_aside_wh=aside_wh,
            surplus_wh=shared.surplus_wh,
            fund_tenths_wh=shared.fund_tenths_wh,
        )
        return self._line(energy, figures, shared), figures

    def _unsettled(
        self, reason: Reason, quality: Quality, energy: "_SlotEnergy"
    ) -> tuple[str, SlotFigures]:
        key_id = self._key.id if self._key else None
        figures = SlotFigures(key_id, Status.UNSETTLED, quality, _known_sum(energy.used))
        homes = ",".join(
            f"{head}{_json(used)},{_json(made)},null,null,null,null]"
            for head, used, made in zip(self._heads, energy.used, energy.made, strict=True)
        )
        return (
            f'{{"community_wh":{_json(energy.community_wh)},"homes":{{{homes}}},'
            f'"key":{_json(key_id)},"reason":"{reason}","status":"{Status.UNSETTLED}"}}'
        ), figures

    def _line(self, energy: "_SlotEnergy", figures: SlotFigures, shared: Shared) -> str:
        homes = ",".join(
            f"{head}{used},{made},{own},{given},{aside},{used - own - given}]"
            if used is not None
            else f"{head}null,{made},null,null,{aside},null]"
            for head, used, made, own, given, aside in zip(
                self._heads,
                energy.used,
                energy.made,
                shared.own_use_wh,
                shared.allocated_wh,
                shared.set_aside_wh,
                strict=True,
            )
        )
        return (
            f'{{"community_wh":{energy.community_wh},"fund_tenths_wh":{figures.fund_tenths_wh},'
            f'"homes":{{{homes}}},"key":{figures.key_id},"pool_wh":{shared.pool_wh},'
            f'"status":"{figures.status}","surplus_wh":{figures.surplus_wh}}}'
        )


def finally_held(key: SharingKey) -> SharingKey:
    """Return a key as it holds once a month is frozen: a missing home is as if not listed."""
    if key.rules.missing is not Missing.RESERVE:
        return key
    return replace(key, rules=replace(key.rules, missing=Missing.EXCLUDE))


class _SlotEnergy(NamedTuple):
    community_wh: int | None
    made: Sequence[int | None]
    used: Sequence[int | None]


def _energy_lines(meters: Sequence[Meter], columns: Sequence[Metered], count: int) -> Iterator[str]:
    """Yield the canonical text of each slot's energy; meters are in order of their names."""
    texts = []
    for meter, column in zip(meters, columns, strict=True):
        head = f"{json.dumps(meter.name)}:["
        tails = {mark: _tail(mark) for mark in set(column.marks)}
        texts.append(
            [
                f"{head}{'null' if wh is None else wh}{tails[mark]}"
                for wh, mark in zip(column.wh, column.marks, strict=True)
            ]
        )
    return (f"{{{','.join(slot)}}}" for slot in _slotwise(texts, count))


def _tail(mark: Mark) -> str:
    flag = "" if mark.flag is None else f',"{mark.flag}"'
    return f',"{mark.quality}"{flag}]'


def _qualities(columns: Sequence[Metered], count: int) -> Iterator[Quality]:
    """Yield the least quality of all meters in each slot."""
    for marks in _slotwise([column.marks for column in columns], count):
        if marks.count(MEASURED) == len(marks):
            yield Quality.MEASURED
        elif all(mark in _KNOWN for mark in marks):
            yield Quality.ESTIMATED if ESTIMATED in marks else Quality.INTERPOLATED
        else:
            yield Quality.MISSING


_KNOWN = (MEASURED, INTERPOLATED, ESTIMATED)


def _sum(columns: Sequence[Column]) -> Column:
    """Return what several counters count together; unknown as soon as one of them is."""
    if len(columns) == 1:
        return columns[0]
    return [None if None in slot else sum(slot) for slot in zip(*columns, strict=True)]


def _slotwise(columns: Sequence[Sequence[_T]], count: int) -> Iterator[tuple[_T, ...]]:
    """Turn columns into one tuple a slot, also when there is no column."""
    return zip(*columns, strict=True) if columns else repeat((), count)


def _known_sum(used: Sequence[int | None]) -> int | None:
    known = [need for need in used if need is not None]
    return sum(known) if known else None


def _json(value: int | None) -> str:
    return "null" if value is None else str(value)
