"""Every model of the SunSpec Alliance's files, for what a profile does not name.

The files are data of the package pysunspec2; they are read one at a time, when a device has the
model. A point is called `m<model>_<group>_<number>_<point>`; docs/profiles.md says how.
"""

import json
import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from collector.profiles.layout import Frame, Placed
from collector.profiles.register import FunctionCode, Kind, Register

Read = Callable[[int, int], Sequence[int | None]]

MEASURING = (
    range(101, 104),
    range(111, 114),
    range(160, 161),
    range(201, 215),
    range(401, 405),
    range(501, 503),
    range(701, 702),
    range(713, 715),
)
"""Models that mean nothing while every word of them is zero."""
FAULT = 7
HEADER = 2
_OUTERMOST = 2
"""Scopes around the groups that stand directly in a model."""

_KINDS: Mapping[str, tuple[Kind, tuple[int, ...]]] = {
    "int16": (Kind.S16, (-(1 << 15),)),
    "uint16": (Kind.U16, (0xFFFF,)),
    "count": (Kind.U16, (0xFFFF,)),
    "acc16": (Kind.U16, (0,)),
    "enum16": (Kind.ENUM16, (0xFFFF,)),
    "bitfield16": (Kind.BITFIELD16, (0xFFFF,)),
    "int32": (Kind.S32, (-(1 << 31),)),
    "uint32": (Kind.U32, (0xFFFF_FFFF,)),
    "acc32": (Kind.ACC32, (0,)),
    "enum32": (Kind.ENUM32, (0xFFFF_FFFF,)),
    "bitfield32": (Kind.BITFIELD32, (0xFFFF_FFFF,)),
    "int64": (Kind.S64, (-(1 << 63),)),
    "uint64": (Kind.U64, (0xFFFF_FFFF_FFFF_FFFF,)),
    "acc64": (Kind.U64, (0,)),
    "float32": (Kind.F32, ()),
    "string": (Kind.STRING, ()),
    "ipaddr": (Kind.IPADDR, ()),
    "ipv6addr": (Kind.IPV6ADDR, ()),
    "eui48": (Kind.EUI48, ()),
    "sunssf": (Kind.SUNSSF, (-(1 << 15),)),
}
_UNITS: Mapping[str, tuple[str, Decimal]] = {
    "C": ("°C", Decimal(1)),
    "Var": ("var", Decimal(1)),
    "Varh": ("varh", Decimal(1)),
    "WH": ("Wh", Decimal(1)),
    "kWh": ("Wh", Decimal(1000)),
    "Pct": ("%", Decimal(1)),
    "Degrees": ("deg", Decimal(1)),
    "Secs": ("s", Decimal(1)),
    "Sec": ("s", Decimal(1)),
    "mSecs": ("ms", Decimal(1)),
    "Tms": ("s", Decimal(1)),
    "Tmh": ("h", Decimal(1)),
    "Tmd": ("d", Decimal(1)),
    "VNomPct": ("%", Decimal(1)),
    "WMaxPct": ("%", Decimal(1)),
    "VarPct": ("%", Decimal(1)),
    "meters": ("m", Decimal(1)),
    "mps": ("m/s", Decimal(1)),
    "W/m^2": ("W/m2", Decimal(1)),
    "kO": ("kOhm", Decimal(1)),
    "ohms": ("Ohm", Decimal(1)),
    "HPa": ("hPa", Decimal(1)),
    "AH": ("Ah", Decimal(1)),
    "kAH": ("Ah", Decimal(1000)),
    "PF": ("1", Decimal(1)),
    "cos()": ("1", Decimal(1)),
    "SF": ("1", Decimal(1)),
}
_POWER_FACTOR = ("1", Decimal("0.01"))
"""A power factor in percent, as a part of one."""


@dataclass(frozen=True, slots=True)
class At:
    """Where one model stands, and the how-manieth of its number on the device it is."""

    address: int
    end: int
    turn: int = 1


def has_model(number: int) -> bool:
    """Say whether a file defines a model."""
    return _load(number) is not None


@cache
def fixed_length(number: int) -> int | None:
    """Return the registers behind L of a model that repeats nothing; None for any other."""
    document = _load(number)
    if document is None or document["group"].get("groups"):
        return None
    total: int = sum(point["size"] for point in document["group"]["points"])
    return total - HEADER


def place_model(number: int, at: At, codes: tuple[FunctionCode, ...], read: Read) -> list[Placed]:
    """Place all points of a model that fit into it; counts of groups are read from the device."""
    document = _load(number)
    if document is None:
        return []
    prefix = f"m{number}" if at.turn == 1 else f"m{number}x{at.turn}"
    return list(_Placing(at, codes, read).place(document["group"], prefix))


def frame_model(number: int, at: At, function_code: int) -> Frame | None:
    """Return the frame that means nothing while it is zero; None where zeros mean something."""
    if not any(number in models for models in MEASURING):
        return None
    may_hold = {} if (state := _find_state(number)) is None else {at.address + state: (FAULT,)}
    return Frame(function_code, at.address + HEADER, at.end, may_hold)


