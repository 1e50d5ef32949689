"""What homes use: seeded patterns of a day, a family's peaks or a clinic's hours.

Whole milliwatt-hours per five-minute step. Knows no sun, no meter and no member.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from math import exp
from random import Random
from typing import NamedTuple

from collector.simulator.town import STEP_S, STEPS_A_DAY, Town, local_steps

UNITS_PER_WH = 1_000
SATURDAY = 5


class Pattern(StrEnum):
    """Who lives or works behind a meter."""

    FAMILY = "family"
    LARGE_FAMILY = "large_family"
    COUPLE = "couple"
    ELDERS = "elders"
    SHOP = "shop"
    WORKSHOP = "workshop"
    CLINIC = "clinic"
    SCHOOL = "school"


class Home(NamedTuple):
    """One modelled home: its pattern, and its size in per cent of the usual."""

    name: str
    pattern: Pattern
    size_percent: int


class Peak(NamedTuple):
    """A hump of use around an hour of the local day."""

    hour: float
    width_h: float
    weekday_w: int
    weekend_w: int


class Habit(NamedTuple):
    """What a pattern is made of: what always runs, the humps, and short strong appliances."""

    base_w: int
    peaks: tuple[Peak, ...]
    bursts_a_day: int
    burst_w: int


HABITS = {
    Pattern.FAMILY: Habit(
        70,
        (Peak(6.5, 0.9, 380, 260), Peak(12.5, 1.2, 330, 480), Peak(19.5, 1.8, 560, 600)),
        6,
        1_400,
    ),
    Pattern.LARGE_FAMILY: Habit(
        110,
        (Peak(6.0, 1.0, 620, 420), Peak(12.8, 1.5, 520, 760), Peak(19.8, 2.0, 880, 900)),
        10,
        1_600,
    ),
    Pattern.COUPLE: Habit(
        50,
        (Peak(6.8, 0.7, 260, 140), Peak(13.0, 1.0, 90, 300), Peak(20.5, 1.6, 420, 380)),
        4,
        1_300,
    ),
    Pattern.ELDERS: Habit(
        55,
        (Peak(7.5, 1.2, 220, 220), Peak(12.2, 1.4, 300, 300), Peak(18.8, 1.5, 260, 260)),
        4,
        1_100,
    ),
    Pattern.SHOP: Habit(150, (Peak(10.5, 2.2, 420, 520), Peak(17.5, 2.4, 560, 620)), 3, 900),
    Pattern.WORKSHOP: Habit(
        60,
        (Peak(9.5, 1.6, 900, 250), Peak(14.8, 1.8, 1_050, 0), Peak(20.0, 1.4, 240, 320)),
        8,
        2_200,
    ),
    Pattern.CLINIC: Habit(
        240,
        (Peak(9.5, 2.2, 780, 300), Peak(15.0, 2.4, 680, 220), Peak(21.0, 3.0, 180, 180)),
        5,
        1_500,
    ),
    Pattern.SCHOOL: Habit(
        80, (Peak(9.0, 1.6, 950, 40), Peak(12.8, 1.6, 820, 30), Peak(18.5, 1.2, 260, 0)), 3, 1_800
    ),
}

STREET = (
    Pattern.FAMILY,
    Pattern.CLINIC,
    Pattern.ELDERS,
    Pattern.LARGE_FAMILY,
    Pattern.COUPLE,
    Pattern.SHOP,
    Pattern.FAMILY,
    Pattern.SCHOOL,
    Pattern.COUPLE,
    Pattern.WORKSHOP,
    Pattern.FAMILY,
    Pattern.ELDERS,
)
DWELLINGS = (Pattern.FAMILY, Pattern.COUPLE, Pattern.LARGE_FAMILY, Pattern.ELDERS)


def make_homes(names: list[str], seed: int) -> list[Home]:
    """Return a street: a clinic and a school among the first twelve, then dwellings only."""
    return [
        Home(
            name,
            STREET[place] if place < len(STREET) else DWELLINGS[place % len(DWELLINGS)],
            Random(f"size {seed} {name}").randint(75, 130),  # noqa: S311  a model, not a secret
        )
        for place, name in enumerate(names)
    ]


def consumption_mwh(town: Town, home: Home, seed: int, first: int) -> Iterator[int]:
    """Yield the energy that a home uses in each step from a step number on, for ever."""
    today: date | None = None
    amounts: tuple[int, ...] = ()
    for day, number in local_steps(first, town.timezone):
        if day != today:
            today, amounts = day, _draw_day(home, seed, day)
        yield amounts[number]


def _draw_day(home: Home, seed: int, day: date) -> tuple[int, ...]:
    random = Random(f"home {seed} {home.name} {day.isoformat()}")  # noqa: S311  a model
    habit = HABITS[home.pattern]
    usual_w = _usual_w(home.pattern, day.weekday() >= SATURDAY)
    late = random.randint(-4, 4)
    bustle = random.uniform(0.8, 1.25) * home.size_percent / 100
    powers_w = [
        habit.base_w * _fridge(number, late)
        + usual_w[(number - late) % STEPS_A_DAY] * bustle * random.uniform(0.6, 1.4)
        for number in range(STEPS_A_DAY)
    ]
    for number in random.choices(range(STEPS_A_DAY), usual_w, k=habit.bursts_a_day):
        powers_w[number] += habit.burst_w
    return tuple(round(power * UNITS_PER_WH * STEP_S / 3_600) for power in powers_w)


def _fridge(number: int, late: int) -> float:
    """Run the compressor two steps out of five."""
    return 1.6 if (number + late) % 5 < 2 else 0.6  # noqa: PLR2004  two of the five


@lru_cache(maxsize=32)
def _usual_w(pattern: Pattern, is_weekend: bool) -> tuple[float, ...]:  # noqa: FBT001  the two kinds of day
    return tuple(
        sum(
            (peak.weekend_w if is_weekend else peak.weekday_w)
            * exp(-(((number * STEP_S / 3_600 - peak.hour) / peak.width_h) ** 2))
            for peak in HABITS[pattern].peaks
        )
        for number in range(STEPS_A_DAY)
    )
