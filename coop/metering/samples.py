"""The samples of one counter, and which of them can be believed.

Knows edges only. What is left out here is neither energy nor a reset.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from coop.metering.readings import Edge, EdgeRow


@dataclass(slots=True)
class Sample:
    """What a counter said at one moment, and the slot of the store that holds it."""

    slot_start_s: int
    at_ms: int
    wh: int


def has_fall(edges: Sequence[EdgeRow]) -> bool:
    """Say whether a counter went backwards anywhere."""
    prev_wh = 0
    for _, _, first_wh, _, last_wh, falls in edges:
        if first_wh < prev_wh or falls:
            return True
        prev_wh = last_wh
    return False


def believable(edges: Sequence[EdgeRow]) -> Sequence[EdgeRow]:
    """Leave out zeros after the counter has counted, and lone samples between two that agree.

    Neither is a reset: an inverter says zero at night and on waking, a glitch lasts one sample.
    """
    samples = list(without_zeros(samples_of(edges)))
    kept = [
        sample
        for index, sample in enumerate(samples)
        if not 0 < index < len(samples) - 1
        or not _is_lone(samples[index - 1].wh, sample.wh, samples[index + 1].wh)
    ]
    return list(edges_of(kept, hidden_falls(edges)))


def samples_of(edges: Sequence[EdgeRow]) -> Iterator[Sample]:
    """Yield the first and the last sample of each slot."""
    for edge in map(Edge._make, edges):
        yield Sample(edge.slot_start_s, edge.first_ms, edge.first_wh)
        if (edge.last_ms, edge.last_wh) != (edge.first_ms, edge.first_wh):
            yield Sample(edge.slot_start_s, edge.last_ms, edge.last_wh)


def without_zeros(samples: Iterator[Sample]) -> Iterator[Sample]:
    """Leave out the zeros that come after a counter has counted."""
    has_counted = False
    for sample in samples:
        has_counted = has_counted or sample.wh > 0
        if sample.wh or not has_counted:
            yield sample


def hidden_falls(edges: Sequence[EdgeRow]) -> set[int]:
    """Return the slots in which a counter fell between two samples that do not show it."""
    found = map(Edge._make, edges)
    return {one.slot_start_s for one in found if one.falls and one.last_wh >= one.first_wh}


def edges_of(samples: Sequence[Sample], hidden: set[int]) -> Iterator[Edge]:
    """Yield the edges of samples in order of time; `hidden` are slots with a fall between them."""
    for slot_start_s, group in groupby(samples, key=attrgetter("slot_start_s")):
        first, *rest = group
        last = rest[-1] if rest else first
        falls = last.wh < first.wh or slot_start_s in hidden
        yield Edge(slot_start_s, first.at_ms, first.wh, last.at_ms, last.wh, falls)


def _is_lone(before_wh: int, wh: int, after_wh: int) -> bool:
    return before_wh <= after_wh and not before_wh <= wh <= after_wh
