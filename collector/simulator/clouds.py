"""How much of the clear sky reaches the roofs: one seeded sky per day over the whole town.

A day is clear, broken or grey; within it the light wanders step by step. Knows no sun and no roof.
"""

from datetime import date
from functools import lru_cache
from random import Random
from typing import NamedTuple

from collector.simulator.town import STEPS_A_DAY


class Sky(NamedTuple):
    """The temper of a day: the light it tends to, how far it strays, how fast it returns."""

    weight: int
    usual: float
    stray: float
    pull: float


SKIES = (
    Sky(weight=45, usual=0.97, stray=0.015, pull=0.10),
    Sky(weight=35, usual=0.72, stray=0.090, pull=0.12),
    Sky(weight=20, usual=0.34, stray=0.045, pull=0.06),
)
DARKEST, BRIGHTEST = 0.08, 1.0


@lru_cache(maxsize=256)
def daylight(seed: int, day: date) -> tuple[float, ...]:
    """Return the part of clear-sky light in each step of a local day, always the same."""
    random = Random(f"sky {seed} {day.isoformat()}")  # noqa: S311  weather, not a secret
    sky = random.choices(SKIES, [sky.weight for sky in SKIES])[0]
    light, lights = sky.usual, []
    for _ in range(STEPS_A_DAY):
        light += sky.pull * (sky.usual - light) + random.gauss(0.0, sky.stray)
        light = min(max(light, DARKEST), BRIGHTEST)
        lights.append(light)
    return tuple(lights)
