"""Whether the wall clock can be believed; decides nothing about what to do while it cannot.

A box without a battery clock starts with the time of its last shutdown. Until a time service has
set it, only the monotonic clock is right.
"""

import ctypes
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from collector.clock import Clock, VirtualClock

NEVER_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
"""No reading was ever taken before; a clock that says so is wrong."""
LOOK_EVERY_S = 2.0
SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
BATTERY_CLOCK = Path("/sys/class/rtc/rtc0")
PROCESSES = Path("/proc")
TIME_SERVICES = frozenset({"systemd-timesyn", "chronyd", "ntpd", "openntpd"})
"""As the kernel names their processes, cut at 15 letters."""
_UNSYNCHRONISED = 5
_TIMEX_BYTES = 512
"""More than any kernel's timex; modes 0 in front means: only look."""


class Trust(Protocol):
    """Says whether the wall clock is right."""

    def is_trusted(self) -> bool:
        """Say it, quickly."""
        ...


class AlwaysTrusted:
    """What a person vouches for."""

    def is_trusted(self) -> bool:
        """Say yes."""
        return True


class MachineTrust:
    """Ask the machine until it says yes once; a clock that was set keeps going."""

    def __init__(self, now: Callable[[], datetime], floor: datetime = NEVER_BEFORE) -> None:
        """Take the clock, and the newest moment that is known to be past."""
        self._now, self._floor = now, max(floor, NEVER_BEFORE)
        self._is_trusted, self._looked_s = False, -LOOK_EVERY_S

    def is_trusted(self) -> bool:
        """Say whether the clock was ever found right in this process's life."""
        if not self._is_trusted and time.monotonic() - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = time.monotonic()
            self._is_trusted = self._now() >= self._floor and _is_set()
        return self._is_trusted


def choose_trust(clock: Clock, setting: str, floor: datetime = NEVER_BEFORE) -> Trust:
    """Return what to ask: the virtual clock's file, a person's word, or the machine."""
    if isinstance(clock, VirtualClock):
        return clock
    return AlwaysTrusted() if setting == "trusted" else MachineTrust(clock.now, floor)


def _is_set() -> bool:
    """Say whether somebody set the clock: a time service, a battery, or whoever runs the machine.

    Where no time service runs there is nothing to wait for: then the clock is the machine's own.
    """
    if SYNCHRONISED.exists() or _kernel_is_synchronised() or BATTERY_CLOCK.exists():
        return True
    return not _a_time_service_runs()


def _kernel_is_synchronised() -> bool:
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return False
    state: int = adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return 0 <= state < _UNSYNCHRONISED


def _a_time_service_runs() -> bool:
    found = (entry for entry in PROCESSES.iterdir() if entry.name.isdecimal())
    return any(_name_of(entry / "comm") in TIME_SERVICES for entry in found)


def _name_of(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
