"""Words to exact values with a quality; the only place that touches floats.

Knows what words mean, not how they were fetched.
"""

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from enum import StrEnum
from ipaddress import ip_address

from collector.profiles.layout import Captured, Layout, Memory, Placed, lay_out_fixed, remember
from collector.profiles.profile import Profile
from collector.profiles.register import Kind
from collector.profiles.sunspec import ModelStart
from collector.profiles.sunspec_points import lay_out_models
from collector.reading import Value

SCALE_FACTORS = range(-10, 11)
"""A scale factor outside makes its whole group not available."""
BEYOND_ANY_QUANTITY = 1e18
"""Some devices say -3.4e38 for nothing, also where no range is stated."""


class Quality(StrEnum):
    """Whether a value may be used, or why it is withheld."""

    MEASURED = "measured"
    NOT_AVAILABLE = "not_available"
    IMPLAUSIBLE = "implausible"
    UNREAD = "unread"
    UNKNOWN_CODE = "unknown_code"


@dataclass(frozen=True, slots=True)
class Decoded:
    """One quantity: its value in the base unit, or None and the quality that says why."""

    quantity: str
    address: int
    count: int
    value: Value | None
    unit: str
    quality: Quality
    raw: tuple[int | None, ...]


def decode_blocks(
    profile: Profile, blocks: Iterable[Captured], start: ModelStart | None = None
) -> list[Decoded]:
    """Answer every register of the profile that a capture touches, ordered by address.

    `start` names the model in which a SunSpec capture begins; without it the models are walked.
    """
    blocks = list(blocks)
    memory = remember(blocks)
    if profile.sunspec is None:
        return decode_layout(lay_out_fixed(profile), memory)
    return decode_layout(lay_out_models(profile, blocks, memory, start), memory)


def decode_layout(layout: Layout, memory: Memory) -> list[Decoded]:
    """Answer every register of a layout that the memory touches, ordered by address."""
    zero = [frame for frame in layout.frames if frame.is_zero(memory)]
    found = []
    for one in layout.placed:
        tables = _order_tables(one, memory)
        if not tables:
            continue
        decoded = _decode(one, memory, tables)
        if decoded.quality is not Quality.UNREAD and any(frame.holds(one) for frame in zero):
            decoded = replace(decoded, value=None, quality=Quality.IMPLAUSIBLE)
        found.append(decoded)
    return sorted(found, key=lambda decoded: decoded.address)


def decimal_of(single: float) -> Decimal:
    """Return what a float32 says: a whole number exactly, else the fewest digits that are it."""
    # Above 2^24 a counter of Wh moves in whole steps; fewer digits would bend them.
    return Decimal(int(single)) if single.is_integer() else shortest_decimal(single)


def shortest_decimal(single: float) -> Decimal:
    """Return the decimal with the fewest digits that is this float32 and no other."""
    for digits in range(1 if abs(single) < _SMALLEST_NORMAL else _ALWAYS_KEPT, _ENOUGH):
        near = Decimal(f"{single:.{digits}g}")
        # The gap above a power of two is twice as wide, so the next one up may do as well.
        for one in (near, near.copy_abs().next_plus(Context(prec=digits)).copy_sign(near)):
            if float32(float(one)) == single:
                return one
    return Decimal(f"{single:.{_ENOUGH}g}")