def _find_state(number: int) -> int | None:
    """Return the offset of an inverter's state, which a frame of zeros may hold."""
    offset = 0
    for point in (_load(number) or {"group": {"points": ()}})["group"]["points"]:
        if point["name"] == "St":
            return offset
        offset += point["size"]
    return None


@cache
def _load(number: int) -> dict[str, Any] | None:
    path = files("sunspec2") / "models" / "json" / f"model_{number}.json"
    if not path.is_file():
        return None
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


class _Placing:
    """Walks the groups of one model, address by address."""

    def __init__(self, at: At, codes: tuple[FunctionCode, ...], read: Read) -> None:
        self._at, self._codes, self._read = at, codes, read
        self._next = at.address

    def place(self, group: Mapping[str, Any], prefix: str) -> Iterator[Placed]:
        yield from self._group(group, prefix, ChainMap())

    def _group(
        self, group: Mapping[str, Any], prefix: str, outer: ChainMap[str, int]
    ) -> Iterator[Placed]:
        places = outer.new_child()
        start = self._next
        for point in group.get("points", ()):
            places[point["name"]] = self._next
            self._next += point["size"]
        after, self._next = self._next, start
        for point in group.get("points", ()):
            address = places[point["name"]]
            # Behind a model that is shorter than its file stands the next one.
            last = max(address + point["size"] - 1, self._scale_at(point, places) or 0)
            if point["type"] != "pad" and last < self._at.end:
                yield self._point(point, f"{prefix}_{_snake(point['name'])}", address, places)
        self._next = after
        for inner in group.get("groups", ()):
            yield from self._repeated(inner, prefix, places)

    def _repeated(
        self, group: Mapping[str, Any], prefix: str, places: ChainMap[str, int]
    ) -> Iterator[Placed]:
        name = f"{prefix}_{_snake(group['name'])}"
        if "count" not in group:
            yield from self._group(group, name, places)
            return
        told = self._count(group["count"], places)
        if told is None and len(places.maps) > _OUTERMOST:
            # How many points the first curve has is not known, nor where the second begins.
            self._next = self._at.end
            return
        length = self._length(group, places)
        fitting = max(self._at.end - self._next, 0) // length if length else 1
        for number in range(1, min(fitting, fitting if told is None else told) + 1):
            yield from self._group(group, f"{name}_{number}", places)

    def _length(self, group: Mapping[str, Any], places: Mapping[str, int]) -> int | None:
        """Return how many registers one repetition takes; None if a count in it did not come."""
        length: int = sum(point["size"] for point in group.get("points", ()))
        for inner in group.get("groups", ()):
            count = self._count(inner.get("count", 1), places)
            one = self._length(inner, places)
            if count is None or one is None:
                return None
            length += count * one
        return length

    def _count(self, told: int | str, places: Mapping[str, int]) -> int | None:
        """Return how often a group stands; None for as often as it fits, or if it did not come."""
        if isinstance(told, int):
            return told or None
        address = places.get(told)
        count = None if address is None else self._read(address, 1)[0]
        return None if count in {None, 0xFFFF} else count

    def _point(
        self, point: Mapping[str, Any], quantity: str, address: int, places: Mapping[str, int]
    ) -> Placed:
        kind, sentinels = _KINDS[point["type"]]
        unit, multiplier = _unit(point)
        # The Alliance's files need no check, and hold texts longer than one read.
        register = Register.model_construct(
            quantity=quantity,
            point=point["name"],
            point_offset=address - self._at.address,
            count=point["size"] if kind is Kind.STRING else None,
            type=kind,
            unit=unit,
            sentinels=sentinels,
            confidence="high",
            sources=("pysunspec2",),
        )
        placed = Placed(
            register,
            quantity,
            tuple(range(address, address + point["size"])),
            self._codes,
            multiplier,
            codes=_codes(point),
        )
        if isinstance(scale := point.get("sf"), int):
            return replace(placed, multiplier=multiplier.scaleb(scale))
        return replace(placed, scale_at=self._scale_at(point, places))

    def _scale_at(self, point: Mapping[str, Any], places: Mapping[str, int]) -> int | None:
        # A scale factor that the file names and does not define counts as none.
        scale = point.get("sf")
        return places.get(scale) if isinstance(scale, str) else None


def _unit(point: Mapping[str, Any]) -> tuple[str, Decimal]:
    units = point.get("units", "").strip()
    kind = _KINDS[point["type"]][0]
    if point["name"].startswith("PF") and units == "Pct":
        return _POWER_FACTOR
    if kind.is_enumeration:
        return "enum" if point.get("symbols") else "1", Decimal(1)
    if kind.is_text:
        return "text", Decimal(1)
    return _UNITS.get(units, (units or "1", Decimal(1)))


def _codes(point: Mapping[str, Any]) -> Mapping[int, str] | None:
    if not _KINDS[point["type"]][0].is_enumeration or not point.get("symbols"):
        return None
    return {one["value"]: _snake(one["name"]) for one in point["symbols"]}


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
