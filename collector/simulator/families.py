"""What each family of devices can say of a flow of energy, in its own names and resolution.

Values are what a poll decodes: already as coarse as the family's registers. Knows no addresses.
"""

import struct
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from collector.profiles.decode import decimal_of
from collector.reading import Value


class Direction(StrEnum):
    """Which way energy flows through a device, seen from the home or the roof."""

    USE = "use"
    PRODUCTION = "production"


class Sample(NamedTuple):
    """What is true at one moment, before a device makes numbers of it."""

    energy_wh: int
    today_wh: int
    """What has flowed since the local midnight."""
    power_w: int
    flicker: int
    """0 to 15: how far voltage and frequency stand from their usual value."""


Says = Callable[[Sample], dict[str, Value]]


class Family(NamedTuple):
    """One family in one direction: the name of its energy counter, and all that it says."""

    counter: str
    says: Says


def find_family(profile: str, direction: Direction) -> Family | None:
    """Return how a profile reports a direction; None where it cannot measure it."""
    return FAMILIES.get((profile, direction))


def _say_huawei(sample: Sample) -> dict[str, Value]:
    return {
        "ac_power": sample.power_w,
        "dc_power": sample.power_w * 103 // 100,
        "energy_total": sample.energy_wh // 10 * 10,
        "energy_today": sample.today_wh // 10 * 10,
        "ac_voltage_l1": _voltage(sample.flicker),
        "frequency": _frequency(sample.flicker),
        "temperature": Decimal(180 + sample.power_w // 30) / 10,
        "status": "On-grid" if sample.power_w else "Standby: checking irradiation",
        "fault_code": 0,
    }


def _say_sunspec_inverter(sample: Sample) -> dict[str, Value]:
    return _without_zero("energy_total", sample.energy_wh) | {
        "ac_power": sample.power_w,
        "ac_voltage_l1": _voltage(sample.flicker),
        "frequency": _frequency(sample.flicker),
        "status": "MPPT" if sample.power_w else "sleeping",
    }


def _say_sunspec_use(sample: Sample) -> dict[str, Value]:
    return _without_zero("import_energy_total", sample.energy_wh) | {
        "grid_power": sample.power_w,
        "ac_voltage_l1": _voltage(sample.flicker),
        "frequency": _frequency(sample.flicker),
    }


def _say_sunspec_production(sample: Sample) -> dict[str, Value]:
    return _without_zero("export_energy_total", sample.energy_wh) | {
        "grid_power": -sample.power_w,
        "ac_voltage_l1": _voltage(sample.flicker),
        "frequency": _frequency(sample.flicker),
    }


def _say_float_meter(sample: Sample) -> dict[str, Value]:
    return {
        "grid_power": sample.power_w,
        "import_energy_total": _float32_kwh(sample.energy_wh),
        "export_energy_total": 0,
        "ac_voltage_l1": _voltage(sample.flicker),
        "frequency": _frequency(sample.flicker),
    }


FAMILIES: Mapping[tuple[str, Direction], Family] = {
    ("huawei_sun2000", Direction.PRODUCTION): Family("energy_total", _say_huawei),
    ("sunspec_101_103", Direction.PRODUCTION): Family("energy_total", _say_sunspec_inverter),
    ("sunspec_201_204", Direction.PRODUCTION): Family(
        "export_energy_total", _say_sunspec_production
    ),
    ("sunspec_201_204", Direction.USE): Family("import_energy_total", _say_sunspec_use),
    ("eastron_sdm", Direction.USE): Family("import_energy_total", _say_float_meter),
    ("chint_ddsu666", Direction.USE): Family("import_energy_total", _say_float_meter),
}

FLOAT32_KEEPS_WH_BELOW = 16_384_000
"""Up to here a float32 of kWh still tells every whole Wh from the next."""


def _without_zero(counter: str, energy_wh: int) -> dict[str, Value]:
    """Leave a SunSpec counter out while it is zero: zero there means not available."""
    return {counter: energy_wh} if energy_wh else {}


def _voltage(flicker: int) -> Decimal:
    return _VOLTAGES[flicker]


def _frequency(flicker: int) -> Decimal:
    return _FREQUENCIES[flicker]


def _float32_kwh(energy_wh: int) -> Value:
    if energy_wh < FLOAT32_KEEPS_WH_BELOW:
        return energy_wh
    single = struct.unpack(">f", struct.pack(">f", energy_wh / 1_000))[0]
    return decimal_of(single) * 1_000


_VOLTAGES = tuple(Decimal(2_180 + 3 * flicker) / 10 for flicker in range(16))
_FREQUENCIES = tuple(Decimal(5_992 + flicker) / 100 for flicker in range(16))
