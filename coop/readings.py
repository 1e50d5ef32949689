"""What sharing needs of the measurements, and nothing more.

The stores of the collector satisfy this by their shape; neither side imports the other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

Counter = tuple[str, str]
"""One energy counter: (device, quantity), counting Wh."""

STORE_SLOT_S = 900
"""Length of the slots by which the stores keep edges."""


class Edge(Protocol):
    """First and last sample of one counter inside one slot; whole Wh, milliseconds since 1970."""

    @property
    def slot_start_s(self) -> int:
        """Start of the slot, seconds since 1970."""
        ...

    @property
    def first_ms(self) -> int:
        """When the first sample was taken."""
        ...

    @property
    def first_wh(self) -> int:
        """What the counter said first."""
        ...

    @property
    def last_ms(self) -> int:
        """When the last sample was taken."""
        ...

    @property
    def last_wh(self) -> int:
        """What the counter said last."""
        ...

    @property
    def falls(self) -> bool:
        """Whether the counter went backwards inside the slot."""
        ...


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
    ) -> Mapping[Counter, Sequence[Edge]]:
        """Return the edges of [start, end) and the nearest one on either side."""
        ...

    def changed_slots(self, after_version: int, limit: int = 10_000) -> Changes:
        """Return slots that got samples after a version."""
        ...
