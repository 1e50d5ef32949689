"""What every store of readings promises.

A store keeps each accepted reading once, under its identity, and never changes it. Beside the
readings it keeps two things that can be rebuilt from them: the edges of each counter in each slot,
and which slots changed, so that settling never walks raw readings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from collector.reading import AcceptedReading, Identity, Reading

SLOT_S = 900
"""Length of the slots by which edges are kept."""


Counter = tuple[str, str]
"""One energy counter: (device, quantity); the quantity ends in `_total` and counts Wh."""


class Edge(NamedTuple):
    """First and last sample of one counter inside one slot; whole Wh (floored), UTC.

    Earlier means smaller (taken_at, seq). Samples of untrusted time and withheld values are absent.
    """

    slot_start_s: int
    first_ms: int
    first_wh: int
    last_ms: int
    last_wh: int
    falls: bool
    """Whether the counter went backwards inside the slot, as far as its first and last show."""


EdgeRow = tuple[int, int, int, int, int, int]
"""An `Edge` as stores answer it: a year of many counters has millions, so they are plain tuples."""


class SlotChanges(NamedTuple):
    """Slots that got new samples since a version, oldest change first."""

    slot_starts_s: tuple[int, ...]
    version: int


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What one write did.

    `conflicts` came with a different content under a stored identity: the stored one stays, and
    the caller quarantines the newcomer and raises the alarm.
    """

    new: int
    repeated: int
    conflicts: tuple[AcceptedReading, ...]


@dataclass(frozen=True, slots=True)
class LastReading:
    """The newest reading of a device by (taken_at, seq)."""

    identity: Identity
    reading: Reading


class ReadingStore(Protocol):
    """Keep readings for ever and give them back exactly."""

    def write(self, readings: Sequence[AcceptedReading]) -> WriteResult:
        """Store a batch durably, all or nothing; raise UnreachableError when it cannot be done now.

        Returns only when everything that is neither repeated nor in conflict survives a power cut.
        """
        ...

    def readings(self, device: str, start: datetime, end: datetime) -> Iterator[AcceptedReading]:
        """Yield a device's readings of [start, end) by (taken_at, seq)."""
        ...

    def last(self, devices: Sequence[str]) -> Mapping[str, LastReading]:
        """Return the newest reading of each device that has one."""
        ...

    def edges(
        self, counters: Sequence[Counter], start: datetime, end: datetime
    ) -> Mapping[Counter, Sequence[EdgeRow]]:
        """Return each counter's edges of the slots in [start, end), oldest first.

        The nearest edge before `start` and the nearest after `end` are included where they exist,
        so that a border can be interpolated. A counter without samples is absent.
        """
        ...

    def changed_slots(self, after_version: int, limit: int = 10_000) -> SlotChanges:
        """Return slots that got samples after a version; start with 0."""
        ...

    def stored_seqs(self, collector: str, epoch: str, above: int) -> Iterator[int]:
        """Yield the sequence numbers stored above `above`, ascending."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
