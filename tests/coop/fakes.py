"""Counters held in memory, seen the way a store shows them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from coop.metering.readings import Counter

STORE_SLOT_S = 900


class FakeEdge(NamedTuple):
    """First and last sample of a slot."""

    slot_start_s: int
    first_ms: int
    first_wh: int
    last_ms: int
    last_wh: int
    falls: bool


class FakeChanges(NamedTuple):
    """Slots that got samples."""

    slot_starts_s: tuple[int, ...]
    version: int


Sample = tuple[int, int]
"""(milliseconds since 1970, Wh)"""


def edges_of(samples: Iterable[Sample]) -> list[FakeEdge]:
    """Return the edges of the samples of one counter, in whatever order they come."""
    slots: dict[int, list[Sample]] = {}
    for sample in sorted(samples):
        slots.setdefault(sample[0] // 1000 // STORE_SLOT_S * STORE_SLOT_S, []).append(sample)
    return [
        FakeEdge(start_s, *held[0], *held[-1], held[-1][1] < held[0][1])
        for start_s, held in sorted(slots.items())
    ]


class FakeCounterReadings:
    """Satisfies `coop.metering.readings.CounterReadings`."""

    def __init__(self) -> None:
        """Begin without samples."""
        self.samples: dict[Counter, set[Sample]] = {}
        self._changes: list[int] = []
        self._edges: dict[Counter, list[FakeEdge]] = {}

    def add(self, counter: Counter, *samples: Sample) -> None:
        """Take samples, in any order, at any time."""
        self.samples.setdefault(counter, set()).update(samples)
        self._edges.pop(counter, None)
        touched = {sample[0] // 1000 // STORE_SLOT_S * STORE_SLOT_S for sample in samples}
        self._changes.extend(sorted(touched))

    def edges(
        self, counters: Sequence[Counter], start: datetime, end: datetime
    ) -> Mapping[Counter, Sequence[FakeEdge]]:
        """Return the edges of [start, end) and the nearest one on either side."""
        start_s, end_s = start.timestamp(), end.timestamp()
        found = {}
        for counter in counters:
            if counter not in self.samples:
                continue
            if counter not in self._edges:
                self._edges[counter] = edges_of(self.samples[counter])
            held = self._edges[counter]
            before = [edge for edge in held if edge.slot_start_s < start_s][-1:]
            inside = [edge for edge in held if start_s <= edge.slot_start_s < end_s]
            after = [edge for edge in held if edge.slot_start_s >= end_s][:1]
            found[counter] = before + inside + after
        return found

    def changed_slots(self, after_version: int, limit: int = 10_000) -> FakeChanges:
        """Return slots that got samples after a version."""
        news = self._changes[after_version : after_version + limit]
        latest = dict.fromkeys(reversed(news))
        return FakeChanges(tuple(reversed(latest)), after_version + len(news))
