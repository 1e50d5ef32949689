"""From the store's edges to the energy of slots, as the cooperative does it."""

from collections.abc import Mapping, Sequence

from collector.stores.protocol import EdgeRow
from coop.metering.intervals import Limits, Span, meter_slots
from tests.collector.walk.collector_box import WH_A_TICK
from tests.collector.walk.times import TICK_MS
from tests.collector.walk.truth import SLOT_S

SLOT_WH = SLOT_S * 1_000 // TICK_MS * WH_A_TICK
"""Every counter rises evenly: so much in every slot, however it was sampled."""

FlatEdges = dict[tuple[str, int], tuple[int, int, int, int]]


def flat(found: Mapping[tuple[str, str], Sequence[EdgeRow]]) -> FlatEdges:
    """Return (first ms, Wh, last ms, Wh) by device and slot."""
    return {
        (device, slot_start_s): (first_ms, first_wh, last_ms, last_wh)
        for (device, _), edges in found.items()
        for slot_start_s, first_ms, first_wh, last_ms, last_wh, _ in edges
    }


def count_slots(edges: Sequence[EdgeRow]) -> int:
    """Return how many slots have a known energy; each must be the true one."""
    if not edges:
        return 0
    first_s, last_s = edges[0][0], edges[-1][0]
    span = Span(first_s, SLOT_S, (last_s - first_s) // SLOT_S + 1)
    known = [wh for wh in meter_slots(edges, span, Limits()).wh if wh is not None]
    assert set(known) <= {SLOT_WH}, f"slots of {set(known)} Wh"
    return len(known)
