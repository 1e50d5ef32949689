"""An independent account of the facts: random frames and what must be answered.

Reads the facts, not the profiles, and shares no code with the decoder.
"""

import json
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import numpy as np

from tests.requirements import shared_data

Fact = dict[str, Any]
Expected = tuple[str, int, str, object]
"""Quantity, address, quality, value as a Fraction or text; None where it is withheld."""

SIGNED = {"s16", "s32", "sunssf"}
MODEL_AT = 40_069
SCALED = range(-10, 11)


@cache
def facts() -> dict[str, Fact]:
    """Return the families of the facts by id."""
    text = (shared_data() / "registers.json").read_text(encoding="utf-8")
    return {family["id"]: family for family in json.loads(text)["device_families"]}


@dataclass(frozen=True)
class Frame:
    """Random words of one device by address, and the answer that they must give."""

    words: dict[int, int | None]
    expected: list[Expected]


@dataclass(frozen=True)
class Point:
    """One register of a random device."""

    fact: Fact
    quantity: str
    addresses: list[int]
    raw: object
    scale_at: int | None


def random_frame(family: str, seed: int, lost: float = 0.0) -> Frame:
    """Make up a device of a family; a share of its words is lost."""
    random = Random(seed)  # noqa: S311  chance for a test, no secret
    points = list(random_points(facts()[family], random))
    words = {
        address: word
        for point in points
        for address, word in zip(point.addresses, words_of(point), strict=True)
    }
    kept = {address: word if random.random() >= lost else None for address, word in words.items()}
    return Frame(kept, sorted(expect(facts()[family], points, kept), key=lambda one: one[1]))


def sentinel_frame(family: str) -> Frame:
    """Make up a device that says "not available" in every register that can say so."""
    random = Random(1)  # noqa: S311  chance for a test, no secret
    points = [
        replace(point, raw=_sentinel(point.fact))
        for point in random_points(facts()[family], random)
        if point.fact["sentinels"] or point.fact["type"] == "f32"
    ]
    words = {
        address: word
        for point in points
        for address, word in zip(point.addresses, words_of(point), strict=True)
    }
    marks = [(one.quantity, one.addresses[0], "not_available", None) for one in points]
    return Frame(dict(words), sorted(marks, key=lambda one: one[1]))


def words_of(point: Point) -> list[int]:
    """Write a raw value as words in the order of its addresses."""
    kind, size = point.fact["type"], 2 * point.fact["count"]
    if kind == "string":
        # A text of even length is padded with spaces, any other with NUL.
        raw = str(point.raw).encode("ascii").ljust(size, b"\0 "[len(str(point.raw)) % 2 == 0 :][:1])
    elif kind == "f32":
        raw = struct.pack(">f", point.raw)
    else:
        assert isinstance(point.raw, int)
        raw = point.raw.to_bytes(size, "big", signed=point.raw < 0)
    words = [int.from_bytes(raw[at : at + 2], "big") for at in range(0, size, 2)]
    return words[::-1] if point.fact.get("word_order") == "little" else words


def random_points(family: Fact, random: Random) -> Iterator[Point]:
    """Give every register of a family a raw value, plausible ones most of the time."""
    scales = {one["point"]: random.choice([*range(-4, 4), -32768, 11]) for one in _scales(family)}
    modules = random.randrange(4)
    at = {one["point"]: MODEL_AT + one["point_offset"] for one in _scales(family)}
    for fact in family["registers"]:
        for number in range(1, modules + 1) if "repeat" in fact else (0,):
            scale = fact.get("scale_factor_point")
            if fact["type"] == "sunssf":
                raw: object = scales[fact["point"]]
            elif fact.get("point") == "N":
                raw = modules
            else:
                raw = random_raw(fact, random, scales.get(scale or "", 0))
            quantity = fact["canonical"].replace("{n}", str(number))
            yield Point(fact, quantity, _addresses(family, fact, number), raw, at.get(scale or ""))


