"""The true time of a walk, and the clocks of its machines, which may be wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON_MS = 1_772_384_400_000
"""2026-03-01, 17:00 UTC."""
TICK_MS = 125
"""An eighth of a second: what a float keeps exactly."""


@dataclass
class TrueTime:
    """What an observer beside the machines knows; never runs backwards."""

    at_ms: int = NOON_MS

    def now(self) -> datetime:
        return EPOCH + timedelta(milliseconds=self.at_ms)

    def timer_s(self) -> float:
        return self.at_ms / 1_000


@dataclass
class BoxClock:
    """The clock of one machine since its last start; also says whether it is right."""

    time: TrueTime
    booted_ms: int
    error_ms: int = 0
    trusted: bool = True

    @property
    def offset_ms(self) -> int:
        """Return what the wall clock says beyond the monotonic one."""
        return self.booted_ms + self.error_ms

    def now(self) -> datetime:
        return EPOCH + timedelta(milliseconds=self.time.at_ms + self.error_ms)

    def monotonic_s(self) -> float:
        return (self.time.at_ms - self.booted_ms) / 1_000

    def wait_until(self, stop: Event, at_s: float) -> bool:
        self.time.at_ms += max(round((at_s - self.monotonic_s()) * 1_000), 0)
        return stop.is_set()

    def is_trusted(self) -> bool:
        return self.trusted

    def gain_trust(self) -> None:
        """Let a time service set the clock."""
        if not self.trusted:
            self.error_ms, self.trusted = 0, True
