"""Words to exact values with a quality; the only place that touches floats.

Knows what words mean, not how they were fetched.
"""

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from decimal import Context, Decimal
from enum import StrEnum
from functools import partial
from ipaddress import ip_address
from typing import NamedTuple

from collector.profiles.layout import (
    Captured,
    Frame,
    Layout,
    Memory,
    Placed,
    lay_out_fixed,
    remember,
)
from collector.profiles.profile import Profile
from collector.profiles.register import Kind, Register
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


class Decoded(NamedTuple):
    """One quantity: its value in the base unit, or None and the quality that says why."""

    quantity: str
    address: int
    count: int  # type: ignore[assignment]  # of words; nobody counts in a tuple
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
    return Decoder(layout).decode(memory)


class Decoder:
    """The registers of one layout, made ready once for many polls."""

    def __init__(self, layout: Layout) -> None:
        """Work out what is the same in each poll."""
        self._frames = layout.frames
        self._ready = [
            _Ready(one) for one in sorted(layout.placed, key=lambda placed: placed.words[0])
        ]

    def decode(self, memory: Memory) -> list[Decoded]:
        """Answer every register that the memory touches, ordered by address."""
        found = [decoded for one in self._ready if (decoded := one.decode(memory)) is not None]
        zero = [frame for frame in self._frames if frame.is_zero(memory)]
        return [_withhold_zero(decoded, zero) for decoded in found] if zero else found


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
_Judge = Callable[[Sequence[int], int | None], _Judged]
"""Says what words mean; the second is the raw scale factor, if the register has one."""
_EUI48_BYTES = 6
_MEASURED = Quality.MEASURED
_NOT_AVAILABLE: _Judged = (None, Quality.NOT_AVAILABLE)
_UNREAD: _Judged = (None, Quality.UNREAD)
_IMPLAUSIBLE: _Judged = (None, Quality.IMPLAUSIBLE)


class _Ready:
    """One register with its judge, and the keys of its words in the table that is asked first."""

    __slots__ = ("_address", "_judge", "_key", "_more", "_one", "_quantity", "_scale_key", "_unit")

    def __init__(self, one: Placed) -> None:
        code = one.function_codes[0]
        self._one, self._judge = one, _make_judge(one)
        self._key, *self._more = [(code, word) for word in one.words]
        self._scale_key = None if one.scale_at is None else (code, one.scale_at)
        self._quantity, self._unit = one.quantity, one.register.unit
        self._address = one.words[0]

    def decode(self, memory: Memory) -> Decoded | None:
        """Return what its words say; None when none of them was asked for."""
        first = memory.get(self._key)
        words = (first, *map(memory.get, self._more)) if self._more else (first,)
        scale = None if self._scale_key is None else memory.get(self._scale_key)
        if None in words or (self._scale_key is not None and scale is None):
            return self._decode_torn(memory)
        value, quality = self._judge(words, scale)  # type: ignore[arg-type]  # none is None
        return Decoded(self._quantity, self._address, len(words), value, self._unit, quality, words)

    def _decode_torn(self, memory: Memory) -> Decoded | None:
        """Look for the words in every table that the register may stand in."""
        one = self._one
        tables = _order_tables(one, memory)
        if not tables:
            return None
        raw = tuple(_find_word(word, memory, tables) for word in one.words)
        words = [word for word in raw if word is not None]
        scale = None if one.scale_at is None else _find_word(one.scale_at, memory, tables)
        if len(words) < len(raw) or (one.scale_at is not None and scale is None):
            value, quality = _UNREAD
        else:
            value, quality = self._judge(words, scale)
        return Decoded(self._quantity, self._address, len(raw), value, self._unit, quality, raw)


def _withhold_zero(decoded: Decoded, zero: Sequence[Frame]) -> Decoded:
    """Withhold what lies in a model whose words are all zero."""
    is_inside = any(frame.holds(decoded.address) for frame in zero)
    if decoded.quality is Quality.UNREAD or not is_inside:
        return decoded
    return decoded._replace(value=None, quality=Quality.IMPLAUSIBLE)


def _order_tables(one: Placed, memory: Memory) -> list[int]:
    """Return the function codes that were asked for its words, the one that knows most first."""
    came: dict[int, list[bool]] = {
        code: [memory.get((code, word)) is not None for word in one.words]
        for code in one.function_codes
        if any((code, word) in memory for word in one.words)
    }
    return sorted(came, key=lambda code: -sum(came[code]))


