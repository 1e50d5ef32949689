"""Counter edges become whole watt-hours per slot, with a quality mark.

Knows samples and slots only. Missing is never zero; a reset, a spike or a gap never becomes energy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from operator import sub

from coop.metering.manual import ManualReading, add_manual
from coop.metering.readings import Edge, EdgeRow
from coop.metering.samples import believable


class Quality(StrEnum):
    """How an amount of energy came to be known; the best first."""

    MEASURED = "measured"
    INTERPOLATED = "interpolated"
    ESTIMATED = "estimated"
    MANUAL = "manual"
    MISSING = "missing"


class Flag(StrEnum):
    """Why an amount of energy is missing."""

    GAP = "gap"
    REGISTER_RESET = "register_reset"
    IMPLAUSIBLE_RISE = "implausible_rise"


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each, compared in the hot path
class Mark:
    """The quality of one slot and, where energy is missing, the reason."""

    quality: Quality
    flag: Flag | None = None


MEASURED = Mark(Quality.MEASURED)
INTERPOLATED = Mark(Quality.INTERPOLATED)
ESTIMATED = Mark(Quality.ESTIMATED)
MANUAL = Mark(Quality.MANUAL)
GAP = Mark(Quality.MISSING, Flag.GAP)
REGISTER_RESET = Mark(Quality.MISSING, Flag.REGISTER_RESET)
IMPLAUSIBLE_RISE = Mark(Quality.MISSING, Flag.IMPLAUSIBLE_RISE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is believed of a counter between two samples."""

    max_gap_ms: int = 30 * 60_000
    near_ms: int = 2 * 60_000
    """A border is measured when samples stand this close on both sides."""
    max_power_w: int = 1_000_000
    idle_wh: int = 200
    """A counter that rose no more than this in a longer silence was at rest in it."""
    jump_wh: int = 1_000
    """A rise of this much is believed at any speed: counters may count in steps of 1 kWh."""

    def is_plausible(self, rise_wh: int, gap_ms: int) -> bool:
        """Say whether a counter can have risen this much in this time."""
        return (rise_wh - self.jump_wh) * _MS_AN_HOUR <= self.max_power_w * gap_ms


@dataclass(frozen=True, slots=True)
class Span:
    """`count` slots of `slot_s` seconds, the first of which starts at `start_s`."""

    start_s: int
    slot_s: int
    count: int


@dataclass(frozen=True, slots=True)
class Metered:
    """What one counter says about each slot of a span: two columns of the same length.

    `wh` is None exactly where the mark says missing.
    """

    wh: list[int | None]
    marks: list[Mark]


def meter_slots(
    edges: Sequence[EdgeRow], span: Span, limits: Limits, manual: Sequence[ManualReading] = ()
) -> Metered:
    """Return the energy of each slot of the span: the border at its end less the one at its start.

    `edges` are ascending, reach at least the longest gap beyond both ends of the span, and begin
    with the counter's first sample ever or one that is not zero (see `starts_in_doubt`). `manual`
    are all that a steward read off this counter.
    """
    stretches: Sequence[tuple[int, int]] = ()
    if manual:
        edges, stretches = add_manual(edges, manual)
    borders = _walked(edges, span, limits)
    if borders.has_fall:
        borders = _walked(believable(edges), span, limits)
    borders.note_manual(stretches)
    return borders.differences()


def starts_in_doubt(edges: Sequence[EdgeRow]) -> bool:
    """Say whether it takes earlier samples to know if the zeros at the start can be believed."""
    return bool(edges) and Edge._make(edges[0]).first_wh == 0


_MS = 1_000
_MS_AN_HOUR = 3_600_000


def _walked(edges: Sequence[EdgeRow], span: Span, limits: Limits) -> "_Borders":
    borders = _Borders(span, limits)
    borders.walk(edges)
    return borders


