"""Settles again and again beside the pages, so that a single box needs no further service."""

import time
from collections.abc import Callable, Mapping
from threading import Event, Thread
from types import MappingProxyType

from collector.clock import Clock
from dashboard.outage import Outage

_TICK_S = 0.5

Work = Callable[[], object]


class SettlerLoop:
    """One thread that settles every few seconds; a failure is logged once and tried again.

    The pause is over when the clock or the machine's own time has moved on by `every_s`: a clock
    that a replay drives fast brings new slots early, one that is held still must not stop it.
    """

    def __init__(
        self,
        settle: Work,
        clock: Clock,
        every_s: float,
        beside: Mapping[str, Work] = MappingProxyType({}),
    ) -> None:
        """After each run do what is `beside`, by its name; each may fail by itself."""
        self._clock = clock
        self._every_s = every_s
        works = {"settling": settle, **beside}
        self._works = [(work, Outage(name, clock)) for name, work in works.items()]
        self._stop = Event()
        self._thread = Thread(target=self._run, name="settler", daemon=True)

    def start(self) -> None:
        """Begin; the first run is at once."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after the run in hand; one that takes longer is undone by its own transaction."""
        self._stop.set()
        self._thread.join(timeout_s)

    def settle_once(self) -> None:
        """Settle, and say once that it fails or is back."""
        for work, outage in self._works:
            try:
                work()
            except Exception as error:  # noqa: BLE001  a loop like poll and ingest: it must go on
                outage.went_down(error, is_surprise=not hasattr(error, "exit_code"))
            else:
                outage.came_back()

    def _run(self) -> None:
        while not self._stop.is_set():
            begun = self._times()
            self.settle_once()
            while not self._stop.wait(_TICK_S):
                if any(
                    now - then >= self._every_s
                    for now, then in zip(self._times(), begun, strict=True)
                ):
                    break

    def _times(self) -> tuple[float, float]:
        return self._clock.monotonic_s(), time.monotonic()
