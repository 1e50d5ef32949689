"""Counters become energy per slot; what is not known stays missing."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.metering.intervals import (
    ESTIMATED,
    GAP,
    IMPLAUSIBLE_RISE,
    INTERPOLATED,
    MEASURED,
    REGISTER_RESET,
    Limits,
    Mark,
    Metered,
    Span,
    meter_slots,
    starts_in_doubt,
)
from tests.coop.fakes import Sample, edges_of

START_S = 1_772_384_400
"""2026-03-01T17:00:00Z."""
SLOT_S = 900
MINUTE = 60


def at(minutes: float, wh: int) -> Sample:
    return (START_S * 1000 + round(minutes * MINUTE * 1000), wh)


def metered(*samples: Sample, slots: int = 2, slot_s: int = SLOT_S) -> Metered:
    return meter_slots(edges_of(samples), Span(START_S, slot_s, slots), Limits())


def test_samples_on_the_borders_give_their_difference() -> None:
    result = metered(at(0, 1000), at(15, 1100), at(30, 1250))

    assert result == Metered([100, 150], [MEASURED, MEASURED])


def test_a_border_between_two_near_samples_is_measured_and_floored() -> None:
    result = metered(at(-1, 1000), at(2, 1010), at(14, 1100), at(16, 1103), at(30, 1200))

    assert result == Metered([1101 - 1003, 1200 - 1101], [MEASURED, MEASURED])


def test_a_border_between_distant_samples_is_interpolated() -> None:
    result = metered(at(0, 1000), at(10, 1050), at(20, 1150), at(30, 1200))

    assert result == Metered([100, 100], [INTERPOLATED, INTERPOLATED])


def test_a_slot_without_samples_is_interpolated_inside_a_short_gap() -> None:
    result = metered(at(0, 1000), at(14, 1010), at(31, 1044), at(45, 1100), slots=3)

    assert result == Metered([12, 30, 58], [INTERPOLATED, INTERPOLATED, INTERPOLATED])


def test_a_gap_of_exactly_the_limit_is_still_bridged() -> None:
    result = metered(at(0, 1000), at(30, 1060))

    assert result == Metered([30, 30], [INTERPOLATED, INTERPOLATED])


def test_a_longer_gap_stays_a_gap_and_its_energy_goes_nowhere() -> None:
    result = metered(at(0, 1000), at(15, 1100), at(46, 1400), at(60, 1500), slots=4)

    assert result == Metered([100, None, None, None], [MEASURED, GAP, GAP, GAP])


def test_the_slot_after_a_gap_counts_from_a_sample_on_its_border() -> None:
    result = metered(at(0, 1000), at(45, 1400), at(60, 1500), slots=4)

    assert result == Metered([None, None, None, 100], [GAP, GAP, GAP, MEASURED])


def test_before_the_first_sample_and_after_the_last_nothing_is_known() -> None:
    result = metered(at(15, 1000), at(30, 1100), slots=4)

    assert result == Metered([None, 100, None, None], [GAP, MEASURED, GAP, GAP])


def test_a_counter_without_samples_is_missing_throughout() -> None:
    assert metered() == Metered([None, None], [GAP, GAP])


def test_a_counter_that_stands_still_is_zero_and_not_missing() -> None:
    assert metered(at(0, 0), at(15, 0), at(30, 0)) == Metered([0, 0], [MEASURED, MEASURED])


def test_a_reset_inside_a_slot_makes_that_slot_missing_and_metering_goes_on() -> None:
    result = metered(
        *(at(0, 9000), at(5, 9050), at(9, 3), at(14, 40)),
        *(at(15, 50), at(29, 140), at(30, 150), at(45, 250)),
        slots=3,
    )

    assert result == Metered([None, 100, 100], [REGISTER_RESET, MEASURED, MEASURED])


def test_a_reset_across_a_border_makes_both_slots_missing() -> None:
    result = metered(
        *(at(0, 9000), at(14, 9090), at(16, 5), at(29, 93), at(30, 100), at(45, 200)),
        slots=3,
    )

    assert result == Metered([None, None, 100], [REGISTER_RESET, REGISTER_RESET, MEASURED])


@pytest.mark.parametrize("minutes", [0, 1, 14.9, 15, 15.1, 22, 29.9])
def test_a_lone_zero_neither_makes_energy_nor_takes_any(minutes: float) -> None:
    truth = [at(minute, 5000 + minute) for minute in range(-15, 60) if minute != minutes]

    result = metered(*truth, at(minutes, 0))

    assert result.wh == [15, 15]


@pytest.mark.parametrize("glitch_wh", [1, 4990, 5900, 2**32 - 1])
@pytest.mark.parametrize("minutes", [0, 1, 14.9, 15, 15.1, 22, 29.9])
def test_a_lone_wrong_value_neither_makes_energy_nor_takes_any(
    minutes: float, glitch_wh: int
) -> None:
    truth = [at(minute, 5000 + minute) for minute in range(-15, 60) if minute != minutes]

    result = metered(*truth, at(minutes, glitch_wh))

    assert result.wh == [15, 15]


def test_zeros_through_a_night_are_not_a_reset_and_waking_makes_no_energy() -> None:
    night = [at(minute, 0) for minute in range(15, 600)]

    result = metered(at(0, 5000), at(14, 5014), *night, at(600, 5020), at(615, 5035), slots=41)

    assert result.wh == [14] + [0] * 38 + [6, 15]
    assert set(result.marks[:40]) == {ESTIMATED}


def test_a_counter_that_comes_out_of_a_silence_as_it_went_in_was_at_rest() -> None:
    result = metered(at(0, 5000), at(5, 5014), at(600, 5014), at(615, 5035), slots=41)

    assert result.wh == [14] + [0] * 39 + [21]
    assert set(result.marks[1:40]) == {INTERPOLATED}


def test_the_little_that_an_inverter_counted_on_waking_belongs_to_the_slot_of_waking() -> None:
    result = metered(at(0, 5000), at(5, 5014), at(595, 5100), at(600, 5150), slots=40)

    assert result.wh == [14] + [0] * 38 + [136]
    assert set(result.marks) == {ESTIMATED}


def test_a_silence_in_which_much_was_counted_stays_a_gap() -> None:
    result = metered(at(0, 5000), at(5, 5014), at(595, 5215), at(600, 5250), slots=40)

    assert result.wh == [None] * 40


def test_a_new_meter_may_stand_at_zero_before_it_counts() -> None:
    result = metered(at(0, 0), at(14, 0), at(15, 0), at(29, 7), at(30, 8))

    assert result == Metered([0, 8], [MEASURED, MEASURED])


def test_zeros_at_the_start_leave_a_doubt_that_earlier_samples_decide() -> None:
    assert starts_in_doubt(edges_of([at(0, 0), at(14, 0)]))
    assert not starts_in_doubt(edges_of([at(0, 5), at(14, 6)]))
    assert not starts_in_doubt([])


def test_a_leap_of_forty_gigawatt_hours_is_not_energy() -> None:
    leap = 40_000_000_000

    result = metered(
        *(at(0, 1000), at(14, 1090), at(15, 1100), at(20, leap), at(29, leap + 90)),
        *(at(30, leap + 100), at(45, leap + 200)),
        slots=3,
    )

    assert result == Metered([100, None, 100], [MEASURED, IMPLAUSIBLE_RISE, MEASURED])


def test_hourly_samples_on_the_hour_make_one_slot_of_an_hour() -> None:
    result = metered(at(0, 1000), at(60, 1700), at(120, 2000), slot_s=3600)

    assert result == Metered([700, 300], [MEASURED, MEASURED])


def test_hourly_samples_never_make_four_invented_quarters() -> None:
    assert metered(at(0, 1000), at(60, 1700), slots=4) == Metered([None] * 4, [GAP] * 4)


def test_slots_of_an_hour_are_borders_of_quarters_added_up() -> None:
    samples = [at(minute, 1000 + 3 * minute) for minute in range(-7, 140, 6)]

    assert metered(*samples, slot_s=3600).wh == [180, 180]


def test_an_hour_is_known_though_the_quarter_at_its_border_has_no_sample() -> None:
    samples = [at(0, 0), at(20, 20), at(40, 40), at(55, 55), at(80, 80), at(100, 100), at(120, 120)]

    assert metered(*samples, slot_s=3600).wh == [60, 60]


def test_a_meter_replaced_during_a_long_gap_is_a_gap_and_goes_on_after_it() -> None:
    result = metered(at(0, 9000), at(15, 9100), at(90, 7), at(105, 57), slots=7)

    assert result == Metered([100, *[None] * 5, 50], [MEASURED, *[GAP] * 5, MEASURED])


def test_a_reset_between_hourly_samples_is_seen() -> None:
    result = metered(at(0, 9000), at(60, 7), at(120, 57), slot_s=3600)

    assert result == Metered([None, 50], [REGISTER_RESET, MEASURED])


steps = st.lists(
    st.tuples(st.integers(1, 20 * MINUTE * 1000), st.integers(0, 400)), min_size=2, max_size=80
)


def walk(steps: list[tuple[int, int]]) -> list[Sample]:
    moment_ms, wh = START_S * 1000 - 40 * MINUTE * 1000, 7
    samples = []
    for wait_ms, rise_wh in steps:
        moment_ms, wh = moment_ms + wait_ms, wh + rise_wh
        samples.append((moment_ms, wh))
    return samples


@given(steps)
def test_slots_add_up_to_the_difference_of_the_outer_borders(steps: list[tuple[int, int]]) -> None:
    samples = walk(steps)
    edges = edges_of(samples)

    quarters = meter_slots(edges, Span(START_S, SLOT_S, 40), Limits())
    known = [index for index, wh in enumerate(quarters.wh) if wh is not None]
    first, after = (min(known), max(known) + 1) if known else (0, 0)
    whole = meter_slots(
        edges, Span(START_S + first * SLOT_S, SLOT_S * (after - first) or SLOT_S, 1), Limits()
    )

    assert known == list(range(first, after))
    assert sum(wh for wh in quarters.wh if wh is not None) == ((whole.wh[0] or 0) if known else 0)


@given(st.lists(st.integers(0, 5_000), min_size=25, max_size=25), st.data())
def test_any_partition_adds_up_to_the_difference_of_the_counter(
    rises_wh: list[int], data: st.DataObject
) -> None:
    counted = list(accumulate(rises_wh, initial=7))
    moments_ms = range(START_S * 1000, (START_S + 26 * SLOT_S) * 1000, SLOT_S * 1000)
    edges = edges_of(list(zip(moments_ms, counted, strict=True)))
    cuts = data.draw(st.sets(st.integers(1, 24), max_size=10))

    parts = [
        meter_slots(edges, Span(START_S + first * SLOT_S, (last - first) * SLOT_S, 1), Limits())
        for first, last in pairwise([0, *sorted(cuts), 25])
    ]

    assert sum(part.wh[0] or 0 for part in parts) == counted[-1] - counted[0]
    assert all(part.marks == [MEASURED] for part in parts)


@given(steps)
def test_known_energy_is_what_the_counter_gained_between_samples_on_all_borders(
    steps: list[tuple[int, int]],
) -> None:
    samples = [(ms, wh) for ms, wh in walk(steps) if ms // 1000 % SLOT_S]
    borders = [(START_S * 1000 + index * SLOT_S * 1000) for index in range(6)]
    exact = [(ms, max([7, *(wh for at_ms, wh in samples if at_ms <= ms)])) for ms in borders]

    result = metered(*samples, *exact, slots=5)

    assert sum(wh for wh in result.wh if wh is not None) == exact[-1][1] - exact[0][1]


@given(
    st.lists(
        st.tuples(st.integers(1, 50 * MINUTE * 1000), st.integers(0, 10**7)),
        min_size=1,
        max_size=80,
    )
)
def test_energy_is_never_negative_and_missing_exactly_where_the_mark_says(
    noise: list[tuple[int, int]],
) -> None:
    moments = [sum(wait for wait, _ in noise[: index + 1]) for index in range(len(noise))]
    samples = [(START_S * 1000 + ms, wh) for ms, (_, wh) in zip(moments, noise, strict=True)]

    result = metered(*samples, slots=40)

    assert all(wh is None or wh >= 0 for wh in result.wh)
    assert [wh is None for wh in result.wh] == [_is_missing(mark) for mark in result.marks]


@given(steps, st.integers(0, 30), st.integers(1, 10))
def test_a_slot_is_the_same_in_whatever_span_it_is_asked_for(
    steps: list[tuple[int, int]], skip: int, count: int
) -> None:
    edges = edges_of(walk(steps))

    whole = meter_slots(edges, Span(START_S, SLOT_S, 40), Limits())
    part = meter_slots(edges, Span(START_S + skip * SLOT_S, SLOT_S, count), Limits())

    assert part == Metered(whole.wh[skip : skip + count], whole.marks[skip : skip + count])


def _is_missing(mark: Mark) -> bool:
    return mark in (GAP, REGISTER_RESET, IMPLAUSIBLE_RISE)
