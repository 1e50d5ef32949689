"""What each roof made on each local day, where the counters know all of it. Pure.

A day counts when no slot of the roof's production counters is missing or told by hand: what lies
between two near readings sums up exactly, an inverter that sleeps at night included.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from orjson import loads

from coop.members.community import Counts
from coop.metering.intervals import Quality
from coop.watch.coverage import Days
from coop.watch.records import EnergyLine
from coop.watch.watched import Watched

_UNSURE = (Quality.MISSING, Quality.MANUAL)


@dataclass(frozen=True, slots=True)
class RoofDays:
    """One roof's days, in whole Wh; a day that is not wholly known is absent."""

    id: str
    name: str
    made_wh: Mapping[date, int]
    rated_w: int | None = None


def roof_days(
    lines: Iterable[EnergyLine],
    meters: Sequence[Watched],
    days: Days,
    rated_w: Mapping[str, int],
) -> list[RoofDays]:
    """Return each roof's known days; `rated_w` is by device."""
    by_roof: defaultdict[str, list[Watched]] = defaultdict(list)
    for meter in meters:
        if meter.is_roof and meter.counts is Counts.PRODUCTION:
            by_roof[meter.owner_id].append(meter)
    names = {meter.name for found in by_roof.values() for meter in found}
    held = {line.slot_start_s: _said(line.text, names) for line in lines}
    return [_roof(found, held, days, rated_w) for found in by_roof.values()]


def _said(text: str, names: set[str]) -> dict[str, Sequence[object]]:
    """Return what a line says of these counters; the others are let go of at once."""
    return {name: said for name, said in loads(text).items() if name in names}


def _roof(
    meters: Sequence[Watched],
    held: Mapping[int, Mapping[str, Sequence[object]]],
    days: Days,
    rated_w: Mapping[str, int],
) -> RoofDays:
    made: dict[date, int] = {}
    spans = zip(days.dates, days.borders, days.borders[1:], strict=False)
    for day, start_s, end_s in spans:
        slots = range(start_s, end_s, days.slot_s)
        counted = [one for one in meters if _covers(one, start_s, end_s)]
        is_due = start_s >= days.first_s and end_s <= days.due_s
        known = [_sum(one.name, slots, held) for one in counted] if is_due else []
        if known and None not in known and len(counted) == len(_touching(meters, start_s, end_s)):
            made[day] = sum(wh or 0 for wh in known)
    newest = max(meters, key=lambda one: one.validity.from_s)
    devices = {one.device for one in meters if one.validity.to_s is None}
    rated = [rated_w.get(device) for device in sorted(devices)]
    whole_w = sum(one or 0 for one in rated) if rated and None not in rated else None
    return RoofDays(newest.owner_id, newest.owner, made, whole_w)


def _sum(name: str, slots: range, held: Mapping[int, Mapping[str, Sequence[object]]]) -> int | None:
    total = 0
    for at_s in slots:
        said = held.get(at_s, {}).get(name)
        if said is None or said[1] in _UNSURE:
            return None
        total += int(str(said[0]))
    return total


def _covers(meter: Watched, start_s: int, end_s: int) -> bool:
    return meter.validity.holds_at(start_s) and meter.validity.holds_at(end_s - 1)


def _touching(meters: Sequence[Watched], start_s: int, end_s: int) -> list[Watched]:
    return [
        one
        for one in meters
        if one.validity.from_s < end_s
        and (one.validity.to_s is None or one.validity.to_s > start_s)
    ]
