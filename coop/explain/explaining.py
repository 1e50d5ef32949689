"""Finds what the books hold of slots, recomputes them, and says how a home's figures came to be."""

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from coop.allocation import Method, Sharing, Status, Trace, uses_weights
from coop.calendar import Calendar, stamp
from coop.errors import InputError, RefusedError
from coop.explain.explanation import Explanation, HomeFigures, LatePart, MeterMark
from coop.explain.recomputing import recompute, turns_of, weight_of
from coop.explain.sharers import read_sharers
from coop.members.community import SharingKey
from coop.metering.intervals import Flag, Quality
from coop.month.booked import BookedSlot, read_adjustments, read_slots
from coop.settings import CoopSettings
from coop.settling.segment import Reason, finally_held

TENTHS = 10


class Explaining:
    """Explains slots inside one view of the database; raises when the books do not agree."""

    def __init__(self, connection: Connection, settings: CoopSettings) -> None:
        self._connection = connection
        self._slot_s = settings.slot_s
        self._calendar = Calendar(settings.zone)
        self._community, frozen = read_sharers(connection)
        self._keys = {key.id: key for key in self._community.keys}
        self._frozen_to_s = self._calendar.span(frozen)[1] if frozen else 0
        self._sharings: dict[tuple[int, tuple[str, ...], bool], Sharing] = {}

    def slot(self, home: str, slot_start_s: int) -> Explanation:
        """Explain one slot; raise InputError or RefusedError where there is nothing to explain."""
        first_s = slot_start_s // self._slot_s * self._slot_s
        if slot_start_s != first_s:
            raise InputError(
                f"slot {stamp(slot_start_s)}: is inside a slot; the one that holds it starts at "
                f"{stamp(first_s)}"
            )
        slots = range(first_s, first_s + self._slot_s, self._slot_s)
        for explanation in self.span(home, slots):
            return explanation
        raise RefusedError(
            f"slot {stamp(first_s)}: is not in the books; a slot is written when it is settled"
        )

    def month(self, home: str, month: str) -> Iterator[Explanation]:
        """Explain all slots of a month that are in the books, in order."""
        return self.span(home, range(*self._calendar.span(month), self._slot_s))

    def span(self, home: str, slots: range) -> Iterator[Explanation]:
        """Explain all slots of a span that are in the books, in order."""
        self._refuse_unknown(home)
        late = self._late(slots)
        for booked in read_slots(self._connection, slots):
            yield self._explain(home, booked, late.get(booked.slot_start_s, ()))

    def _explain(
        self, home: str, booked: BookedSlot, adjustments: Sequence[dict[str, Any]]
    ) -> Explanation:
        at_s, said = booked.slot_start_s, json.loads(booked.allocation)
        is_final = at_s < self._frozen_to_s
        key = self._keys[said["key"]] if said["key"] is not None else None
        key = key and self._community.entitled(key, at_s)
        status, trace = Status(said["status"]), Trace()
        if key is not None and status is not Status.UNSETTLED:
            trace = recompute(self._sharing(key, is_final=is_final), at_s, self._slot_s, said)
        return Explanation(
            home=home,
            slot_start_s=at_s,
            slot_s=self._slot_s,
            status=status,
            reason=Reason(said["reason"]) if "reason" in said else None,
            is_final=is_final,
            key=key,
            is_listed=key is not None and home in said["homes"],
            weight=_weight(key, home),
            figures=HomeFigures(*said["homes"].get(home, ())),
            production_wh=_production(said),
            pool_wh=said.get("pool_wh"),
            surplus_wh=said.get("surplus_wh"),
            fund_tenths_wh=said.get("fund_tenths_wh"),
            turns=tuple(turns_of(trace, home)),
            marks=tuple(self._marks(home, booked)),
            late=tuple(_late(home, adjustments)),
        )

    def _late(self, slots: range) -> dict[int, list[dict[str, Any]]]:
        """Return what was booked late; nothing is, for slots of an open month."""
        if slots.start >= self._frozen_to_s:
            return {}
        return read_adjustments(self._connection, slots)

    def _sharing(self, key: SharingKey, *, is_final: bool) -> Sharing:
        name = (key.id, tuple(home.id for home in key.homes), is_final)
        if name not in self._sharings:
            held = finally_held(key) if is_final else key
            self._sharings[name] = Sharing.prepare(held.rules, held.homes)
        return self._sharings[name]

    def _marks(self, home: str, booked: BookedSlot) -> Iterator[MeterMark]:
        energy = json.loads(booked.energy)
        for meter in self._community.meters_at(booked.slot_start_s):
            if meter.home_id == home and meter.name in energy:
                wh, quality, *flag = energy[meter.name]
                yield MeterMark(meter.name, wh, Quality(quality), Flag(flag[0]) if flag else None)

    def _refuse_unknown(self, home: str) -> None:
        known = [one.id for one in self._community.homes]
        if home not in known:
            near = ", ".join(get_close_matches(home, known, n=3))
            meant = f"did you mean {near}?" if near else "minga member list shows all"
            raise InputError(f"home {home!r}: there is no such home; {meant}")


def _weight(key: SharingKey | None, home: str) -> Fraction | None:
    if key is None or home not in {one.id for one in key.homes}:
        return None
    is_looked_at = uses_weights(key.rules) or key.rules.method is Method.EQUAL
    return weight_of(key, home) if is_looked_at else None


def _production(said: dict[str, Any]) -> int | None:
    made = [said["community_wh"], *(figures[1] for figures in said["homes"].values())]
    return None if None in made else sum(made)


def _late(home: str, adjustments: Sequence[dict[str, Any]]) -> Iterator[LatePart]:
    for said in adjustments:
        own = said["postings"].get(f"own:{home}", 0) // TENTHS
        shared = said["postings"].get(f"shared:{home}", 0) // TENTHS
        if own or shared:
            yield LatePart(said["month"], own, shared)
