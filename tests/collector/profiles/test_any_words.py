"""Whatever a device of any family says: only our own errors, only finite values in their limits.

CI tries 300 devices of each family, a desk 200.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.devices.planner import Block
from collector.devices.survey import plan_all
from collector.errors import CollectorError
from collector.profiles.captures import dump_answer
from collector.profiles.decode import Decoded, decode_blocks
from collector.profiles.layout import Captured, lay_out_fixed
from collector.profiles.profile import Profile, SunSpec, load_profile
from collector.profiles.sunspec import ModelStart
from collector.reading import Value
from tests.collector.profiles.families import FAMILIES
from tests.collector.profiles.sunspec_device import NUMBERS

EXAMPLES = 300 if os.environ.get("CI") == "true" else 200
EDGES = (0, 1, 7, 0x7FFF, 0x8000, 0xFFFF, 0x7FC0, 0x7F80, 0xFF7F, 0x5375, 0x6E53, None)
BEYOND = Decimal(10) ** 30
"""More than 64 bits times the largest scale factor."""

Words = list[int | None]


@cache
def family(name: str) -> Profile:
    """Return a profile, read once."""
    return load_profile(name)


def any_word(random: Random, raw: bytes) -> int | None:
    """Choose a word of the bytes, or one that often means something."""
    at = random.randrange(len(raw) - 1)
    return random.choice(EDGES) if random.random() < 0.3 else raw[at] << 8 | raw[at + 1]


def any_words(random: Random, raw: bytes, count: int) -> Words:
    """Choose words."""
    return [any_word(random, raw) for _ in range(count)]


@cache
def stretches(name: str) -> Sequence[Block]:
    """Return where a family with fixed addresses keeps its registers."""
    return plan_all(family(name), lay_out_fixed(family(name)))


def any_device(name: str, random: Random, raw: bytes) -> list[Captured]:
    """Make up blocks that lie over each other, or beside what the profile knows."""
    profile = family(name)
    code = random.choice(profile.function_codes)
    if profile.sunspec:
        return [Captured(code, random.choice([0, 40_000, 50_000, 64_000]), _any_map(random, raw))]
    blocks = []
    for one in stretches(name):
        start = min(max(one.address + random.randint(-3, 3), 0), 65_535)
        count = min(one.count + random.randint(-3, 3), 65_536 - start)
        blocks.append(Captured(code, start, any_words(random, raw, max(count, 1))))
    return random.sample(blocks, random.randint(1, len(blocks)))


def _any_map(random: Random, raw: bytes) -> Words:
    words: Words = [0x5375, 0x6E53, 1, random.choice([65, 66]), *any_words(random, raw, 66)]
    for _ in range(random.randint(0, 3)):
        length = random.randint(0, 130)
        words += [random.choice([*NUMBERS, 103, 203, None]), random.choice([length, length, None])]
        words += any_words(random, raw, length)
    return words[random.choice([0, 0, 0, 0, 2, 70]) :]


def any_start(sunspec: SunSpec | None, first: int, random: Random) -> ModelStart | None:
    """Tell now and then where a capture begins."""
    if sunspec is None or random.random() < 0.7:
        return None
    return ModelStart(max(first + random.randint(-90, 90), 0), random.choice(sunspec.models))


def found_wrong(profile: Profile, decoded: Sequence[Decoded]) -> Iterator[str]:
    """Yield what no answer may be."""
    for one in decoded:
        register = profile.by_quantity.get(re.sub(r"\d+$", "{n}", one.quantity))
        register = profile.by_quantity.get(one.quantity, register)
        limits = register.plausible if register else None
        if (one.value is None) == (one.quality == "measured"):
            yield f"{one}: a value has a quality of its own"
        if len(one.raw) != one.count or not 0 <= one.address <= 65_535:
            yield f"{one}: words and address"
        if one.value is not None and not is_sound(one.value, limits):
            yield f"{one}: value"


def is_sound(value: Value, limits: tuple[Decimal, Decimal] | None) -> bool:
    """Say whether a value is a clean text, or a number in its limits."""
    if isinstance(value, str):
        return value.isascii() and (value.isprintable() or not value)
    lowest, highest = limits or (-BEYOND, BEYOND)
    return Decimal(value).is_finite() and lowest <= value <= highest


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=EXAMPLES)
@given(raw=st.binary(min_size=2, max_size=200), seed=st.integers(0, 2**32))
def test_any_words_give_sound_values_or_an_error_of_ours(name: str, raw: bytes, seed: int) -> None:
    profile, random = family(name), Random(seed)  # noqa: S311  chance for a test, no secret
    blocks = any_device(name, random, raw)
    decoded: list[Decoded] = []

    with suppress(CollectorError):
        decoded = decode_blocks(
            profile, blocks, any_start(profile.sunspec, blocks[0].address, random)
        )

    assert list(found_wrong(profile, decoded)) == []


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=10)
@given(raw=st.binary(min_size=2, max_size=200), seed=st.integers(0, 2**32))
def test_any_answer_is_json(name: str, raw: bytes, seed: int) -> None:
    random = Random(seed)  # noqa: S311  chance for a test, no secret
    profile, blocks = family(name), any_device(name, random, raw)
    start = ModelStart(40_069, profile.sunspec.models[0]) if profile.sunspec else None

    answer = json.loads(dump_answer(name, decode_blocks(profile, blocks, start)))

    assert answer["profile"] == name
