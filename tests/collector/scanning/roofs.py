"""Devices of every family as they stand on a roof by day and at night, and the captures at hand."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from collector.devices.modbus import Bus
from collector.devices.survey import Reads
from collector.errors import RefusedError, SilentError
from collector.profiles.profile import Profile, list_profiles, load_profile
from collector.profiles.register import Register
from collector.reading import Value
from collector.scanning.questions import Pace
from collector.scanning.scan import Scan
from collector.simulator.modbus_server import Refusal, Words, serve_memory
from collector.simulator.registers import Image, encode
from tests.requirements import shared_data

DAY: Sequence[tuple[str, Value]] = (
    (r"(\w+_)?frequency\w*", Decimal("59.98")),
    (r"ac_voltage_l\d_l\d", Decimal("381.2")),
    (r"(ac|backup|load|meter|grid)_voltage\w*", Decimal("220.4")),
    (r"dc_voltage\w*", Decimal("412.3")),
    (r"battery_voltage\w*", Decimal("51.2")),
    (r"(\w+_)?current\w*", Decimal("4.1")),
    (r"temperature\w*", Decimal("41.5")),
    (r"(\w*_)?soc\w*", 64),
    (r"rated_power", 5_000),
    (r"import_energy_total", 4_213_000),
    (r"(\w+_)?energy\w*total\w*", 13_350_000),
    (r"(\w+_)?energy\w*", 7_000),
    (r"(\w+_)?power_factor\w*", Decimal("0.98")),
    (r"(battery|grid|import|export)_power\w*", 420),
    (r"(\w+_)?power\w*", 1_830),
    (r"model", "SUN2000-5KTL-L1"),
    (r"serial_number\w*", "2302170042"),
    (r"(\w+_)?version\w*|part_number", "V100R001"),
)
"""What a quantity shows at noon; what stands in none is not available."""
SLEEPING = re.compile(r"\w*(power|current)\w*|dc_\w+")


def at_noon(profile: Profile) -> dict[str, Value]:
    """Return what a device of a family shows at noon."""
    return {
        one.quantity: value
        for one in profile.registers
        if (value := _value(profile, one)) is not None and "{n}" not in one.quantity
    }


def at_night(profile: Profile) -> dict[str, Value]:
    """Return what it shows in the dark, if it answers: no power, no current, nothing on strings."""
    values = at_noon(profile)
    return {
        name: 0 if SLEEPING.fullmatch(name) and name != "rated_power" else value
        for name, value in values.items()
    }


def image_of(name: str, values: Mapping[str, Value]) -> Image:
    """Return the words of a device of a family."""
    return encode(load_profile(name), values)


def serve_zeros(image: Mapping[tuple[int, int], int]) -> Words:
    """Answer zero wherever there is nothing, as many meters do."""
    return lambda _unit, code, address, count: [
        image.get((code, one), 0) for one in range(address, address + count)
    ]


@dataclass
class Line:
    """Units without a wire between: a bus that counts what it is asked."""

    units: Mapping[int, Words]
    asked: list[tuple[int, int, int, int]] = field(default_factory=list)

    def read(self, unit: int, function_code: int, address: int, count: int) -> list[int]:
        self.asked.append((unit, function_code, address, count))
        if unit not in self.units:
            raise SilentError(f"unit {unit}: no valid answer within 1 s")
        answer = self.units[unit](unit, function_code, address, count)
        if answer is Refusal.SILENCE:
            raise SilentError(f"unit {unit}: no valid answer within 1 s")
        if isinstance(answer, Refusal):
            raise RefusedError(f"unit {unit}: exception {answer}", answer)
        return list(answer)


def scan_line(units: Mapping[int, Words], asked: Sequence[int] = (1,)) -> Scan:
    """Scan units without a wire between."""
    return scan_bus(Line(units), asked)


def scan_bus(bus: Reads, asked: Sequence[int] = (1,), pace: Pace | None = None) -> Scan:
    """Scan unit ids of a bus with all profiles that are shipped."""
    scan = Scan(bus, every_profile(), pace or Pace())
    scan.run(asked)
    return scan


@cache
def every_profile() -> tuple[Profile, ...]:
    """Return all profiles that are shipped."""
    return tuple(load_profile(name) for name in list_profiles())


def scan_url(url: str, asked: Sequence[int] = (1,), timeout_s: float = 1.0) -> Scan:
    """Scan unit ids of a real bus, without a pause between requests."""
    bus = Bus(url, timeout_s, 0)
    try:
        return scan_bus(bus, asked)
    finally:
        bus.close()


def captures() -> dict[str, dict[str, Any]]:
    """Return the captures of real devices by id."""
    text = (shared_data() / "register_dumps.json").read_text(encoding="utf-8")
    return {one["id"]: one for one in json.loads(text)["vectors"]}


def serve_capture(capture: Mapping[str, Any]) -> Words:
    """Serve the words of a capture and refuse everything else."""
    code, start = capture["function_code"], capture["start_addr"]
    return serve_memory(
        {(code, address): word for address, word in enumerate(capture["registers"], start)}
    )


def names_of(scan: Scan) -> list[str]:
    """Return the profiles that fit the first unit, the best first."""
    return [fit.profile.name for fit in scan.found[0].fits]


def _value(profile: Profile, one: Register) -> Value | None:
    if one.codes:
        codes = profile.codes[one.codes]
        name = one.quantity
        if name == "device_type":
            return next(iter(profile.fingerprint[0].values), None)
        return list(codes.values())[min(1, len(codes) - 1)]
    for pattern, value in DAY:
        if re.fullmatch(pattern, one.quantity):
            return value if one.type.is_text == isinstance(value, str) else None
    return None
