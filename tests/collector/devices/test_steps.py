"""How much one counting step of a register is."""

from decimal import Decimal

import pytest

from collector.devices.steps import raw_values_of, step_of
from collector.profiles.layout import Placed, place
from collector.profiles.profile import load_profile


def register(family: str, quantity: str) -> Placed:
    profile = load_profile(family)
    return place(profile, profile.by_quantity[quantity])


@pytest.mark.parametrize(
    ("family", "quantity", "step"),
    [
        ("huawei_sun2000", "energy_total", "10"),
        ("sungrow_sg", "energy_total", "1000"),
        ("pzem_004t", "energy_sum_total", "1"),
    ],
)
def test_an_integer_counts_in_its_last_digit(family: str, quantity: str, step: str) -> None:
    assert step_of(register(family, quantity), (0, 1), {}) == Decimal(step)


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ((0x48C3, 0x5000), "62.5"),  # 400,000 kWh: floats lie 1/32 kWh apart
        ((0x4B80, 0x0000), "4000"),  # 2 ** 24 kWh: 2 kWh apart
        ((0x3F80, 0x0000), "0.0002384185791015625"),  # 1 kWh: 2 ** -23 kWh apart
    ],
)
def test_a_float_counts_in_twice_its_distance_to_the_next(
    words: tuple[int, int], step: str
) -> None:
    assert step_of(register("eastron_sdm", "import_energy_total"), words, {}) == Decimal(step)


@pytest.mark.parametrize(("scale", "step"), [(0, "1"), (2, "100"), (0xFFFE, "0.01")])
def test_a_sunspec_point_counts_by_its_scale_factor(scale: int, step: str) -> None:
    placed = register("sunspec_101_103", "energy_total")
    scaled = Placed(
        placed.register, placed.quantity, placed.words, (3,), placed.multiplier, scale_at=40_100
    )

    assert step_of(scaled, (0, 1), {(3, 40_100): scale}) == Decimal(step)


@pytest.mark.parametrize(
    ("family", "quantity", "values"),
    [
        ("huawei_sun2000", "energy_total", 2**32),
        ("goodwe_dt_dns", "energy_today", 2**16),
        ("eastron_sdm", "import_energy_total", None),
        ("carlo_gavazzi_em340", "import_energy_total", None),
    ],
)
def test_unsigned_registers_begin_again_behind_their_last_value(
    family: str, quantity: str, values: int | None
) -> None:
    assert raw_values_of(register(family, quantity)) == values
