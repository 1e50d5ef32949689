"""Judges what one energy counter says next: good, or withheld with a reason, or a new beginning.

Knows one counter's past and how fast it can count; knows neither registers nor devices.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

GAP_MS = 61 * 60_000
"""Longer than any slot and than any silence across which sharing believes a counter."""
LAG_MS = 60_000
"""How far a register may lag behind what it counts: many are renewed once a minute."""
RISES = 3
"""So many rising values confirm a new beginning; exact zeros never do."""
MIDNIGHT = timedelta(minutes=30)
"""How far from midnight a daily counter may begin again."""
FOREIGN_MS = 24 * 3_600_000
"""How long a neighbour that fell silent is still looked for in other devices' counters."""


class Reason(StrEnum):
    """Why a counter's value is withheld."""

    TOO_FAST = "too_fast"
    ZERO = "zero"
    FALLING = "falling"
    FOREIGN = "foreign"


class Sample(NamedTuple):
    """What a register says at one moment; `step_wh` is what it counts in."""

    value_wh: Decimal
    step_wh: Decimal
    taken_at: datetime
    at_ms: int


@dataclass(frozen=True, slots=True)
class Nature:
    """What can be true of a counter: its largest power, how often it begins again, where."""

    max_power_w: int
    raw_values: int | None = None
    """How many values the register has, if it begins again at zero behind the last."""
    zone: ZoneInfo | None = None
    """Where it is midnight, if it is a daily counter."""

    def most_wh(self, elapsed_ms: int) -> Decimal:
        """Return what can be counted in a time: an eighth more than the largest power allows.

        With the lag of a minute that is a fifth more in a slot of 15 minutes, never beyond.
        """
        return Decimal(self.max_power_w * max(elapsed_ms, 0) * 9) / 28_800_000


class Base(NamedTuple):
    """The last good value, what had been counted then at most, and when it last rose.

    `seen_ms` is None when another process saw it; then wall times tell how long ago that was.
    """

    value_wh: Decimal
    ceiling_wh: Decimal
    rose_at: datetime
    seen_at: datetime
    seen_ms: int | None

    def elapsed_ms(self, sample: Sample) -> int:
        """Return how long ago the value was seen last."""
        if self.seen_ms is not None:
            return sample.at_ms - self.seen_ms
        return (sample.taken_at - self.seen_at) // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a value may be used, or why not; a new beginning says what happened."""

    reason: Reason | None = None
    event: str = ""


GOOD = Verdict()


@dataclass(slots=True)
class _Candidate:
    """A series of values that do not go on from the last good one, but from each other."""

    base: Base
    rises: int = 1