class _Borders:
    """The counter's value at each border of a span, as far as it is known."""

    def __init__(self, span: Span, limits: Limits) -> None:
        self.span = span
        self.limits = limits
        self.values: list[int | None] = [None] * (span.count + 1)
        self.near = bytearray(span.count + 1)
        self.manual: set[int] = set()
        self.estimated: set[int] = set()
        self.broken: dict[int, Mark] = {}
        self.has_fall = False

    def walk(self, edges: Sequence[EdgeRow]) -> None:
        # The hot path: one turn per counter and slot.
        start_s, slot_s, count = self.span.start_s, self.span.slot_s, self.span.count
        max_gap_ms, near_ms = self.limits.max_gap_ms, self.limits.near_ms
        jump_wh, values, near = self.limits.jump_wh, self.values, self.near
        prev_index: int | None = None
        prev_ms = prev_wh = 0
        for edge_s, first_ms, first_wh, last_ms, last_wh, falls in edges:
            index, beside_s = divmod(edge_s - start_s, slot_s)
            is_border = not beside_s and 0 <= index <= count
            if is_border and first_ms == edge_s * _MS:
                values[index] = first_wh
                near[index] = 1
                is_border = False
            if prev_index is not None:
                gap_ms, rise_wh = first_ms - prev_ms, first_wh - prev_wh
                if is_border and gap_ms <= max_gap_ms:
                    before_ms = edge_s * _MS - prev_ms
                    values[index] = prev_wh + rise_wh * before_ms // gap_ms
                    near[index] = before_ms <= near_ms and gap_ms - before_ms <= near_ms
                if rise_wh < 0 or rise_wh > jump_wh:
                    self._distrust(prev_ms, first_ms, rise_wh)
                if gap_ms > max_gap_ms:
                    self._rest_between((prev_ms, prev_wh), (first_ms, first_wh))
                elif index != prev_index and (beside_s or index != prev_index + 1):
                    self._fill_between((prev_ms, prev_wh), (first_ms, first_wh))
            prev_index, prev_ms, prev_wh = index, last_ms, last_wh
            inner_wh = last_wh - first_wh
            if falls or inner_wh < 0 or inner_wh > jump_wh:
                self._distrust(first_ms, last_ms, -1 if falls else inner_wh)

    def note_manual(self, stretches: Sequence[tuple[int, int]]) -> None:
        """Remember the slots that rest on what was told by hand."""
        start_ms, slot_ms, count = self.span.start_s * _MS, self.span.slot_s * _MS, self.span.count
        for first_ms, last_ms in stretches:
            first = (first_ms - start_ms) // slot_ms
            beyond = -((start_ms - last_ms) // slot_ms)
            if first_ms == last_ms or beyond - first > 1:  # else no border lies between
                self.manual.update(range(max(first, 0), min(max(beyond, first + 1), count)))

    def differences(self) -> Metered:
        near, count = self.near, self.span.count
        if (
            None not in self.values
            and near.count(1) == count + 1
            and not (self.broken or self.estimated or self.manual)
        ):
            known: list[int] = self.values  # type: ignore[assignment]  # no None is in it
            return Metered(list(map(sub, known[1:], known)), [MEASURED] * count)
        wh: list[int | None] = []
        marks: list[Mark] = []
        for index, (start_wh, end_wh) in enumerate(pairwise(self.values)):
            if start_wh is None or end_wh is None:
                wh.append(None)
                marks.append(GAP)
            else:
                wh.append(end_wh - start_wh)
                marks.append(MEASURED if near[index] and near[index + 1] else INTERPOLATED)
        for indexes, mark in ((self.manual, MANUAL), (self.estimated, ESTIMATED)):
            for index in indexes:
                if wh[index] is not None:
                    marks[index] = mark
        for index, mark in self.broken.items():
            wh[index], marks[index] = None, mark
        return Metered(wh, marks)

    def _fill_between(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        """Interpolate the borders that lie strictly between two samples with no edge at them."""
        before_ms, before_wh = before
        gap_ms, rise_wh = after[0] - before_ms, after[1] - before_wh
        start_ms, slot_ms = self.span.start_s * _MS, self.span.slot_s * _MS
        for index in self._borders_between(before_ms, after[0]):
            since_ms = start_ms + index * slot_ms - before_ms
            self.values[index] = before_wh + rise_wh * since_ms // gap_ms

    def _rest_between(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        """Let a counter rest in a long silence that it came out of as it went in.

        An inverter is off at night. What little it counted belongs to the slot in which it is seen
        again; all slots of the silence are estimated then, for it may lie in any of them.
        """
        before_ms, before_wh = before
        rise_wh = after[1] - before_wh
        if not 0 <= rise_wh <= self.limits.idle_wh:
            return
        borders = self._borders_between(before_ms, after[0])
        for index in borders:
            self.values[index] = before_wh
        if rise_wh and borders:
            touched = range(max(borders.start - 1, 0), min(borders.stop, self.span.count))
            self.estimated.update(touched)

    def _borders_between(self, before_ms: int, after_ms: int) -> range:
        """Return the borders of the span strictly between two moments."""
        start_ms, slot_ms = self.span.start_s * _MS, self.span.slot_s * _MS
        first = max((before_ms - start_ms) // slot_ms + 1, 0)
        return range(first, min(-((start_ms - after_ms) // slot_ms), self.span.count + 1))

    def _distrust(self, before_ms: int, after_ms: int, rise_wh: int) -> None:
        self.has_fall = self.has_fall or rise_wh < 0
        if rise_wh >= 0 and self.limits.is_plausible(rise_wh, after_ms - before_ms):
            return
        mark = REGISTER_RESET if rise_wh < 0 else IMPLAUSIBLE_RISE
        start_ms, slot_ms = self.span.start_s * _MS, self.span.slot_s * _MS
        first = (before_ms - start_ms) // slot_ms
        beyond = max(-((start_ms - after_ms) // slot_ms), first + 1)
        if beyond - first > 1 and after_ms - before_ms > self.limits.max_gap_ms:
            return  # the slots between are a gap, whatever the counter did in it
        for index in range(max(first, 0), min(beyond, self.span.count)):
            if self.broken.get(index) is not REGISTER_RESET:
                self.broken[index] = mark
