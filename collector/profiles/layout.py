"""Registers at their final addresses, and captured words side by side; decodes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from collector.devices.planner import Block
from collector.profiles.profile import Profile
from collector.profiles.register import FunctionCode, Register

Memory = Mapping[tuple[int, int], int | None]
"""Words by function code and address; None is a word that was asked for and did not come."""


class Captured(NamedTuple):
    """The words of one read, as they came."""

    function_code: int
    address: int
    words: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """A register at its final addresses, under its final name."""

    register: Register
    quantity: str
    words: tuple[int, ...]
    function_codes: tuple[FunctionCode, ...]
    multiplier: Decimal
    is_little: bool = False
    scale_at: int | None = None
    codes: Mapping[int, str] | None = None

    def stretches(self) -> Iterator[Block]:
        """Yield what must be read for it; words of one value that lie near come in one read."""
        first, last = min(self.words), max(self.words)
        yield Block(self.function_codes[0], first, last - first + 1)
        if self.scale_at is not None:
            yield Block(self.function_codes[0], self.scale_at, 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """The words of one model that mean nothing while all of them are zero.

    `may_hold` names words that may have certain other values in such a frame.
    """

    function_code: int
    start: int
    end: int
    may_hold: Mapping[int, tuple[int, ...]]

    def is_zero(self, memory: Memory) -> bool:
        """Return whether every word that came is zero, and at least one came."""
        found = [
            (address, word)
            for address in range(self.start, self.end)
            if (word := memory.get((self.function_code, address))) is not None
        ]
        return bool(found) and not any(
            word and word not in self.may_hold.get(address, ()) for address, word in found
        )

    def holds(self, address: int) -> bool:
        """Return whether an address lies inside."""
        return self.start <= address < self.end


@dataclass(frozen=True, slots=True)
class Layout:
    """All that a device answers, and where."""

    placed: tuple[Placed, ...]
    frames: tuple[Frame, ...] = ()


def remember(blocks: Iterable[Captured]) -> dict[tuple[int, int], int | None]:
    """Lay blocks side by side; a word that came is not lost to a block in which it is missing."""
    memory: dict[tuple[int, int], int | None] = {}
    for block in blocks:
        for address, word in enumerate(block.words, start=block.address):
            key = (block.function_code, address)
            if word is not None or key not in memory:
                memory[key] = word
    return memory


def lay_out_fixed(profile: Profile) -> Layout:
    """Place the registers of a family with fixed addresses."""
    return Layout(tuple(place(profile, one) for one in profile.registers))


def place(profile: Profile, register: Register) -> Placed:
    """Place a register where its profile says."""
    return Placed(
        register,
        register.quantity,
        register.words,
        (register.function_code,) if register.function_code else profile.function_codes,
        register.multiplier,
        (register.word_order or profile.word_order) == "little",
        codes=profile.codes.get(register.codes) if register.codes else None,
    )
