"""The poll loop: each cycle asks every device once and commits what came, in one commit.

One thread asks bus after bus, which is cheapest while all answer at once; as soon as that takes
long, the buses that are left are asked side by side. A bus that is slow is left to finish; its
readings are committed when they come. The loop ends only when it is told to.
"""

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Protocol

from collector.clock import Clock
from collector.devices.rounds import BusDevices, Round
from collector.errors import CollectorError
from collector.guard import run_safely
from collector.reading import Reading

log = logging.getLogger(__name__)

SLOW_S = 0.3
"""How long one thread asks bus after bus before each of the others gets one of its own."""
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
        self._due: deque[str] = deque()
        self._busy: set[str] = set()
        self._came: deque[Reading] = deque()
        self._asking: list[Future[None]] = []
        self._threads = ThreadPoolExecutor(max(len(buses), 1), thread_name_prefix="bus")
        self.refused = 0

    def run(self, stop: Event) -> None:
        """Poll until told to stop."""
        while not stop.is_set():
            # The end of the wait is fixed before the cycle: a border may come while it runs.
            due_s = self._clock.monotonic_s() + self._to_next_border_s()
            run_safely(self.cycle, "a poll cycle")
            while self._asking and not stop.is_set() and self._clock.monotonic_s() < due_s:
                run_safely(self._commit_late, "a late commit")
            self._clock.wait_until(stop, due_s)
        self._threads.shutdown(wait=True)
        self._commit(self._take())

    def cycle(self) -> int:
        """Ask every bus that is free, commit what came; return how many readings were accepted."""
        for name in [one for one in self._rounds if one not in self._busy]:
            self._busy.add(name)
            self._due.append(name)
        if len(self._rounds) > 1:
            self._send_threads(1)
        else:
            # Nobody else waits for this thread, and to wake another one costs as much as a read.
            self._ask_due()
        return self._commit(self._collect(PATIENCE_S))

    def _commit_late(self) -> None:
        self._commit(self._collect(LATE_S))

    def _to_next_border_s(self) -> float:
        return self._poll_s - self._clock.now().timestamp() % self._poll_s

    def _send_threads(self, count: int) -> None:
        self._asking += [self._threads.submit(self._ask_due) for _ in range(count)]

    def _ask_due(self) -> None:
        """Ask one bus after the other while there are some that nobody asks."""
        while True:
            try:
                name = self._due.popleft()
            except IndexError:
                return
            run_safely(partial(self._ask, name), f"bus {name}")

    def _ask(self, name: str) -> None:
        try:
            self._came.extend(self._rounds[name].read_all())
        finally:
            self._busy.discard(name)

    def _collect(self, timeout_s: float) -> list[Reading]:
        _, slow = wait(self._asking, min(SLOW_S, timeout_s))
        if slow:
            self._send_threads(len(self._due))
            wait(self._asking, timeout_s)
        self._asking = [one for one in self._asking if not one.done()]
        return self._take()

    def _take(self) -> list[Reading]:
        return [self._came.popleft() for _ in range(len(self._came))]

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
