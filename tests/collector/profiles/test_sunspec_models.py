"""Every model of the Alliance's files, encoded by an account of its own and decoded exactly."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import pytest

from collector.profiles.decode import Decoded, decode_blocks
from collector.profiles.layout import Captured
from collector.profiles.profile import load_profile

FOLDER = Path(str(files("sunspec2"))) / "models" / "json"
NUMBERS = sorted(int(path.stem.partition("_")[2]) for path in FOLDER.glob("model_*.json"))
OWN = {101, 102, 103}
BASE = 40_000
MARKER = [0x5375, 0x6E53]
WIDTH = {"int16": 16, "int32": 32, "int64": 64, "uint16": 16, "count": 16, "enum16": 16}
WIDTH |= {"bitfield16": 16, "acc16": 16, "uint32": 32, "enum32": 32, "bitfield32": 32}
WIDTH |= {"acc32": 32, "uint64": 64, "acc64": 64, "sunssf": 16}


def document(number: int) -> Mapping[str, Any]:
    """Return a model's file."""
    said: Mapping[str, Any] = json.loads((FOLDER / f"model_{number}.json").read_text("utf-8"))
    return said


@dataclass
class Device:
    """One model with random words, and what must be answered at each address."""

    random: Random
    is_night: bool = False
    words: list[int] = field(default_factory=list)
    expected: dict[int, object] = field(default_factory=dict)
    """None stands for not available."""

    def group(self, said: Mapping[str, Any], start: int, scope: Mapping[str, int]) -> None:
        """Add a group: first all its points, then the groups in it."""
        factors, counts = dict(scope), dict(scope)
        inner = set(counted(said))
        for point in said["points"]:
            if point["type"] == "sunssf":
                factors[point["name"]] = self.random.randint(-3, 3)
            if point["name"] in inner:
                counts[point["name"]] = self.random.randint(1, 3)
        known = {**counts, **factors}
        for point in said["points"]:
            self.point(point, start + len(self.words), known)
        for one in said.get("groups", ()):
            told = one.get("count", 1)
            times = known[told] if isinstance(told, str) else told or self.random.randint(1, 3)
            for _ in range(times):
                self.group(one, start, known)

    def point(self, said: Mapping[str, Any], address: int, known: Mapping[str, int]) -> None:
        """Add one point."""
        kind, size = said["type"], said["size"]
        if kind == "pad":
            self.words += [0x8000] * size
        elif kind == "string":
            text = "".join(self.random.choices("ABC xyz019", k=2 * size - 1)).strip()
            self.words += words_of(text.encode().ljust(2 * size, b"\0"))
            self.expected[address] = text
        elif kind in {"ipaddr", "ipv6addr", "eui48"}:
            self.words += [0] * size
            self.expected[address] = None
        elif kind == "float32":
            self.words += [0x7FC0, 0] if self.is_night else [0x42C8, 0]
            self.expected[address] = None if self.is_night else self.value(said, 100, known)
        else:
            self.integer(said, address, known)

    def integer(self, said: Mapping[str, Any], address: int, known: Mapping[str, int]) -> None:
        """Add a whole number, or the word for nothing."""
        kind, name = said["type"], said["name"]
        bits = WIDTH[kind]
        nothing = {"i": 1 << bits - 1, "a": 0, "s": 1 << bits - 1}.get(kind[0], (1 << bits) - 1)
        if name in {"ID", "L"} or name in known:
            raw = known.get(name, said.get("value", 0))
            absent = False
        else:
            absent = self.is_night
            raw = nothing if absent else self.random.randint(1, 90)
            if not absent and kind[:3] == "int" and self.random.random() < 0.5:
                raw = -raw
        number = raw % (1 << bits)
        self.words += [number >> shift & 0xFFFF for shift in range(bits - 16, -1, -16)]
        self.expected[address] = None if absent else self.value(said, raw, known)

    def value(self, said: Mapping[str, Any], raw: int, known: Mapping[str, int]) -> object:
        """Return what the number stands for, in the base unit."""
        if said["type"].startswith("enum") and said.get("symbols"):
            return {one["value"]: one["name"].lower() for one in said["symbols"]}.get(raw)
        factor = said.get("sf", 0)
        power = factor if isinstance(factor, int) else known.get(factor, 0)
        units = said.get("units", "").strip()
        scale = Fraction(1000 if units in {"kWh", "kAH"} else 1)
        if said["name"].startswith("PF") and units == "Pct":
            scale = Fraction(1, 100)
        return Fraction(raw) * Fraction(10) ** power * scale


def counted(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of points that count groups, at any depth."""
    for one in said.get("groups", ()):
        if isinstance(one.get("count"), str):
            yield one["count"]
        yield from counted(one)


def words_of(raw: bytes) -> list[int]:
    """Return two characters a word."""
    return [raw[at] << 8 | raw[at + 1] for at in range(0, len(raw), 2)]


def common(length: int) -> list[int]:
    """Return a common model of 65 or 66 registers."""
    return [1, length, *[0x4142] * 16, *[0] * (length - 16)]


def made(number: int, seed: int, *, is_night: bool = False) -> tuple[list[int], Device, int]:
    """Return all words of a device with one model, and where the model begins."""
    head = [*MARKER, *common(65 + seed % 2)]
    device = Device(Random(number * 100 + seed), is_night)  # noqa: S311  chance for a test
    start = BASE + len(head)
    device.group(document(number)["group"], start, {})
    device.words[1] = len(device.words) - 2
    device.expected[start] = Fraction(number)
    device.expected[start + 1] = Fraction(device.words[1])
    device.words[0] = number
    return [*head, *device.words, 0xFFFF, 0], device, start


def answered(words: Sequence[int | None]) -> dict[int, Decoded]:
    """Return what is answered, by address."""
    profile = load_profile("sunspec_101_103")
    return {one.address: one for one in decode_blocks(profile, [Captured(3, BASE, words)])}


def comparable(one: Decoded) -> object:
    """Return a value as the expectation writes it."""
    if one.value is None or isinstance(one.value, str):
        return one.value
    return Fraction(one.value)


def differences(number: int, seed: int, *, is_night: bool = False) -> Iterator[str]:
    """Yield where the answer is not what was encoded."""
    words, device, _ = made(number, seed, is_night=is_night)
    found = answered(words)
    for address, value in device.expected.items():
        one = found.get(address)
        if one is None or (comparable(one) != value and one.quality != "implausible"):
            yield f"{address}: {one}, encoded {value}"


@pytest.mark.parametrize("number", [one for one in NUMBERS if one not in OWN and one != 1])
@pytest.mark.parametrize("seed", range(3))
def test_every_point_of_a_model_is_answered_exactly(number: int, seed: int) -> None:
    assert list(differences(number, seed)) == []


@pytest.mark.parametrize("number", [one for one in NUMBERS if one not in OWN and one != 1])
def test_no_word_for_nothing_becomes_a_value(number: int) -> None:
    assert list(differences(number, 9, is_night=True)) == []
