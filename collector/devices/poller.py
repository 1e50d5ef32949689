"""The poll loop: each cycle asks every device once and commits what came, in one commit.

Buses are asked side by side, devices of one bus one after the other. A bus that is slow is left to
finish; its readings are committed when they come. The loop ends only when it is told to.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from collector.clock import Clock
from collector.devices.rounds import BusDevices, Round
from collector.errors import CollectorError
from collector.guard import run_safely
from collector.reading import Reading

log = logging.getLogger(__name__)

PATIENCE_S = 1.0
"""How long a cycle waits for slow buses, in machine seconds, before it commits the others."""
LATE_S = 0.2
"""How soon it commits what slow buses bring afterwards."""


class Accepting(Protocol):
    """Where readings are accepted."""

    def accept(self, readings: Sequence[Reading]) -> range:
        """Commit readings and return their numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who wants to know."""

    committed: Callable[[range], None]
    state: Callable[[str, bool], None]


class Poller:
    """Poll all buses at every multiple of `poll_s` on the clock, so that cycles meet the slots."""

    def __init__(
        self,
        buses: Mapping[str, BusDevices],
        outbox: Accepting,
        clock: Clock,
        poll_s: float,
        listeners: Listeners,
    ) -> None:
        """Take the parts; nothing is read before `run` or `cycle`."""
        self._clock, self._outbox, self._poll_s = clock, outbox, poll_s
        self._listeners = listeners
        self._rounds = {
            name: Round(name, one.devices, one.budget_s, clock, listeners.state)
            for name, one in buses.items()
        }
        self._running: dict[str, Future[list[Reading]]] = {}
        self._threads = ThreadPoolExecutor(max(len(buses), 1), thread_name_prefix="bus")
        self.refused = 0

    def run(self, stop: Event) -> None:
        """Poll until told to stop."""
        while not stop.is_set():
            # The end of the wait is fixed before the cycle: a border may come while it runs.
            due_s = self._clock.monotonic_s() + self._to_next_border_s()
            run_safely(self.cycle, "a poll cycle")
            while self._running and not stop.is_set() and self._clock.monotonic_s() < due_s:
                run_safely(self._commit_late, "a late commit")
            self._clock.wait_until(stop, due_s)
        self._threads.shutdown(wait=True)
        self._commit(self._collect(timeout_s=0))

    def cycle(self) -> int:
        """Ask every bus that is free, commit what came; return how many readings were accepted."""
        for name, asked in self._rounds.items():
            if name not in self._running:
                self._running[name] = self._threads.submit(asked.read_all)
        return self._commit(self._collect(PATIENCE_S))

    def _commit_late(self) -> None:
        self._commit(self._collect(LATE_S))

    def _to_next_border_s(self) -> float:
        return self._poll_s - self._clock.now().timestamp() % self._poll_s

    def _collect(self, timeout_s: float) -> list[Reading]:
        wait(self._running.values(), timeout=timeout_s)
        done = [name for name, future in self._running.items() if future.done()]
        return [reading for name in done for reading in self._running.pop(name).result()]

    def _commit(self, readings: list[Reading]) -> int:
        if not readings:
            return 0
        try:
            numbers = self._outbox.accept(readings)
        except CollectorError as error:
            if not self.refused:
                log.error("%s", error)  # noqa: TRY400  the message says it all
            self.refused += getattr(error, "refused", len(readings))
            return 0
        if self.refused and numbers:
            log.warning("the outbox accepts again; %s samples were refused meanwhile", self.refused)
            self.refused = 0
        if numbers:
            self._listeners.committed(numbers)
        return len(numbers)
