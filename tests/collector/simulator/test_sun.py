"""The modelled sky: dark at night, plausible at noon, the same for a seed always."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest

from collector.simulator.clouds import daylight
from collector.simulator.curve import EnergyCurve, Grid
from collector.simulator.sun import UNITS_PER_WH, Roof, clear_sky_mwh, production_mwh
from collector.simulator.town import OLLANTAYTAMBO, STEP, step_number

ROOF = Roof(panels_w=5_000, inverter_w=4_600, tilt_deg=12, azimuth_deg=0)
DAY = datetime(2026, 6, 21, 5, tzinfo=UTC)


@pytest.fixture
def clear_day() -> EnergyCurve:
    steps = clear_sky_mwh(OLLANTAYTAMBO, ROOF, step_number(DAY))
    return EnergyCurve(Grid(DAY, STEP, UNITS_PER_WH), steps)


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 4, 5, 19, 20, 21, 22, 23])
def test_a_roof_makes_nothing_at_night(clear_day: EnergyCurve, hour: int) -> None:
    assert clear_day.power_w(DAY + timedelta(hours=hour)) == 0


def test_a_clear_noon_in_the_andes_gives_most_of_what_the_panels_are_rated_for(
    clear_day: EnergyCurve,
) -> None:
    assert 3_700 < clear_day.power_w(DAY + timedelta(hours=11, minutes=50)) <= 4_600


def test_a_clear_day_gives_between_five_and_seven_hours_of_rated_power(
    clear_day: EnergyCurve,
) -> None:
    assert 25_000 < clear_day.counter_wh(DAY + timedelta(days=1)) < 35_000


def test_the_inverter_limits_what_the_panels_give() -> None:
    small = Roof(panels_w=5_000, inverter_w=2_000, tilt_deg=12, azimuth_deg=0)

    day = list(islice(clear_sky_mwh(OLLANTAYTAMBO, small, step_number(DAY)), 288))

    assert max(day) == 2_000 * UNITS_PER_WH // 12 + 1


def test_clouds_only_take_away() -> None:
    first = step_number(DAY)
    clear = list(islice(clear_sky_mwh(OLLANTAYTAMBO, ROOF, first), 2_880))
    cloudy = list(islice(production_mwh(OLLANTAYTAMBO, ROOF, 1, first), 2_880))

    assert all(below <= above for below, above in zip(cloudy, clear, strict=True))
    assert 0.4 * sum(clear) < sum(cloudy) < sum(clear)


def test_a_step_has_the_same_energy_wherever_the_reckoning_begins() -> None:
    first = step_number(DAY)
    early = production_mwh(OLLANTAYTAMBO, ROOF, 1, first - 20_000)
    late = production_mwh(OLLANTAYTAMBO, ROOF, 1, first)

    assert list(islice(early, 20_000, 20_288)) == list(islice(late, 288))


def test_another_seed_gives_another_sky() -> None:
    assert daylight(1, date(2026, 6, 21)) == daylight(1, date(2026, 6, 21))
    assert daylight(1, date(2026, 6, 21)) != daylight(2, date(2026, 6, 21))
