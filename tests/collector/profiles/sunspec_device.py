"""A device with one model of the Alliance's files: random words, and what must be answered.

Reads the files itself and shares no code with the decoder.
"""

import json
import math
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.resources import files
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(str(files("sunspec2"))) / "models" / "json"
NUMBERS = sorted(int(path.stem.partition("_")[2]) for path in FOLDER.glob("model_*.json"))
BASE = 40_000
MARKER = (0x5375, 0x6E53)

BITS = {"int16": 16, "int32": 32, "int64": 64, "uint16": 16, "count": 16, "enum16": 16}
BITS |= {"bitfield16": 16, "acc16": 16, "uint32": 32, "enum32": 32, "bitfield32": 32}
BITS |= {"acc32": 32, "uint64": 64, "acc64": 64, "sunssf": 16}
BITS |= {"ipaddr": 32, "ipv6addr": 128, "eui48": 64}
SCALES = (*range(-10, 11), -32_768, 11, -11, 300)

Said = Mapping[str, Any]
Answer = tuple[object, str]
"""Value and quality."""


def document(number: int) -> Said:
    """Return the outermost group of a model's file."""
    said: Said = json.loads((FOLDER / f"model_{number}.json").read_text("utf-8"))["group"]
    return said


@dataclass(frozen=True)
class Point:
    """One point of a device."""

    said: Said
    address: int
    raw: object
    """A whole number without sign, a float or a text."""
    scale_at: int | None

    @property
    def addresses(self) -> range:
        """Return where its words stand."""
        return range(self.address, self.address + self.said["size"])


@dataclass
class Device:
    """A random device."""

    random: Random
    is_silent: bool = False
    words: dict[int, int | None] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    """Addresses of counts: without them nobody can know what stands where."""

    @property
    def next(self) -> int:
        """Return the first free address."""
        return max(self.words) + 1

    def add_group(self, said: Said, outer: Mapping[str, Point]) -> None:
        """Add a group: first all its points, then the groups in it."""
        counts = set(_counts(said))
        scope = dict(outer)
        starts = _starts(said, self.next)
        for point in said["points"]:
            scale = point.get("sf")
            at = None
            if isinstance(scale, str):
                at = starts.get(scale) or (scope[scale].address if scale in scope else None)
            raw = self._choose(point, is_count=point["name"] in counts)
            made = Point(point, self.next, raw, at)
            scope[point["name"]] = made
            self._put(made, is_count=point["name"] in counts)
        for inner in said.get("groups", ()):
            told = inner.get("count", 1)
            raw = scope[told].raw if isinstance(told, str) else told or self.random.randint(0, 3)
            assert isinstance(raw, int)
            for _ in range(raw):
                self.add_group(inner, scope)

    def expected(self) -> dict[int, Answer]:
        """Answer every point, by address."""
        return {one.address: self._answer(one) for one in self.points if one.said["type"] != "pad"}

    def lose(self, share: float) -> None:
        """Lose some words, never those that say how the rest is arranged."""
        for address in self.words:
            if address not in self.kept and self.random.random() < share:
                self.words[address] = None

    def _put(self, point: Point, *, is_count: bool) -> None:
        for address, word in zip(point.addresses, _words(point), strict=True):
            self.words[address] = word
        self.points.append(point)
        if is_count:
            self.kept |= set(point.addresses)

    def _choose(self, said: Said, *, is_count: bool) -> object:
        kind, chance = said["type"], self.random.random()
        if is_count:
            return self.random.randint(0, 3)
        if kind == "sunssf":
            return self.random.choice(SCALES) % (1 << 16)
        if kind == "string":
            letters = self.random.choices("ABC xyz-019", k=self.random.randint(0, 2 * said["size"]))
            return "".join(letters).rstrip()
        if kind == "float32":
            silent = math.nan if chance < 0.1 else math.inf
            number = self.random.randint(-99_999, 99_999) / 100
            return silent if self.is_silent or chance < 0.2 else number
        return 0 if kind == "pad" else self._choose_integer(said, chance)

    def _choose_integer(self, said: Said, chance: float) -> int:
        bits = BITS[said["type"]]
        if self.is_silent or chance < 0.1:
            return _nothing(said["type"])
        if said.get("symbols") and chance < 0.8:
            value: int = self.random.choice(said["symbols"])["value"]
            return value
        edges = [0, 1, (1 << bits - 1) - 1, 1 << bits - 1, (1 << bits) - 1, (1 << bits) - 2]
        return self.random.choice([*edges, *(self.random.getrandbits(bits) for _ in range(9))])

    def _answer(self, point: Point) -> Answer:
        needed = [*point.addresses, *([] if point.scale_at is None else [point.scale_at])]
        found = [self.words[address] for address in needed]
        if None in found:
            return None, "unread"
        power = 0 if point.scale_at is None else _signed(found[-1] or 0, 16)
        if isinstance(point.said.get("sf"), int):
            power = point.said["sf"]
        if isinstance(point.raw, str):
            return point.raw, "measured"
        if isinstance(point.raw, float):
            if not math.isfinite(point.raw):
                return None, "not_available"
            return _scaled(point.said, Fraction(str(point.raw)), power)
        assert isinstance(point.raw, int)
        return _judge(point.said, point.raw, power)