def random_raw(fact: Fact, random: Random, scale: int) -> object:
    """Choose a raw value: a plausible one, a sentinel, a code or anything at all."""
    kind = fact["type"]
    if kind == "string":
        size = random.randrange(2 * fact["count"] + 1)
        return "".join(random.choice("ABC xyz-019") for _ in range(size)).rstrip()
    if kind == "f32":
        return random_single(fact, random)
    bits = 16 * fact["count"]
    lowest, highest = (-(1 << bits - 1), 1 << bits - 1) if kind in SIGNED else (0, 1 << bits)
    if fact.get("codes") and random.random() < 0.8:
        return int(random.choice(list(fact["codes"])))
    if fact["sentinels"] and random.random() < 0.1:
        return random.choice(fact["sentinels"])
    if "plausible" in fact and random.random() < 0.8 and scale in SCALED:
        factor = Fraction(fact["multiplier"]) * Fraction(10) ** scale
        ends = sorted(Fraction(end) / factor - fact.get("offset", 0) for end in fact["plausible"])
        first, last = max(math.ceil(ends[0]), lowest), min(math.floor(ends[1]), highest - 1)
        if first <= last:
            inside = [first, last, *(random.randint(first, last) for _ in range(3))]
            outside = [one for one in (first - 1, last + 1) if lowest <= one < highest]
            return random.choice([*inside, *outside])
    return random.choice([0, lowest, highest - 1, random.randrange(lowest, highest)])


def random_single(fact: Fact, random: Random) -> float:
    """Choose a float32."""
    if random.random() < 0.1:
        return random.choice([math.nan, math.inf, -math.inf])
    lowest, highest = fact.get("plausible", (-1e6, 1e6))
    multiplier = float(fact["multiplier"])
    ends = [np.float32(lowest / multiplier), np.float32(highest / multiplier)]
    value = random.uniform(lowest / multiplier, highest / multiplier)
    beside = [np.nextafter(end, np.float32(way)) for end in ends for way in (-math.inf, math.inf)]
    near = [value, round(value, 2), round(value), 0.0, value * 1e-6]
    return float(np.float32(random.choice([*near, *near, *ends, *beside])))


def expect(
    family: Fact, points: Sequence[Point], words: dict[int, int | None]
) -> Iterator[Expected]:
    """Answer every register as the facts demand."""
    zero = bool(_scales(family) or "sunspec_models" in family) and _is_zero(points, words)
    for point in points:
        needed = [*point.addresses, *([] if point.scale_at is None else [point.scale_at])]
        if any(words[address] is None for address in needed):
            quality, value = "unread", None
        elif zero:
            quality, value = "implausible", None
        else:
            scale = 0 if point.scale_at is None else _signed(words[point.scale_at])
            quality, value = judge(point.fact, point.raw, scale)
        yield point.quantity, point.addresses[0], quality, value


def judge(fact: Fact, raw: object, scale: int) -> tuple[str, object]:
    """Say what a raw value means."""
    if isinstance(raw, str):
        return "measured", raw
    if isinstance(raw, float):
        if not math.isfinite(raw):
            return "not_available", None
        digits = np.format_float_positional(np.float32(raw), unique=True, trim="-")
        number = Fraction(raw) if raw.is_integer() else Fraction(digits)
    else:
        assert isinstance(raw, int)
        scales = (scale, raw) if fact["type"] == "sunssf" else (scale,)
        if raw in fact["sentinels"] or any(one not in SCALED for one in scales):
            return "not_available", None
        masked = raw & fact["mask"] if "mask" in fact else raw
        number = Fraction(masked + fact.get("offset", 0))
    if fact.get("codes"):
        text = fact["codes"].get(str(number))
        return ("measured", text) if text else ("unknown_code", None)
    value = number * Fraction(fact["multiplier"]) * Fraction(10) ** scale
    lowest, highest = fact.get("plausible", (value, value))
    return ("measured", value) if lowest <= value <= highest else ("implausible", None)


def as_fraction(value: object) -> object:
    """Make an answered number comparable with an expected one."""
    return Fraction(value) if isinstance(value, int | Decimal) else value


def _sentinel(fact: Fact) -> object:
    return fact["sentinels"][-1] if fact["sentinels"] else math.nan


def _scales(family: Fact) -> list[Fact]:
    return [one for one in family["registers"] if one["type"] == "sunssf"]


def _addresses(family: Fact, fact: Fact, number: int) -> list[int]:
    if "addresses" in fact:
        return list(fact["addresses"])
    start = fact.get("addr", MODEL_AT + fact.get("point_offset", 0))
    if number:
        module = family["module_block"]
        start += module["first_offset"] + (number - 1) * module["length"]
    return list(range(start, start + fact["count"]))


def _is_zero(points: Sequence[Point], words: dict[int, int | None]) -> bool:
    status = [one.addresses[0] for one in points if one.fact.get("point") == "St"]
    return not any(word for at, word in words.items() if word and not (at in status and word == 7))


def _signed(word: int | None) -> int:
    assert word is not None
    return word - 65_536 if word >= 32_768 else word
