"""Modelled homes: seeded, of different sizes, with the shape of people's days."""

from datetime import UTC, datetime
from itertools import islice

import pytest

from collector.simulator.households import Home, Pattern, consumption_mwh, make_homes
from collector.simulator.town import OLLANTAYTAMBO, STEPS_A_DAY, step_number

MONDAY = step_number(datetime(2026, 6, 22, 5, tzinfo=UTC))
SATURDAY = step_number(datetime(2026, 6, 27, 5, tzinfo=UTC))
HOUR = 12


def use_wh(home: Home, first: int, from_hour: int, to_hour: int, seed: int = 1) -> int:
    steps = consumption_mwh(OLLANTAYTAMBO, home, seed, first)
    return sum(islice(steps, from_hour * HOUR, to_hour * HOUR)) // 1_000


@pytest.mark.parametrize("pattern", list(Pattern))
def test_every_pattern_uses_a_plausible_amount_a_day(pattern: Pattern) -> None:
    assert 1_500 < use_wh(Home("h", pattern, 100), MONDAY, 0, 24) < 16_000


@pytest.mark.parametrize("pattern", list(Pattern))
def test_something_always_runs(pattern: Pattern) -> None:
    day = islice(consumption_mwh(OLLANTAYTAMBO, Home("h", pattern, 100), 1, MONDAY), STEPS_A_DAY)

    assert min(day) > 0


def test_a_family_uses_more_in_the_evening_than_after_midnight() -> None:
    family = Home("h", Pattern.FAMILY, 100)

    assert use_wh(family, MONDAY, 18, 21) > 3 * use_wh(family, MONDAY, 1, 4)


def test_a_school_rests_on_saturday() -> None:
    school = Home("h", Pattern.SCHOOL, 100)

    assert use_wh(school, MONDAY, 8, 15) > 3 * use_wh(school, SATURDAY, 8, 15)


def test_a_seed_gives_the_same_home_again_and_another_seed_another_one() -> None:
    home = Home("home-01", Pattern.FAMILY, 100)

    assert use_wh(home, MONDAY, 0, 24) == use_wh(home, MONDAY, 0, 24)
    assert use_wh(home, MONDAY, 0, 24) != use_wh(home, MONDAY, 0, 24, seed=2)


def test_a_step_has_the_same_energy_wherever_the_reckoning_begins() -> None:
    home = Home("home-01", Pattern.CLINIC, 90)
    early = consumption_mwh(OLLANTAYTAMBO, home, 1, MONDAY - 1_000)
    late = consumption_mwh(OLLANTAYTAMBO, home, 1, MONDAY)

    assert list(islice(early, 1_000, 1_288)) == list(islice(late, 288))


def test_one_clinic_and_one_school_are_among_sixty() -> None:
    patterns = [home.pattern for home in make_homes([f"home-{n:02}" for n in range(60)], 1)]

    assert (patterns.count(Pattern.CLINIC), patterns.count(Pattern.SCHOOL)) == (1, 1)
