"""A curve: exact counters between steps, standing still outside of what is known."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.simulator.curve import EnergyCurve, Flow, Grid

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MILLI = Grid(START, HOUR, units_per_wh=1_000)


@pytest.mark.parametrize(
    ("minutes", "counter_wh"), [(0, 0), (30, 0), (31, 1), (60, 1), (90, 3), (119, 4), (120, 5)]
)
def test_a_counter_rises_evenly_inside_a_step_and_is_rounded_down(
    minutes: int, counter_wh: int
) -> None:
    curve = EnergyCurve(MILLI, [1_999, 3_001])

    shown = curve.counter_wh(START + timedelta(minutes=minutes))

    assert shown == counter_wh


def test_power_is_the_mean_of_the_step() -> None:
    curve = EnergyCurve(Grid(START, timedelta(minutes=5), 1_000), [100_000, 50_000])

    assert curve.at(START + timedelta(minutes=4)) == Flow(80, 1_200)
    assert curve.at(START + timedelta(minutes=5)) == Flow(100, 600)


def test_nothing_has_flowed_before_the_first_step() -> None:
    assert EnergyCurve(MILLI, [9_000]).at(START - HOUR) == Flow(0, 0)


def test_the_counter_stands_still_after_the_last_step() -> None:
    assert EnergyCurve(MILLI, [9_000]).at(START + 100 * HOUR) == Flow(9, 0)


def test_endless_steps_are_drawn_only_as_far_as_needed() -> None:
    drawn = count(1)
    curve = EnergyCurve(Grid(START, HOUR, 1), drawn)

    assert curve.counter_wh(START + 4 * HOUR) == 10
    assert next(drawn) < 2_000


@given(
    steps=st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
    seconds=st.lists(st.integers(-3_600, 90_000), min_size=2, max_size=10).map(sorted),
)
def test_a_counter_never_falls(steps: list[int], seconds: list[int]) -> None:
    curve = EnergyCurve(MILLI, steps)

    shown = [curve.counter_wh(START + timedelta(seconds=second)) for second in seconds]

    assert shown == sorted(shown)
