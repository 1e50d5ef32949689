"""A counter's life with faults, and what sharing makes of what was published of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from collector.devices.counters import Counter, Nature, Sample
from collector.reading import milliseconds
from coop.metering.intervals import Limits, Metered, Quality, Span, meter_slots
from tests.collector.fakes import NOON
from tests.coop.fakes import edges_of

SLOT_S = 900
NOON_S = milliseconds(NOON) // 1000
OLD_DAYS = 10


class Fault(StrEnum):
    """What a poll shows instead of the counter."""

    NONE = "none"
    SILENT = "silent"
    ZERO = "zero"
    SPIKE = "spike"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True)
class Poll:
    """One poll: the power since the one before, per mille of the rated one, and what goes wrong."""

    per_mille: int
    fault: Fault = Fault.NONE


@dataclass(frozen=True)
class Told:
    """What a poll showed; `meter` and `true_wh` are who really counts, and what."""

    at_s: int
    shown_wh: int | None
    meter: int
    true_wh: int


@dataclass(frozen=True)
class Life:
    """A counter of a rated power and a step, polled every `poll_s`."""

    rated_w: int
    step_wh: int
    replaced_at: int = 10_000
    """The poll before which another meter takes over."""
    new_days: int = 0
    """What the other meter begins with, as `day_wh`."""
    poll_s: int = 300

    @property
    def day_wh(self) -> int:
        """Return more than anything can count in two days."""
        return self.rated_w * 60 + 10 * self.step_wh

    def live(self, polls: Iterable[Poll]) -> Iterator[Told]:
        """Yield what each poll shows; a neighbour counts beside at half the power."""
        counted_mws = 0
        for number, poll in enumerate(polls):
            counted_mws += poll.per_mille * self.rated_w * self.poll_s
            meter = self.new_days if number >= self.replaced_at else OLD_DAYS
            counted_wh = meter * self.day_wh + counted_mws // 3_600_000
            true_wh = counted_wh // self.step_wh * self.step_wh
            shown_wh = self._show(poll.fault, number, true_wh)
            yield Told(number * self.poll_s, shown_wh, meter, true_wh)

    def judge(self, told: Sequence[Told]) -> list[tuple[int, int]]:
        """Return what is published, as samples of the store."""
        counter, neighbour = self._counter(), self._counter()
        published = []
        for one in told:
            neighbour.judge(self._sample(one.at_s, self._next_door(one.at_s)), lambda _: False)
            if one.shown_wh is None:
                continue
            verdict = counter.judge(self._sample(one.at_s, one.shown_wh), neighbour.may_say)
            if verdict.reason is None:
                published.append(((NOON_S + one.at_s) * 1000, one.shown_wh))
        return published

    def _counter(self) -> Counter:
        return Counter(Nature(self.rated_w))

    def _sample(self, at_s: int, wh: int) -> Sample:
        at = NOON + timedelta(seconds=at_s)
        return Sample(Decimal(wh), Decimal(self.step_wh), at, at_s * 1000)

    def _next_door(self, at_s: int) -> int:
        return 7 * self.day_wh // 2 + at_s * self.rated_w // 7_200

    def _show(self, fault: Fault, number: int, true_wh: int) -> int | None:
        shown = {
            Fault.SILENT: None,
            Fault.ZERO: 0,
            Fault.SPIKE: true_wh + (200 - number) * self.day_wh,
            Fault.NEIGHBOUR: self._next_door(number * self.poll_s),
        }
        return shown.get(fault, true_wh)


def slots_of(samples: Sequence[tuple[int, int]], count: int) -> Metered:
    """Return the energy of the slots from noon on; what is estimated is flagged, so not known."""
    found = meter_slots(edges_of(samples), Span(NOON_S, SLOT_S, count), Limits())
    pairs = zip(found.wh, found.marks, strict=True)
    known = [None if mark.quality is Quality.ESTIMATED else wh for wh, mark in pairs]
    return Metered(known, found.marks)


def most_beyond(metered: Metered, wh_a_slot: Decimal) -> Decimal:
    """Return by how much any stretch of known slots exceeds what its time allows, or less."""
    worst = run = Decimal(0)
    for wh in metered.wh:
        run = max(run, Decimal(0)) + (wh - wh_a_slot) if wh is not None else Decimal(0)
        worst = max(worst, run)
    return worst


def wrong_slots(
    told: Sequence[Told], published: Sequence[tuple[int, int]], metered: Metered
) -> list[tuple[int, int, int | None]]:
    """Return the slots whose energy is known and not the truth: (slot, known, true)."""
    shown = {ms // 1000 - NOON_S for ms, _ in published}
    at = {one.at_s: one for one in told}
    wrong = []
    for number, wh in enumerate(metered.wh):
        start, end = number * SLOT_S, (number + 1) * SLOT_S
        if wh is None or not {start, end} <= shown:
            continue
        same = at[start].meter == at[end].meter
        true_wh = at[end].true_wh - at[start].true_wh if same else None
        if wh != true_wh:
            wrong.append((number, wh, true_wh))
    return wrong


def false_values(told: Sequence[Told], published: Sequence[tuple[int, int]]) -> list[int]:
    """Return published values that the device's own counter did not show."""
    true = {(NOON_S + one.at_s) * 1000: one.true_wh for one in told}
    return [wh for ms, wh in published if true[ms] != wh]


def samples_of(deltas: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return (second, value) of (seconds since the one before, value)."""
    deltas = list(deltas)
    return list(zip(accumulate(s for s, _ in deltas), (wh for _, wh in deltas), strict=True))
