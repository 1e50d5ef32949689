"""One bus in one cycle: who is asked, in which order, for how long; never gives a device up.

Devices of a bus are asked one after the other. Who was not reached comes first in the next cycle,
who does not answer comes last and more rarely.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from collector.clock import Clock
from collector.errors import CollectorError, StrangerError
from collector.guard import run_safely
from collector.reading import Reading

log = logging.getLogger(__name__)

REST_CYCLES = (0, 1, 2, 5, 11)
"""How many cycles a device that does not answer is left alone, by the number of failures."""


class Pollable(Protocol):
    """A device as the poller sees it."""

    @property
    def id(self) -> str:
        """Name the device."""
        ...

    def poll(self) -> Reading:
        """Read it once; raise DeviceError when it does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class BusDevices:
    """The devices of one bus, and how long a cycle may begin to ask another of them."""

    devices: Sequence[Pollable]
    budget_s: float


@dataclass(slots=True)
class _Health:
    failures: int = 0
    rest: int = 0
    since_s: float = 0.0
    turn: int = 0
    is_stranger: bool = False


@dataclass(slots=True)
class Round:
    """The devices of one bus and how they are."""

    bus: str
    devices: Sequence[Pollable]
    budget_s: float
    clock: Clock
    report: Callable[[str, bool], None]
    monotonic_s: Callable[[], float] = time.monotonic
    health: dict[str, _Health] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)
    turns: int = 0

    def read_all(self) -> list[Reading]:
        """Ask every device whose turn it is while the budget lasts; return what came.

        A device that answered until now is asked once more on a new connection, after the others.
        """
        until_s = self.monotonic_s() + self.budget_s
        readings: list[Reading] = []
        failed: list[tuple[Pollable, CollectorError]] = []
        due = [device for device in self._in_order() if not self._rests(device)]
        reached = 0
        while reached < len(due) and (not reached or self.monotonic_s() < until_s):
            self._ask(due[reached], readings, failed)
            reached += 1
        self._note_missed(due[reached:])
        for device, error in failed:
            if self._of(device).failures > 0 or self.monotonic_s() >= until_s:
                self._note_failure(device.id, self._of(device), error)
            else:
                self._ask_again(device, readings)
        return readings

    def _in_order(self) -> list[Pollable]:
        def place(device: Pollable) -> tuple[bool, bool, int]:
            health, is_missed = self._of(device), device.id in self.missed
            is_late = health.failures > 0 and not is_missed
            return not is_missed, is_late, health.turn if self.missed else 0

        return sorted(self.devices, key=place)

    def _of(self, device: Pollable) -> _Health:
        return self.health.setdefault(device.id, _Health(failures=-1))

    def _rests(self, device: Pollable) -> bool:
        health = self._of(device)
        if health.rest <= 0:
            return False
        health.rest -= 1
        return True

    def _ask(
        self,
        device: Pollable,
        readings: list[Reading],
        failed: list[tuple[Pollable, CollectorError]],
    ) -> None:
        self.turns += 1
        self._of(device).turn = self.turns
        outcome = run_safely(lambda: _poll(device), f"the poll of device {device.id}")
        if isinstance(outcome, Reading):
            readings.append(outcome)
            self._note_answer(device.id, self._of(device))
        else:
            failed.append((device, outcome or CollectorError("a fault of Minga's, told above")))

    def _ask_again(self, device: Pollable, readings: list[Reading]) -> None:
        failed: list[tuple[Pollable, CollectorError]] = []
        self._ask(device, readings, failed)
        for _, error in failed:
            self._note_failure(device.id, self._of(device), error)

    def _note_missed(self, missed: Sequence[Pollable]) -> None:
        if missed and not self.missed:
            log.warning(
                "bus %s: %s devices are not reached within %.3g s and come first in the next cycle",
                self.bus,
                len(missed),
                self.budget_s,
            )
        self.missed = {device.id for device in missed}

    def _note_failure(self, device: str, health: _Health, error: CollectorError) -> None:
        is_stranger = isinstance(error, StrangerError)
        if health.failures <= 0:
            health.since_s = self.clock.monotonic_s()
            log.warning("device %s does not answer: %s", device, error)
            self.report(device, False)  # noqa: FBT003  a listener's own order
        elif is_stranger and not health.is_stranger:
            log.warning("%s", error)
        health.is_stranger |= is_stranger
        health.failures = max(health.failures, 0) + 1
        health.rest = REST_CYCLES[min(health.failures, len(REST_CYCLES)) - 1]

    def _note_answer(self, device: str, health: _Health) -> None:
        if health.failures > 0:
            silent_s = self.clock.monotonic_s() - health.since_s
            log.info("device %s answers again after %.0f s", device, silent_s)
        if health.failures != 0:
            self.report(device, True)  # noqa: FBT003  a listener's own order
        health.failures, health.is_stranger = 0, False


def _poll(device: Pollable) -> Reading | CollectorError:
    try:
        return device.poll()
    except CollectorError as error:
        return error