def random_device(number: int, seed: int, *, is_silent: bool = False) -> Device:
    """Make up a device with one common model and this one behind it."""
    device = Device(Random(number * 1_000 + seed), is_silent)  # noqa: S311  chance for a test
    length = 65 + seed % 2
    head = [*MARKER, 1, length, *[0x4142] * 16, *[0] * (length - 16)]
    device.words = dict(enumerate(head, BASE))
    start = device.next
    device.add_group(document(number), {})
    for offset, raw in enumerate((number, device.next - start - 2)):
        device.words[start + offset] = raw
        device.points[offset] = Point(device.points[offset].said, start + offset, raw, None)
    device.words |= {device.next: 0xFFFF, device.next + 1: 0}
    device.kept |= {*range(BASE, start + 2), device.next - 2, device.next - 1}
    return device


def _starts(said: Said, address: int) -> dict[str, int]:
    starts = {}
    for point in said["points"]:
        starts[point["name"]] = address
        address += point["size"]
    return starts


def _counts(said: Said) -> Iterator[str]:
    for one in said.get("groups", ()):
        if isinstance(one.get("count"), str):
            yield one["count"]
        yield from _counts(one)


def _nothing(kind: str) -> int:
    bits = BITS[kind]
    if kind.startswith("acc") or kind in {"ipaddr", "ipv6addr"}:
        return 0
    if kind == "eui48":
        return 0x0000_FFFF_FFFF_FFFF
    return 1 << bits - 1 if kind.startswith(("int", "sun")) else (1 << bits) - 1


def _words(point: Point) -> list[int]:
    size = 2 * point.said["size"]
    if isinstance(point.raw, str):
        raw = point.raw.encode("ascii").ljust(size, b"\0")
    elif isinstance(point.raw, float):
        raw = struct.pack(">f", point.raw)
    else:
        assert isinstance(point.raw, int)
        raw = point.raw.to_bytes(size, "big")
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, size, 2)]


def _judge(said: Said, raw: int, power: int) -> Answer:
    kind = said["type"]
    if kind in {"ipaddr", "ipv6addr", "eui48"}:
        return _judge_address(kind, raw)
    number = _signed(raw, BITS[kind]) if kind.startswith(("int", "sun")) else raw
    if raw == _nothing(kind) or (kind == "sunssf" and not -10 <= number <= 10):
        return None, "not_available"
    if kind.startswith("enum") and said.get("symbols"):
        names = {
            one["value"]: re.sub(r"\W+", "_", one["name"].lower()).strip("_")
            for one in said["symbols"]
        }
        return (names[raw], "measured") if raw in names else (None, "unknown_code")
    return _scaled(said, Fraction(number), power)


def _judge_address(kind: str, raw: int) -> Answer:
    low = f"{raw:012x}"[-12:]
    if not raw or low == "f" * 12 or (kind == "ipaddr" and raw == (1 << 32) - 1):
        return None, "not_available"
    if kind == "eui48":
        return ":".join(low[at : at + 2] for at in range(0, 12, 2)), "measured"
    return str(IPv4Address(raw) if kind == "ipaddr" else IPv6Address(raw)), "measured"


def _scaled(said: Said, number: Fraction, power: int) -> Answer:
    if not -10 <= power <= 10:
        return None, "not_available"
    units = said.get("units", "").strip()
    factor = Fraction(1000 if units in {"kWh", "kAH"} else 1)
    if said["name"].startswith("PF") and units == "Pct":
        factor = Fraction(1, 100)
    return number * Fraction(10) ** power * factor, "measured"


def _signed(raw: int, bits: int) -> int:
    return raw - (1 << bits) if raw >> bits - 1 else raw