def _find_word(address: int, memory: Memory, tables: Sequence[int]) -> int | None:
    """Return a word from the first table that holds it: where there are two, they say the same."""
    found = (memory.get((table, address)) for table in tables)
    return next((word for word in found if word is not None), None)


def _judge_text(one: Placed, words: Sequence[int], scale: int | None) -> _Judged:
    del one, scale
    raw = b"".join(word.to_bytes(2, "big") for word in words)
    text = raw.partition(b"\0")[0].decode("latin-1").rstrip(" ")
    return (text, Quality.MEASURED) if text.isascii() and text.isprintable() else _IMPLAUSIBLE


def _judge_address(one: Placed, words: Sequence[int], scale: int | None) -> _Judged:
    del scale
    raw = b"".join(word.to_bytes(2, "big") for word in words)
    if not int.from_bytes(raw, "big") or set(raw[-_EUI48_BYTES:]) == {0xFF}:
        return _NOT_AVAILABLE
    if one.register.type is Kind.EUI48:
        return ":".join(f"{byte:02x}" for byte in raw[-_EUI48_BYTES:]), Quality.MEASURED
    return str(ip_address(raw)), Quality.MEASURED


def _judge_float(one: Placed, words: Sequence[int], scale: int | None) -> _Judged:
    single = struct.unpack(">f", struct.pack(">HH", *_high_word_first(one, words)))[0]
    if not math.isfinite(single):
        return _NOT_AVAILABLE
    if abs(single) >= BEYOND_ANY_QUANTITY:
        return _IMPLAUSIBLE
    return _judge_number(one, decimal_of(single), scale)


def _make_integer_judge(one: Placed) -> _Judge:
    """Return the judge of an integer; all that a profile says of it is looked up here, once."""
    register, codes, is_little = one.register, one.codes, one.is_little
    sentinels, mask, offset, multiplier = (
        register.sentinels,
        register.mask,
        register.offset,
        one.multiplier,
    )
    span = 1 << 16 * len(one.words)
    first_negative = span // 2 if register.type.is_signed else span
    is_scale_factor = register.type is Kind.SUNSSF
    numerator, denominator = multiplier.as_integer_ratio()
    lowest, highest = _limits(register, denominator)

    def judge(words: Sequence[int], scale: int | None) -> _Judged:
        number = 0
        for word in words[::-1] if is_little else words:
            number = number << 16 | word
        if number >= first_negative:
            number -= span
        if number in sentinels or (is_scale_factor and number not in SCALE_FACTORS):
            return _NOT_AVAILABLE
        if mask is not None:
            number &= mask
        number += offset
        if codes is not None:
            text = codes.get(number)
            return (None, Quality.UNKNOWN_CODE) if text is None else (text, _MEASURED)
        if scale is not None:
            return _judge_number(one, Decimal(number), scale)
        if not lowest <= number * numerator <= highest:
            return _IMPLAUSIBLE
        whole, rest = divmod(number * numerator, denominator)
        return (whole if not rest else (number * multiplier).normalize(), _MEASURED)

    return judge


def _limits(register: Register, denominator: int) -> tuple[float, float]:
    """Return the limits of a register in parts of its unit; infinite where none are stated."""
    if register.plausible is None:
        return -math.inf, math.inf
    lowest, highest = register.plausible
    return math.ceil(lowest * denominator), math.floor(highest * denominator)


def _judge_number(one: Placed, number: Decimal, scale: int | None) -> _Judged:
    value = one.multiplier * number
    if scale is not None:
        power = scale - 0x10000 if scale & 0x8000 else scale
        if power not in SCALE_FACTORS:
            return _NOT_AVAILABLE
        value = value.scaleb(power)
    plausible = one.register.plausible
    if plausible and not plausible[0] <= value <= plausible[1]:
        return _IMPLAUSIBLE
    whole = value.to_integral_value()
    return (int(whole) if whole == value else value.normalize(), _MEASURED)


def _high_word_first(one: Placed, words: Sequence[int]) -> Sequence[int]:
    return words[::-1] if one.is_little else words


_JUDGES = {
    Kind.STRING: _judge_text,
    Kind.IPADDR: _judge_address,
    Kind.IPV6ADDR: _judge_address,
    Kind.EUI48: _judge_address,
    Kind.F32: _judge_float,
}


def _make_judge(one: Placed) -> _Judge:
    judge = _JUDGES.get(one.register.type)
    return partial(judge, one) if judge else _make_integer_judge(one)
