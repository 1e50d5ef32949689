"""When something was measured: wall time, monotonic time, the boot it belongs to, and trust.

Notices when the wall clock steps against the monotonic one; changes no clock.
"""

import uuid
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from collector.clock import Clock, VirtualClock
from collector.clock_trust import AlwaysTrusted, Trust
from collector.reading import milliseconds

STEP_MS = 2_000
"""A wall clock that moves this far against the monotonic one was set."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Moment(NamedTuple):
    """One moment on both clocks."""

    taken_at: datetime
    mono_ms: int
    boot: str
    trusted: bool

    @property
    def offset_ms(self) -> int:
        """Return what the wall clock says beyond the monotonic one."""
        return milliseconds(self.taken_at) - self.mono_ms


class Moments:
    """Gives moments, and tells of each step once."""

    def __init__(self, clock: Clock, boot: str, trust: Trust | None = None) -> None:
        """Take the clock, the boot it belongs to, and whom to ask whether it is right."""
        self.clock, self.boot = clock, boot
        self._trust = trust or AlwaysTrusted()
        self._lock = Lock()
        self._offset_ms: int | None = None
        self._events: list[str] = []

    def now(self) -> Moment:
        """Return this moment."""
        mono_ms = int(self.clock.monotonic_s() * 1_000)
        moment = Moment(self.clock.now(), mono_ms, self.boot, self._trust.is_trusted())
        with self._lock:
            before_ms, self._offset_ms = self._offset_ms, moment.offset_ms
            if before_ms is not None and abs(moment.offset_ms - before_ms) > STEP_MS:
                self._events.append(f"clock step {(moment.offset_ms - before_ms) / 1_000:+.3f} s")
        return moment

    def take_events(self) -> list[str]:
        """Return the steps since the last time somebody asked."""
        with self._lock:
            events, self._events = self._events, []
        return events


def boot_of(clock: Clock) -> str:
    """Return the id of the boot that the monotonic clock belongs to."""
    if isinstance(clock, VirtualClock) and clock.boot:
        return clock.boot
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return str(uuid.uuid4())
