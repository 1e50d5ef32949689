"""The modelled town and its five-minute steps in local time; knows neither sun nor people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

STEP_S = 300
STEP = timedelta(seconds=STEP_S)
STEPS_A_DAY = 86_400 // STEP_S


@dataclass(frozen=True, slots=True)
class Town:
    """A place under the sun; degrees north and east are positive."""

    name: str
    latitude: float
    longitude: float
    altitude_m: int
    timezone: str


OLLANTAYTAMBO = Town("Ollantaytambo, Peru", -13.258, -72.263, 2_792, "America/Lima")


class LocalStep(NamedTuple):
    """One step as a clock on the wall shows it: the day, and the number of the step in it."""

    day: date
    number: int


def local_steps(first: int, timezone: str) -> Iterator[LocalStep]:
    """Yield the local time of each step from a step number on; steps are numbered since 1970."""
    for block in count(first // STEPS_A_DAY):
        begin = max(first - block * STEPS_A_DAY, 0)
        yield from _local_block(block, timezone)[begin:]


def step_number(moment: datetime) -> int:
    """Return the number since 1970 of the step that a moment lies in."""
    return (moment - _EPOCH) // STEP


def step_start(number: int) -> datetime:
    """Return when a step begins, in UTC."""
    return _EPOCH + number * STEP


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=128)
def _local_block(block: int, timezone: str) -> tuple[LocalStep, ...]:
    zone = ZoneInfo(timezone)
    return tuple(
        _local_step(step_start(number).astimezone(zone))
        for number in range(block * STEPS_A_DAY, (block + 1) * STEPS_A_DAY)
    )


def _local_step(local: datetime) -> LocalStep:
    return LocalStep(local.date(), (local.hour * 60 + local.minute) * 60 // STEP_S)
