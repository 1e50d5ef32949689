"""Says once that something went down, and once that it is back and for how long it was away."""

import logging
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from collector.clock import Clock

_LOGGER = logging.getLogger(__name__)
_T = TypeVar("_T")


class Outage:
    """One thing that can be away; many threads may report it."""

    def __init__(self, what: str, clock: Clock) -> None:
        self._what = what
        self._clock = clock
        self._lock = Lock()
        self._since_s: float | None = None

    def ask(self, read: Callable[[], _T], away: type[Exception]) -> _T | None:
        """Return what is read; None, which stands for nothing else, while it is away."""
        try:
            found = read()
        except away as error:
            self.went_down(error)
            return None
        self.came_back()
        return found

    def went_down(self, error: Exception, *, is_surprise: bool = False) -> None:
        """Log the first failure; a surprise brings its traceback into the log."""
        with self._lock:
            if self._since_s is not None:
                return
            self._since_s = self._clock.monotonic_s()
        _LOGGER.error("%s failed: %s", self._what, error, exc_info=error if is_surprise else None)

    def came_back(self) -> None:
        """Log the return, if it was away."""
        if self._since_s is None:
            return
        with self._lock:
            if self._since_s is None:
                return
            away_s = self._clock.monotonic_s() - self._since_s
            self._since_s = None
        _LOGGER.info("%s is back after %.0f s", self._what, away_s)
