"""What one decoded register says for or against a profile, in bits; knows no family.

A bit is a factor of two between the guess that this is the family and the guess that the words are
somebody else's. Zeros and words of ones say nothing: every device is full of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import log2

from collector.profiles.decode import Decoded, Quality, decode_layout
from collector.profiles.layout import Layout, Memory, Placed
from collector.profiles.register import Kind, Register
from collector.reading import Value

USUAL: Sequence[tuple[re.Pattern[str], tuple[tuple[int, int], ...]]] = (
    (re.compile(r"(\w+_)?frequency(_\w+)?"), ((47, 53), (57, 63))),
    (re.compile(r"ac_voltage_l\d_l\d"), ((90, 520),)),
    (re.compile(r"ac_voltage(_l\d)?(_x3)?"), ((90, 290),)),
)
"""What a device on a public grid shows, far narrower than what a profile allows."""
MOST_USUAL, MOST_TEXT, MOST_CODE, MOST_NUMBER = 8.0, 10.0, 6.0, 2.0
SMALL_CODE = 10
"""Numbers so small stand everywhere."""
FLOATS = (Decimal("0.0001"), Decimal(10) ** 9)
"""Other words read as a float are astronomic or next to nothing."""
TELLING_TEXT = 4
TEN = Decimal(10)


@dataclass(frozen=True, slots=True)
class Clue:
    """One register: how much it says for the profile, and in words what it shows."""

    quantity: str
    bits: float
    text: str


def find_clues(placed: Sequence[Placed], memory: Memory) -> list[Clue]:
    """Judge all registers whose words came."""
    return [
        clue
        for one in placed
        for decoded in decode_layout(Layout((one,)), memory)
        if (clue := _judge(one, decoded, memory)) is not None
    ]


def is_usual(register: Register) -> bool:
    """Return whether a quantity shows much the same on every grid."""
    return _usual(register.quantity) is not None


def _judge(one: Placed, decoded: Decoded, memory: Memory) -> Clue | None:
    name, told = one.quantity, _tell(one.quantity, decoded)
    if decoded.quality is Quality.UNREAD:
        return None
    if not any(decoded.raw) or set(decoded.raw) == {0xFFFF}:
        return Clue(name, 0.0, told)
    if decoded.quality is Quality.UNKNOWN_CODE:
        return Clue(name, -3.0, f"{name} {decoded.raw[-1]} (no such code)")
    if decoded.quality is Quality.IMPLAUSIBLE:
        return _judge_implausible(one, memory)
    return _judge_value(one, decoded, told)


def _judge_value(one: Placed, decoded: Decoded, told: str) -> Clue:
    if decoded.value is None:
        return Clue(one.quantity, 0.0, told)
    if isinstance(decoded.value, str):
        return Clue(one.quantity, _weigh_text(one, decoded), told)
    return _judge_number(one, Decimal(decoded.value), told)


def _judge_implausible(one: Placed, memory: Memory) -> Clue:
    name = one.quantity
    if one.register.type.is_text:
        return Clue(name, -6.0, f"{name} is no text")
    bare = replace(one, register=one.register.model_copy(update={"plausible": None}))
    (decoded,) = decode_layout(Layout((bare,)), memory)
    told = _tell(name, decoded)
    if isinstance(decoded.value, int | Decimal):
        for times, words in ((TEN, "ten times too large"), (1 / TEN, "ten times too small")):
            if _is_inside(Decimal(decoded.value) / times, _usual(name)):
                return Clue(name, 0.0, f"{told} ({words}: a data logger in between may do so)")
    return Clue(name, -5.0, told)


def _judge_number(one: Placed, value: Decimal, told: str) -> Clue:
    name = one.quantity
    if one.register.type is Kind.F32 and not FLOATS[0] <= abs(value) <= FLOATS[1]:
        return Clue(name, -3.0, told)
    if usual := _usual(name):
        if _is_inside(value, usual):
            return Clue(name, _weigh_range(one, usual), told)
        return Clue(name, -2.0, told)
    most = MOST_USUAL / 2 if one.register.type is Kind.F32 else MOST_NUMBER
    allowed = one.register.plausible
    return Clue(name, min(most, _weigh_range(one, (allowed,))) if allowed else 0.0, told)


def _weigh_text(one: Placed, decoded: Decoded) -> float:
    if one.codes is None:
        length = len(str(decoded.value).strip())
        return min(MOST_TEXT, float(length)) if length >= TELLING_TEXT else 0.0
    raw = decoded.raw[-1]
    if raw is None or raw <= SMALL_CODE:
        return 1.0
    return min(MOST_CODE, log2(65_536 / len(one.codes)))


def _weigh_range(one: Placed, ranges: Sequence[tuple[Decimal | int, Decimal | int]]) -> float:
    """Return how rarely chance falls into these ranges."""
    if one.register.type is Kind.F32:
        return MOST_USUAL
    steps = sum((Decimal(last) - Decimal(first)) for first, last in ranges) / abs(one.multiplier)
    space = Decimal(2) ** (16 * len(one.words))
    return min(MOST_USUAL, max(0.0, log2(space / max(steps, Decimal(1)))))


def _usual(name: str) -> tuple[tuple[int, int], ...] | None:
    return next((ranges for pattern, ranges in USUAL if pattern.fullmatch(name)), None)


def _is_inside(value: Decimal, ranges: Sequence[tuple[int, int]] | None) -> bool:
    return any(first <= value <= last for first, last in ranges or ())


def _tell(name: str, decoded: Decoded) -> str:
    unit = "" if decoded.unit in {"1", "enum", "text"} else f" {decoded.unit}"
    return f"{name} {_write(decoded.value)}{unit}"


def _write(value: Value | None) -> str:
    if value is None:
        return "not available"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
