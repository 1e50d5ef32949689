"""Every way in which every register of every family says "nothing" gives no value."""

import math
import struct
from collections.abc import Iterator

import pytest

from collector.profiles.decode import decode_layout
from collector.profiles.layout import Captured, Layout, place, remember
from collector.profiles.profile import list_profiles, load_profile
from collector.profiles.register import Kind, Register

LOWEST = -3.4028234663852886e38


def silent_words() -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield family, quantity and words, most significant first."""
    for family in list_profiles():
        for register in load_profile(family).registers:
            for words in _of_float() if register.type is Kind.F32 else _of_integer(register):
                yield family, register.quantity, words


def _of_float() -> Iterator[tuple[int, ...]]:
    for value in (math.nan, math.inf, -math.inf, LOWEST):
        yield struct.unpack(">HH", struct.pack(">f", value))


def _of_integer(register: Register) -> Iterator[tuple[int, ...]]:
    size = (register.type.words or 0) * 2
    for number in register.sentinels:
        raw = number.to_bytes(size, "big", signed=register.type.is_signed)
        yield struct.unpack(f">{size // 2}H", raw)


@pytest.mark.parametrize(("family", "quantity", "words"), list(silent_words()))
def test_nothing_is_never_a_value(family: str, quantity: str, words: tuple[int, ...]) -> None:
    profile = load_profile(family)
    placed = place(profile, profile.by_quantity[quantity])
    ordered = words[:: -1 if placed.is_little else 1]
    memory = remember(
        Captured(placed.function_codes[0], at, [word])
        for at, word in zip(placed.words, ordered, strict=True)
    )

    (decoded,) = decode_layout(Layout((placed,)), memory)

    assert decoded.value is None
