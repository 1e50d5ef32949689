"""What a steward read off a counter by hand, laid among its samples. Pure.

A change-over tells two values of one moment: the old meter's last and the new one's first. What
the counter says afterwards is raised by their difference, so that it goes on as one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from coop.metering.readings import STORE_SLOT_S, Counter, EdgeRow
from coop.metering.samples import (
    Sample,
    edges_of,
    has_fall,
    hidden_falls,
    samples_of,
    without_zeros,
)

Stretch = tuple[int, int]
"""From one millisecond to another; what lies between them rests on a manual reading."""


@dataclass(frozen=True, slots=True)
class ManualReading:
    """What a counter said at a moment, told by a person."""

    counter: Counter
    at_s: int
    wh: int
    anew_wh: int | None = None
    """What the counter began with again at the same moment, where a meter was changed."""

    @property
    def at_ms(self) -> int:
        """Return the moment in milliseconds."""
        return self.at_s * 1_000

    @property
    def rise_wh(self) -> int:
        """Return by how much everything that the counter says afterwards is too low."""
        return 0 if self.anew_wh is None else self.wh - self.anew_wh


def add_manual(
    edges: Sequence[EdgeRow], manual: Sequence[ManualReading]
) -> tuple[Sequence[EdgeRow], list[Stretch]]:
    """Return edges with manual readings among them, and the stretches that rest on those.

    `manual` are of one counter, in order of time, one a moment.
    """
    told = {one.at_ms for one in manual}
    samples = [one for one in _raised(edges, manual) if one.at_ms not in told]
    samples += _told(manual)
    samples.sort(key=lambda one: one.at_ms)
    changed = {_slot_of(one.at_s) for one in manual if one.anew_wh is not None}
    found = list(edges_of(samples, hidden_falls(edges) - changed))
    return found, [*_stretches(samples, told), *_changes(manual)]


def _raised(edges: Sequence[EdgeRow], manual: Sequence[ManualReading]) -> Iterator[Sample]:
    """Yield samples as if no meter had been changed, zeros that are no values left out."""
    changes = [one for one in manual if one.anew_wh is not None]
    samples = list(samples_of(edges))
    rises_wh = [0, *accumulate(one.rise_wh for one in changes)]
    ends_ms = [*(one.at_ms for one in changes), None]
    start_ms, is_whole = 0, not has_fall(edges)
    for rise_wh, end_ms in zip(rises_wh, ends_ms, strict=True):
        held = [
            one
            for one in samples
            if start_ms <= one.at_ms and (end_ms is None or one.at_ms < end_ms)
        ]
        for one in held if is_whole else without_zeros(iter(held)):
            yield replace(one, wh=one.wh + rise_wh)
        start_ms = end_ms or 0


def _told(manual: Iterable[ManualReading]) -> Iterator[Sample]:
    rise_wh = 0
    for one in manual:
        yield Sample(_slot_of(one.at_s), one.at_ms, one.wh + rise_wh)
        rise_wh += one.rise_wh


def _stretches(samples: Sequence[Sample], told: set[int]) -> Iterator[Stretch]:
    """Yield from the sample before to the one after each that was told."""
    for place, one in enumerate(samples):
        if one.at_ms in told:
            before = samples[place - 1].at_ms if place else one.at_ms - 1
            after = samples[place + 1].at_ms if place + 1 < len(samples) else one.at_ms + 1
            yield before, after


def _changes(manual: Iterable[ManualReading]) -> Iterator[Stretch]:
    return ((one.at_ms, one.at_ms) for one in manual if one.anew_wh is not None)


def _slot_of(at_s: int) -> int:
    return at_s // STORE_SLOT_S * STORE_SLOT_S