def float32(value: float) -> float:
    """Return the float32 next to a value; infinity where there is none."""
    try:
        single: float = struct.unpack(">f", struct.pack(">f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return single


_SMALLEST_NORMAL = 2.0**-126
_ALWAYS_KEPT, _ENOUGH = 6, 9
"""Digits that every float32 keeps, and that tell every float32 from the next."""

_Judged = tuple[Value | None, Quality]
_EUI48_BYTES = 6
_NOT_AVAILABLE: _Judged = (None, Quality.NOT_AVAILABLE)
_UNREAD: _Judged = (None, Quality.UNREAD)
_IMPLAUSIBLE: _Judged = (None, Quality.IMPLAUSIBLE)


def _order_tables(one: Placed, memory: Memory) -> list[int]:
    """Return the function codes that were asked for its words, the one that knows most first."""
    came: dict[int, list[bool]] = {
        code: [memory.get((code, word)) is not None for word in one.words]
        for code in one.function_codes
        if any((code, word) in memory for word in one.words)
    }
    return sorted(came, key=lambda code: -sum(came[code]))


def _decode(one: Placed, memory: Memory, tables: Sequence[int]) -> Decoded:
    raw = tuple(_find_word(word, memory, tables) for word in one.words)
    words = [word for word in raw if word is not None]
    scale = None if one.scale_at is None else _find_word(one.scale_at, memory, tables)
    if len(words) < len(raw) or (one.scale_at is not None and scale is None):
        value, quality = _UNREAD
    else:
        value, quality = _JUDGES.get(one.register.type, _judge_integer)(one, words, scale)
    return Decoded(one.quantity, one.words[0], len(raw), value, one.register.unit, quality, raw)


def _find_word(address: int, memory: Memory, tables: Sequence[int]) -> int | None:
    """Return a word from the first table that holds it: where there are two, they say the same."""
    found = (memory.get((table, address)) for table in tables)
    return next((word for word in found if word is not None), None)


def _judge_text(one: Placed, words: list[int], scale: int | None) -> _Judged:
    del one, scale
    raw = b"".join(word.to_bytes(2, "big") for word in words)
    text = raw.partition(b"\0")[0].decode("latin-1").rstrip(" ")
    return (text, Quality.MEASURED) if text.isascii() and text.isprintable() else _IMPLAUSIBLE


def _judge_address(one: Placed, words: list[int], scale: int | None) -> _Judged:
    del scale
    raw = b"".join(word.to_bytes(2, "big") for word in words)
    if not int.from_bytes(raw, "big") or set(raw[-_EUI48_BYTES:]) == {0xFF}:
        return _NOT_AVAILABLE
    if one.register.type is Kind.EUI48:
        return ":".join(f"{byte:02x}" for byte in raw[-_EUI48_BYTES:]), Quality.MEASURED
    return str(ip_address(raw)), Quality.MEASURED


def _judge_float(one: Placed, words: list[int], scale: int | None) -> _Judged:
    single = struct.unpack(">f", struct.pack(">HH", *_high_word_first(one, words)))[0]
    if not math.isfinite(single):
        return _NOT_AVAILABLE
    if abs(single) >= BEYOND_ANY_QUANTITY:
        return _IMPLAUSIBLE
    return _judge_number(one, decimal_of(single), scale)


def _judge_integer(one: Placed, words: list[int], scale: int | None) -> _Judged:
    register = one.register
    number = 0
    for word in _high_word_first(one, words):
        number = number << 16 | word
    if register.type.is_signed and number >> (16 * len(words) - 1):
        number -= 1 << 16 * len(words)
    if number in register.sentinels:
        return _NOT_AVAILABLE
    if register.type is Kind.SUNSSF and number not in SCALE_FACTORS:
        return _NOT_AVAILABLE
    if register.mask is not None:
        number &= register.mask
    number += register.offset
    if one.codes is not None:
        text = one.codes.get(number)
        return (None, Quality.UNKNOWN_CODE) if text is None else (text, Quality.MEASURED)
    return _judge_number(one, Decimal(number), scale)


def _judge_number(one: Placed, number: Decimal, scale: int | None) -> _Judged:
    value = number * one.multiplier
    if scale is not None:
        power = scale - 0x10000 if scale & 0x8000 else scale
        if power not in SCALE_FACTORS:
            return _NOT_AVAILABLE
        value = value.scaleb(power)
    plausible = one.register.plausible
    if plausible and not plausible[0] <= value <= plausible[1]:
        return _IMPLAUSIBLE
    whole = value.to_integral_value()
    return (int(whole) if whole == value else value.normalize(), Quality.MEASURED)


def _high_word_first(one: Placed, words: list[int]) -> list[int]:
    return words[::-1] if one.is_little else words


_JUDGES: dict[Kind, Callable[[Placed, list[int], int | None], _Judged]] = {
    Kind.STRING: _judge_text,
    Kind.IPADDR: _judge_address,
    Kind.IPV6ADDR: _judge_address,
    Kind.EUI48: _judge_address,
    Kind.F32: _judge_float,
}
