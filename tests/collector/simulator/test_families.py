"""What families say: their own names, their own resolution, and counters that never fall."""

from decimal import Decimal

import pytest

from collector.reading import Value
from collector.simulator.families import FAMILIES, Direction, Sample, find_family


def say(profile: str, direction: Direction, energy_wh: int, power_w: int = 0) -> dict[str, Value]:
    return FAMILIES[profile, direction].says(Sample(energy_wh, 0, power_w, 5))


@pytest.mark.parametrize(
    ("profile", "direction", "counter", "shown_wh"),
    [
        ("huawei_sun2000", Direction.PRODUCTION, "energy_total", 1_234_560),
        ("sunspec_101_103", Direction.PRODUCTION, "energy_total", 1_234_567),
        ("sunspec_201_204", Direction.PRODUCTION, "export_energy_total", 1_234_567),
        ("sunspec_201_204", Direction.USE, "import_energy_total", 1_234_567),
        ("eastron_sdm", Direction.USE, "import_energy_total", 1_234_567),
        ("chint_ddsu666", Direction.USE, "import_energy_total", 1_234_567),
    ],
)
def test_each_family_counts_under_its_own_name(
    profile: str, direction: Direction, counter: str, shown_wh: int
) -> None:
    assert FAMILIES[profile, direction].counter == counter
    assert say(profile, direction, 1_234_567)[counter] == shown_wh


def test_a_sunspec_counter_at_zero_is_not_available() -> None:
    assert "import_energy_total" not in say("sunspec_201_204", Direction.USE, 0)


def test_a_float_meter_at_zero_says_zero() -> None:
    assert say("eastron_sdm", Direction.USE, 0)["import_energy_total"] == 0


def test_a_production_meter_shows_power_as_coming_out() -> None:
    assert say("sunspec_201_204", Direction.PRODUCTION, 1, 800)["grid_power"] == -800


def test_a_float_counter_of_many_kwh_gets_coarse_but_never_falls() -> None:
    shown = [
        say("eastron_sdm", Direction.USE, 40_000_000 + wh)["import_energy_total"]
        for wh in range(30)
    ]

    assert shown == sorted(shown, key=Decimal)
    assert 4 < len(set(shown)) < 20


def test_a_family_that_cannot_measure_a_direction_is_not_found() -> None:
    assert find_family("eastron_sdm", Direction.PRODUCTION) is None
