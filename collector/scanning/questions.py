"""What one unit was asked and what it answered; never asks for the same words twice.

Decides what an answer or a silence says of the unit; knows no profile.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

from collector.devices.modbus import RECONNECT_S
from collector.devices.planner import Block
from collector.devices.survey import Reads
from collector.errors import (
    DeviceError,
    LostConnectionError,
    NoConnectionError,
    RefusedError,
    SilentError,
)

NO_SUCH_FUNCTION = 1
DEVICE_FAILURE = 4
"""Some gateways say so of units that are not there, and some devices of registers they lack."""
BUSY = (5, 6)
BUSY_S = 1.0
PATIENCE = 5
"""So many unanswered questions in a row make a unit one that keeps silent where it has nothing."""


class StoppedError(Exception):
    """Somebody ended the scan."""


@dataclass(slots=True)
class Pace:
    """Whether to go on, and whom to tell how far it is; shared by all units of a scan."""

    stop: Event = field(default_factory=Event)
    tell: Callable[[int, int], None] = lambda _unit, _asked: None
    asked: int = 0

    def step(self, unit: int) -> None:
        """Count one request; raise StoppedError when somebody ended the scan."""
        if self.stop.is_set():
            raise StoppedError
        self.asked += 1
        self.tell(unit, self.asked)

    def rest(self, seconds: float) -> None:
        """Wait, or until somebody ends the scan."""
        self.stop.wait(seconds)


@dataclass(slots=True)
class Questions:
    """The answers of one unit."""

    bus: Reads
    unit: int
    pace: Pace
    memory: dict[tuple[int, int], int] = field(default_factory=dict)
    """The words that came, by function code and address."""
    asked: int = 0
    answered: int = 0
    refused: int = 0
    """Refusals that only a device gives, not a gateway for one that is not there."""
    failures: int = 0
    """Refusals with `device failure`, which a gateway gives as well."""
    silent_in_a_row: int = 0
    signature: list[Block] = field(default_factory=list)
    """The blocks that it answered with words, the first ones first."""
    broken: str = ""
    """The last answer that was none: another speed, or two devices with one unit id."""
    _unsupported: set[int] = field(default_factory=set)
    _tried: set[Block] = field(default_factory=set)

    @property
    def is_there(self) -> bool:
        """Return whether a device answered, if only that it lacks what was asked for."""
        return bool(self.answered or self.refused)

    @property
    def is_quiet(self) -> bool:
        """Return whether it keeps silent so often that few more questions make sense."""
        return self.silent_in_a_row >= PATIENCE

    @property
    def answer_rate(self) -> float:
        """Return the part of all questions that it answered with words."""
        return (self.answered + 1) / (self.asked + 2)

    def ask(self, block: Block) -> bool:
        """Ask for a block unless it is known or was asked for; say whether all of it is here."""
        keys = [(block.function_code, one) for one in range(block.address, block.end)]
        if block not in self._tried and any(key not in self.memory for key in keys):
            self._tried.add(block)
            self.memory |= dict(zip(keys, self._ask(block) or (), strict=False))
        return all(key in self.memory for key in keys)

    def words(self, block: Block) -> list[int | None]:
        """Return what is known of a block."""
        addresses = range(block.address, block.end)
        return [self.memory.get((block.function_code, one)) for one in addresses]

    def _ask(self, block: Block) -> Sequence[int] | None:
        if block.function_code in self._unsupported:
            return None
        self.asked += 1
        try:
            words = self._read_patiently(block)
        except RefusedError as error:
            self._note_refusal(block, error.exception_code)
        except NoConnectionError:
            raise
        except SilentError:
            self.silent_in_a_row += 1
        except DeviceError as error:
            self.broken = str(error)
            self.silent_in_a_row += 1
        else:
            self.silent_in_a_row = 0
            self.answered += 1
            self.signature.append(block)
            return words
        return None

    def _note_refusal(self, block: Block, code: int) -> None:
        self.silent_in_a_row = 0
        if code == NO_SUCH_FUNCTION:
            self._unsupported.add(block.function_code)
        if code == DEVICE_FAILURE:
            self.failures += 1
        else:
            self.refused += 1

    def _read_patiently(self, block: Block) -> list[int]:
        """Read a block; once more after a while if it is busy or ended the connection."""
        try:
            return self._read(block)
        except RefusedError as error:
            if error.exception_code not in BUSY:
                raise
            self.pace.rest(BUSY_S)
        except (NoConnectionError, LostConnectionError):
            if self.pace.asked == 1:
                raise
            self.pace.rest(RECONNECT_S)
        return self._read(block)

    def _read(self, block: Block) -> list[int]:
        self.pace.step(self.unit)
        return self.bus.read(self.unit, block.function_code, block.address, block.count)
