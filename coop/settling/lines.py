"""From counters to the lines of slots: reads what is needed of the measurements, decides nothing.

How energy is metered and shared is decided in `intervals` and `allocation`.
"""

from collections.abc import Mapping, Sequence

from coop.members.community import Community
from coop.metering.intervals import Limits, Span, meter_slots, starts_in_doubt
from coop.metering.readings import STORE_SLOT_S, Counter, CounterReadings, Edge, EdgeRow
from coop.settings import CoopSettings
from coop.settling.segment import Segment, SlotLine
from coop.slots import moment_of

Edges = Mapping[Counter, Sequence[EdgeRow]]


class Metering:
    """Makes the lines of slots in which one key and the same meters hold."""

    def __init__(self, readings: CounterReadings, settings: CoopSettings) -> None:
        self.readings = readings
        self.limits = Limits(
            max_gap_ms=settings.max_gap_minutes * 60_000, max_power_w=settings.max_meter_kw * 1_000
        )
        self.reach_s = settings.max_gap_minutes * 60 + max(settings.slot_s, STORE_SLOT_S)

    def lines(
        self, chunk: range, community: Community, edges: Edges | None = None, *, is_final: bool
    ) -> list[SlotLine]:
        """Settle the slots of a chunk; `edges` spare reading them, see `edges`."""
        segment = Segment(community, chunk.start, is_final=is_final)
        found = self.edges(segment.counters, chunk) if edges is None else edges
        span = Span(chunk.start, chunk.step, len(chunk))
        metered = {
            counter: meter_slots(
                found.get(counter, ()), span, self.limits, community.manual_of(counter)
            )
            for counter in segment.counters
        }
        return segment.lines(span, metered)

    def edges(self, counters: Sequence[Counter], chunk: range) -> dict[Counter, Sequence[EdgeRow]]:
        """Return all edges that the energy of some slots rests on."""
        start, end = moment_of(chunk.start - self.reach_s), moment_of(chunk.stop + self.reach_s)
        found = self.readings.edges(counters, start, end)
        return {counter: self._from_certainty(counter, held) for counter, held in found.items()}

    def _from_certainty(self, counter: Counter, edges: Sequence[EdgeRow]) -> Sequence[EdgeRow]:
        """Reach back until it is certain whether zeros at the start can be believed."""
        back_s = 86_400
        while starts_in_doubt(edges):
            first_s = Edge._make(edges[0]).slot_start_s
            window = moment_of(max(first_s - back_s, 0)), moment_of(first_s)
            found = self.readings.edges([counter], *window).get(counter, ())
            earlier = [row for row in found if Edge._make(row).slot_start_s < first_s]
            if not earlier:
                break
            edges, back_s = [*earlier, *edges], back_s * 4
        return edges
