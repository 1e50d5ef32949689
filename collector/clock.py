"""One clock, handed in: the box's own, or a virtual one that several processes share.

The plant (polling, stamps, slots) lives on this clock. The network (timeouts, resends) lives on the
machine's monotonic time, because a broker does not run faster in a replay.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Protocol

from collector.errors import ConfigurationError

ENVIRONMENT = "MINGA_CLOCK"


class Clock(Protocol):
    """Tell the time, and wait on it."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds that never run backwards, for durations."""
        ...

    def wait_until(self, stop: Event, at_s: float) -> bool:
        """Wait until `monotonic_s` says `at_s`; return True as soon as `stop` is set."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def wait_until(self, stop: Event, at_s: float) -> bool:
        """Wait until then, or less when `stop` is set."""
        return stop.wait(max(at_s - time.monotonic(), 0.0))


@dataclass(frozen=True, slots=True)
class Wrong:
    """How a virtual clock is wrong: its wall time by `offset_s`, its monotonic time never."""

    offset_s: float = 0.0
    trusted: bool = True
    boot: str = ""
    """The id of the boot; empty for the machine's own."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a virtual clock runs: virtual time = start + (machine - anchor) * speed, in whole steps.

    `speed` 0 holds the clock still; `step_s` 0 means that it does not move in steps.
    """

    start: datetime
    anchor_s: float
    speed: float
    step_s: float = 0.0

    def at(self, machine_s: float) -> datetime:
        """Return the virtual time at a machine monotonic time."""
        elapsed_s = max(machine_s - self.anchor_s, 0.0) * self.speed
        if self.step_s:
            elapsed_s = elapsed_s // self.step_s * self.step_s
        return self.start + timedelta(seconds=elapsed_s)


class VirtualClock:
    """A clock that every process reads from one small file.

    Replacing the file changes the time of all of them at once; a half-written file is never seen
    because `set` renames it into place.
    """

    _look_again_s = 0.02

    def __init__(self, path: Path) -> None:
        """Read the pace from `path`."""
        self._path = path
        self._seen = (0, 0)
        self._latest_s = 0.0
        self._pace = Pace(datetime.fromtimestamp(0, UTC), 0.0, 0.0)
        self._wrong = Wrong()
        self._refresh()

    @staticmethod
    def set(
        path: Path, start: datetime, speed: float, step_s: float = 0.0, wrong: Wrong | None = None
    ) -> None:
        """Let the clock of `path` stand at `start` from now on and run at `speed`."""
        pace = {
            "start": start.astimezone(UTC).isoformat(),
            "anchor_s": time.monotonic(),
            "speed": speed,
            "step_s": step_s,
            **asdict(wrong or Wrong()),
        }
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(json.dumps(pace), encoding="utf-8")
        beside.replace(path)

    def now(self) -> datetime:
        """Return the virtual wall time."""
        self._refresh()
        return self._pace.at(time.monotonic()) + timedelta(seconds=self._wrong.offset_s)

    def monotonic_s(self) -> float:
        """Return virtual seconds that stand still when the file sets the clock back."""
        self._refresh()
        self._latest_s = max(self._latest_s, self._pace.at(time.monotonic()).timestamp())
        return self._latest_s

    def is_trusted(self) -> bool:
        """Say whether the file calls the wall time right."""
        self._refresh()
        return self._wrong.trusted

    @property
    def boot(self) -> str:
        """Return the id of the boot that the file names; empty for the machine's own."""
        return self._wrong.boot

    def wait_until(self, stop: Event, at_s: float) -> bool:
        """Wait until the virtual clock says so, or `stop` is set."""
        while (left_s := at_s - self.monotonic_s()) > 0:
            if stop.wait(self._nap_s(left_s)):
                return True
        return stop.is_set()

    def _nap_s(self, left_s: float) -> float:
        if not self._pace.speed:
            return self._look_again_s
        return min(max(left_s / self._pace.speed, 0.001), self._look_again_s)

    def _refresh(self) -> None:
        status = self._path.stat()
        seen = (status.st_ino, status.st_mtime_ns)
        if seen == self._seen:
            return
        raw = json.loads(self._path.read_text(encoding="utf-8"))
        self._pace = Pace(
            datetime.fromisoformat(raw["start"]), raw["anchor_s"], raw["speed"], raw["step_s"]
        )
        self._wrong = Wrong(raw.get("offset_s", 0.0), raw.get("trusted", True), raw.get("boot", ""))
        self._seen = seen


def clock_from_environment() -> Clock:
    """Return the virtual clock named by MINGA_CLOCK, else the machine's own."""
    path = os.environ.get(ENVIRONMENT)
    if not path:
        return SystemClock()
    try:
        return VirtualClock(Path(path))
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(
            ENVIRONMENT, [f"{path} is no clock file ({error}); unset {ENVIRONMENT} for real time"]
        ) from error