class Counter:
    """One counter of one device."""

    def __init__(self, nature: Nature, base: Base | None = None) -> None:
        """Go on from what is known of it, if anything is."""
        self.nature, self.base = nature, base
        self._good_ms: int | None = None
        self._candidate: _Candidate | None = None

    def judge(self, sample: Sample, is_foreign: Callable[[Sample], bool]) -> Verdict:
        """Say whether a value may be used; samples come in order of time."""
        if self._good_ms is None:
            # When the last process published its last value is not known: it may be just now.
            self._good_ms = sample.at_ms
        verdict = self._judge(sample, is_foreign)
        if verdict.reason is None:
            self._good_ms, self._candidate = sample.at_ms, None
        return verdict

    def is_anothers(self, sample: Sample, is_foreign: Callable[[Sample], bool]) -> bool:
        """Say whether a value does not go on from the last one, and does from a neighbour's."""
        base = self.base
        if base is None or not sample.value_wh or sample.value_wh == base.value_wh:
            return False
        if self._begins_a_day(base, sample):
            return False
        return _go_on(base, self.nature, sample) is None and is_foreign(sample)

    def may_say(self, sample: Sample) -> bool:
        """Say whether this counter could show such a value now."""
        base = self.base
        if base is None or not base.value_wh:
            return False
        elapsed_ms = base.elapsed_ms(sample)
        return elapsed_ms <= FOREIGN_MS and _go_on(base, self.nature, sample) is not None

    def _judge(self, sample: Sample, is_foreign: Callable[[Sample], bool]) -> Verdict:
        base = self.base
        if base is None or self._begins_a_day(base, sample):
            self.base = _begin(self.nature, sample)
            return GOOD
        if not sample.value_wh and base.value_wh:
            return Verdict(Reason.ZERO)
        if (next_base := _go_on(base, self.nature, sample)) is not None:
            self.base = next_base
            return GOOD
        reason = Reason.TOO_FAST if sample.value_wh > base.value_wh else Reason.FALLING
        if is_foreign(sample):
            self._candidate = None
            return Verdict(Reason.FOREIGN)
        if base.value_wh - sample.step_wh < sample.value_wh < base.value_wh:
            # A scale factor that changed cuts digits off: the counter will be past this soon.
            return Verdict(reason)
        return self._consider(base, sample, reason)

    def _begins_a_day(self, base: Base, sample: Sample) -> bool:
        """Say whether a daily counter fell because a day began since it last rose."""
        zone = self.nature.zone
        if zone is None or sample.value_wh >= base.value_wh:
            return False
        day = (sample.taken_at + MIDNIGHT).astimezone(zone)
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
        first_ms = (sample.taken_at - midnight + MIDNIGHT) // timedelta(milliseconds=1)
        if base.rose_at >= midnight + MIDNIGHT:
            return False
        return sample.value_wh <= sample.step_wh + self.nature.most_wh(first_ms)

    def _consider(self, base: Base, sample: Sample, reason: Reason) -> Verdict:
        is_rolled_over = self._is_rolled_over(base, sample)
        self._follow(sample)
        is_confirmed = is_rolled_over or (self._candidate and self._candidate.rises >= RISES)
        if not is_confirmed or not self._is_visible(base, sample):
            return Verdict(reason)
        self.base = _begin(self.nature, sample)
        old, new = (format(one.normalize(), "f") for one in (base.value_wh, sample.value_wh))
        word = "rollover" if is_rolled_over else "replaced"
        return Verdict(event=f"{word} {old} by {new}")

    def _follow(self, sample: Sample) -> None:
        one = self._candidate
        next_base = None if one is None else _go_on(one.base, self.nature, sample)
        if one is None or next_base is None:
            self._candidate = _Candidate(_begin(self.nature, sample))
            return
        one.rises += next_base.value_wh > one.base.value_wh
        one.base = next_base

    def _is_rolled_over(self, base: Base, sample: Sample) -> bool:
        if self.nature.raw_values is None or sample.value_wh > base.value_wh:
            return False
        beyond_wh = sample.value_wh + self.nature.raw_values * sample.step_wh
        return beyond_wh <= base.ceiling_wh + self.nature.most_wh(base.elapsed_ms(sample))

    def _is_visible(self, base: Base, sample: Sample) -> bool:
        """Say whether a new beginning now cannot be taken for energy by whoever reads on.

        A fall is seen unless the counter can climb back within a slot; a leap is never seen, so
        both wait until the silence since the last good value is too long to be believed.
        """
        climbed_wh = sample.value_wh + sample.step_wh + self.nature.most_wh(GAP_MS)
        return climbed_wh < base.value_wh or sample.at_ms - (self._good_ms or 0) >= GAP_MS


def _begin(nature: Nature, sample: Sample) -> Base:
    ceiling_wh = sample.value_wh + sample.step_wh + nature.most_wh(LAG_MS)
    return Base(sample.value_wh, ceiling_wh, sample.taken_at, sample.taken_at, sample.at_ms)


def _go_on(base: Base, nature: Nature, sample: Sample) -> Base | None:
    """Return the base that a value makes of the last one, or None when it does not follow."""
    if sample.value_wh < base.value_wh:
        return None
    # The ceiling stays over the sum of all rises, so that small ones do not add up to a fast one.
    ceiling_wh = base.ceiling_wh + nature.most_wh(base.elapsed_ms(sample))
    if sample.value_wh == base.value_wh:
        rose_at = base.rose_at
    elif sample.value_wh <= ceiling_wh:
        rose_at = sample.taken_at
    else:
        return None
    begun = _begin(nature, sample)
    ceiling_wh = min(ceiling_wh, begun.ceiling_wh)
    return Base(begun.value_wh, ceiling_wh, rose_at, begun.seen_at, begun.seen_ms)
