"""What sharing needs of the measurements, and nothing more.

The stores of the collector satisfy this by their shape; neither side imports the other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

Counter = tuple[str, str]
"""One energy counter: (device, quantity), counting Wh."""

STORE_SLOT_S = 900
"""Length of the slots by which the stores keep edges."""


class Edge(NamedTuple):
    """First and last sample of one counter inside one slot; whole Wh, milliseconds since 1970."""

    slot_start_s: int
    first_ms: int
    first_wh: int
    last_ms: int
    last_wh: int
    falls: int
    """Whether the counter went backwards inside the slot: 1 or 0."""


EdgeRow = tuple[int, int, int, int, int, int]
"""An `Edge` as stores answer it: a year of many counters has millions, so they are plain tuples."""


class Changes(Protocol):
    """Slots that got new samples."""

    @property
    def slot_starts_s(self) -> Sequence[int]:
        """Starts of the slots."""
        ...

    @property
    def version(self) -> int:
        """What to ask after next time."""
        ...


class CounterReadings(Protocol):
    """Where counters are read from."""

    def edges(
        self, counters: Sequence[Counter], start: datetime, end: datetime
    ) -> Mapping[Counter, Sequence[EdgeRow]]:
        """Return the edges of [start, end) and the nearest one on either side."""
        ...

    def changed_slots(self, after_version: int, limit: int = 10_000) -> Changes:
        """Return slots that got samples after a version."""
        ...
