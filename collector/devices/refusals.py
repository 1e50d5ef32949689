"""Reads what a device gives and remembers what it refuses, so that it is asked rarely.

Finds refused registers by splitting a refused read; knows neither quantities nor a bus.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from collector.devices.planner import Block, plan_blocks
from collector.errors import DeviceError, RefusedError
from collector.profiles.layout import Captured

log = logging.getLogger(__name__)

REMEMBERED_S = 86_400.0
PATIENT_S = 3_600.0
"""So long a refusal outlives a reconnect, and that of a register which came before: a device that
wakes up gives more than at night."""
LASTING = {1, 2, 3}
"""Exceptions that speak of the registers; all others speak of the moment."""

Read = Callable[[Block], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Joining:
    """How far reads of one device may be joined."""

    max_words: int
    max_gap: int
    forbidden: Sequence[tuple[int, int]] = ()


@dataclass(slots=True)
class Gathered:
    """What one round of reads brought."""

    captured: list[Captured] = field(default_factory=list)
    refused: list[Block] = field(default_factory=list)
    lasting: list[Block] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    given: set[Block] = field(default_factory=set)
    error: RefusedError | None = None

    @property
    def losses(self) -> int:
        """Return how many stretches were refused."""
        return len(self.refused) + len(self.lasting)


class Refusals:
    """What one device refuses, each with the time of its last trial."""

    def __init__(self, device: str, joining: Joining, monotonic_s: Callable[[], float]) -> None:
        """Start with nothing refused."""
        self._device, self._joining, self._monotonic_s = device, joining, monotonic_s
        self._since_s: dict[Block, float] = {}
        self._cut_since_s: dict[int, float] = {}
        self._given: set[Block] = set()
        self._planned: tuple[Sequence[Block], tuple[Block, ...]] | None = None

    def read_all(self, wanted: Sequence[Block], read: Read) -> Gathered:
        """Read every wanted stretch that is not known as refused; raise DeviceError if none came.

        A device that stops answering in the middle leaves what came before.
        """
        found = Gathered()
        try:
            for block in self.plan(wanted):
                self._read(block, wanted, read, found)
        except DeviceError:
            if not found.captured:
                raise
        if not found.captured and found.error:
            raise found.error
        if found.captured:
            self._given |= found.given
            self._remember(found)
        found.refused += self._since_s
        return found

    def plan(self, wanted: Sequence[Block]) -> tuple[Block, ...]:
        """Return the reads of what is not known as refused; of everything if all is."""
        self._forget(REMEMBERED_S)
        if self._planned is None or self._planned[0] is not wanted:
            asked = [one for one in wanted if one not in self._since_s]
            blocks = [one for one in self._join(asked) if one not in self._since_s]
            self._planned = wanted, tuple(blocks or self._join(wanted))
        return self._planned[1]

    def reconsider(self) -> None:
        """Forget what was refused a while ago: who answers now may be another, or awake."""
        self._forget(PATIENT_S)

    def clear(self) -> None:
        """Forget everything: another device is there."""
        self._since_s, self._cut_since_s, self._planned = {}, {}, None
        self._given = set()

    def _join(self, asked: Sequence[Block]) -> tuple[Block, ...]:
        shut = [(one.address, one.end - 1) for one in self._since_s]
        joining = self._joining
        return plan_blocks(
            asked,
            joining.max_words,
            joining.max_gap,
            (*joining.forbidden, *shut),
            self._cut_since_s,
        )

    def _read(self, block: Block, wanted: Sequence[Block], read: Read, found: Gathered) -> None:
        inside = sorted({one for one in wanted if _is_inside(one, block)}) or [block]
        _split(inside, block, read, found)

    def _remember(self, found: Gathered) -> None:
        if not found.lasting and not found.cuts:
            return
        now_s = self._monotonic_s()
        self._since_s |= dict.fromkeys(found.lasting, now_s)
        self._cut_since_s |= dict.fromkeys(found.cuts, now_s)
        self._planned = None
        if found.lasting:
            told = ", ".join(_name(one) for one in found.lasting)
            often = "hourly" if self._given & set(found.lasting) else "daily"
            log.warning("device %s refuses registers %s; asked again %s", self._device, told, often)

    def _forget(self, age_s: float) -> None:
        """Forget what is older, and sooner what came once."""
        now_s, before = self._monotonic_s(), len(self._since_s) + len(self._cut_since_s)
        if not before:
            return
        self._since_s = {
            one: since_s
            for one, since_s in self._since_s.items()
            if now_s - since_s < (PATIENT_S if one in self._given else age_s)
        }
        self._cut_since_s = {
            one: since_s for one, since_s in self._cut_since_s.items() if now_s - since_s < age_s
        }
        if len(self._since_s) + len(self._cut_since_s) < before:
            self._planned = None


def _split(inside: Sequence[Block], block: Block, read: Read, found: Gathered) -> None:
    """Read a block; if it is refused, each half of what is wanted in it."""
    try:
        words = read(block)
    except RefusedError as error:
        found.error = found.error or error
        if error.exception_code not in LASTING:
            found.refused.append(block)
        elif len(inside) == 1:
            found.lasting.append(inside[0])
        else:
            _split_halves(inside, read, found)
        return
    found.captured.append(Captured(block.function_code, block.address, words))
    found.given.update(inside)


def _split_halves(inside: Sequence[Block], read: Read, found: Gathered) -> None:
    middle, losses = len(inside) // 2, found.losses
    for half in (inside[:middle], inside[middle:]):
        _split(half, _join(half), read, found)
    if found.losses == losses:
        # Each half is given and both at once are not: something between them is refused.
        found.cuts.append(inside[middle].address)


def _join(stretches: Sequence[Block]) -> Block:
    start, end = stretches[0].address, max(one.end for one in stretches)
    return Block(stretches[0].function_code, start, end - start)


def _is_inside(stretch: Block, block: Block) -> bool:
    same = stretch.function_code == block.function_code
    return same and block.address <= stretch.address and stretch.end <= block.end


def _name(one: Block) -> str:
    return f"{one.address} to {one.end - 1}" if one.count > 1 else str(one.address)
