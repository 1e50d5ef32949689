"""Which settled slots a late sample may change: those near it and near the samples beside it.

Pure. It errs on the side of too many; a slot that comes out the same is not written again.
"""

from collections.abc import Iterable, Iterator, Sequence

from coop.metering.readings import STORE_SLOT_S, Edge, EdgeRow


def runs(slot_starts_s: Iterable[int], slot_s: int) -> Iterator[range]:
    """Yield the stretches of slots that follow each other, ascending."""
    ordered = sorted(set(slot_starts_s))
    first = 0
    for index in range(1, len(ordered) + 1):
        if index == len(ordered) or ordered[index] != ordered[index - 1] + slot_s:
            yield range(ordered[first], ordered[index - 1] + slot_s, slot_s)
            first = index


def rippled(
    rows: Sequence[EdgeRow], changed: range, reach_s: int
) -> Iterator[tuple[int, int | None]]:
    """Yield [start, end) stretches that new samples in `changed` may touch, for one counter.

    `rows` reach one edge beyond `changed` on both sides; an end of None means all that follows.
    """
    edges = [Edge._make(row) for row in rows]
    for index, edge in enumerate(edges):
        if edge.slot_start_s in changed:
            first = _back(edges, index - 1)
            last = _forward(edges, index + 1)
            # All of a silence before or behind may turn out to be rest.
            beyond = edges[min(last, len(edges) - 1)].slot_start_s + STORE_SLOT_S
            yield edges[first].slot_start_s - reach_s, beyond + reach_s
            if last == len(edges) and index + 1 < last:
                yield edge.slot_start_s, None


def around(rows: Sequence[EdgeRow], at_s: int, reach_s: int) -> tuple[int, int | None]:
    """Return the stretch [start, end) that a manual reading may touch, for one counter.

    `rows` reach one edge beyond the moment on both sides.
    """
    edges = [Edge._make(row) for row in rows]
    before = [one.slot_start_s for one in edges if one.slot_start_s <= at_s and not _is_zero(one)]
    after = [one.slot_start_s for one in edges if one.slot_start_s > at_s and not _is_zero(one)]
    start_s = max(before, default=at_s) - reach_s
    return start_s, min(after) + STORE_SLOT_S + reach_s if after else None


def _back(edges: Sequence[Edge], index: int) -> int:
    while index > 0 and _is_zero(edges[index]):
        index -= 1
    return max(index, 0)


def _forward(edges: Sequence[Edge], index: int) -> int:
    """Return the next edge that counts: zeros between may stand or fall with what comes before."""
    while index < len(edges) and _is_zero(edges[index]):
        index += 1
    return index


def _is_zero(edge: Edge) -> bool:
    return edge.first_wh == 0 and edge.last_wh == 0
