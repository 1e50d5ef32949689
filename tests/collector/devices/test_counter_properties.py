"""Whatever a register says, published energy is the truth or is flagged, and never too much."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collector.devices.metered_life import (
    Fault,
    Life,
    Poll,
    Told,
    false_values,
    most_beyond,
    samples_of,
    slots_of,
    wrong_slots,
)

faults = st.sampled_from([Fault.NONE] * 6 + list(Fault))
polls = st.lists(st.builds(Poll, st.integers(0, 1000), faults), min_size=4, max_size=80)
lives = st.builds(
    Life,
    st.integers(100, 50_000),
    st.sampled_from([1, 10, 100, 1000]),
    st.integers(1, 80),
    st.sampled_from([0, 30]),
)
wild = st.lists(
    st.tuples(st.integers(1, 4_000), st.integers(0, 4_000)), min_size=2, max_size=60
).map(samples_of)


@settings(max_examples=300)
@given(lives, polls)
def test_a_faulty_life_publishes_true_values_only(life: Life, polls: list[Poll]) -> None:
    told = list(life.live([Poll(500), *polls]))

    assert false_values(told, life.judge(told)) == []


@settings(max_examples=300)
@given(lives, polls)
def test_the_energy_of_a_faulty_life_is_the_truth_or_flagged(life: Life, polls: list[Poll]) -> None:
    told = list(life.live([Poll(500), *polls]))
    published = life.judge(told)

    metered = slots_of(published, told[-1].at_s // 900)

    assert wrong_slots(told, published, metered) == []


@settings(max_examples=300)
@given(wild, st.integers(100, 4_000), st.sampled_from([1, 10, 100]))
def test_no_series_at_all_makes_energy_below_zero_or_above_the_rated_power(
    series: list[tuple[int, int]], rated_w: int, step_wh: int
) -> None:
    life = Life(rated_w, step_wh)
    published = life.judge([Told(at_s, wh // step_wh * step_wh, 0, 0) for at_s, wh in series])

    metered = slots_of(published, series[-1][0] // 900 + 1)

    assert min((wh for wh in metered.wh if wh is not None), default=0) >= 0
    assert most_beyond(metered, Decimal(rated_w) * 12 / 40) <= 2 * step_wh + 1
