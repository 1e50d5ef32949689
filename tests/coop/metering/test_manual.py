"""What a steward reads off a meter stands among the samples, and a changed meter loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.metering.intervals import (
    ESTIMATED,
    GAP,
    MANUAL,
    MEASURED,
    REGISTER_RESET,
    Limits,
    Metered,
    Span,
    meter_slots,
)
from coop.metering.manual import ManualReading
from tests.coop.fakes import Sample, edges_of

START_S = 1_772_384_400
"""2026-03-01T17:00:00Z."""
SLOT_S = 900
COUNTER = ("h01-meter", "import_energy_total")


def at(minutes: float, wh: int) -> Sample:
    return (START_S * 1000 + round(minutes * 60_000), wh)


def read(minutes: float, wh: int, anew_wh: int | None = None) -> ManualReading:
    return ManualReading(COUNTER, START_S + round(minutes * 60), wh, anew_wh)


def metered(*samples: Sample, manual: list[ManualReading], slots: int = 2) -> Metered:
    return meter_slots(edges_of(samples), Span(START_S, SLOT_S, slots), Limits(), manual)


CHANGED = (
    *(at(0, 9000), at(5, 9050), at(9, 3), at(14, 40)),
    *(at(15, 50), at(29, 140), at(30, 150), at(45, 250)),
)


def test_change_over_readings_give_the_energy_of_the_slot_in_which_a_meter_was_changed() -> None:
    without = metered(*CHANGED, manual=[], slots=3)
    told = metered(*CHANGED, manual=[read(7, 9070, 1)], slots=3)

    assert without == Metered([None, 100, 100], [REGISTER_RESET, MEASURED, MEASURED])
    assert told == Metered([70 + 49, 100, 100], [MANUAL, MEASURED, MEASURED])


def test_a_change_over_across_a_border_gives_both_slots() -> None:
    samples = (at(0, 9000), at(14, 9090), at(16, 5), at(29, 93), at(30, 100), at(45, 200))

    told = metered(*samples, manual=[read(15, 9096, 0)], slots=3)

    assert told == Metered([96, 100, 100], [MANUAL, MANUAL, MEASURED])


def test_a_new_meter_that_begins_higher_makes_no_energy() -> None:
    told = metered(at(0, 500), at(15, 81_000), manual=[read(8, 540, 80_950)], slots=1)

    assert told == Metered([90], [MANUAL])


def test_a_meter_changed_twice_goes_on_as_one() -> None:
    told = metered(
        *(at(0, 9000), at(10, 12), at(15, 20), at(20, 4), at(30, 44)),
        manual=[read(5, 9030, 2), read(18, 26, 0)],
    )

    assert told == Metered([30 + 18, 6 + 44], [MANUAL, MANUAL])


def test_zeros_of_a_new_meter_before_it_counts_are_believed() -> None:
    told = metered(
        *(at(0, 9000), at(10, 0), at(15, 0), at(29, 0), at(30, 7)), manual=[read(8, 9040, 0)]
    )

    assert told == Metered([40, 7], [MANUAL, MEASURED])


def test_a_reading_at_a_border_ends_a_gap_there() -> None:
    samples = (at(0, 1000), at(10, 1050), at(70, 1500), at(75, 1520), at(90, 1600))

    without = metered(*samples, manual=[], slots=6)
    told = metered(*samples, manual=[read(15, 1080)], slots=6)

    assert without.wh == [None, None, None, None, None, 80]
    assert told == Metered([80, None, None, None, None, 80], [MANUAL, GAP, GAP, GAP, GAP, MEASURED])


def test_a_reading_between_two_samples_of_a_short_gap_is_where_the_line_bends() -> None:
    told = metered(at(0, 1000), at(28, 1100), at(30, 1110), manual=[read(14, 1090)])

    assert told == Metered([1090 + 10 // 14 - 1000, 20], [MANUAL, MANUAL])


def test_a_reading_in_a_slot_that_was_measured_changes_nothing() -> None:
    samples = (at(0, 1000), at(1, 1005), at(14, 1090), at(15, 1100), at(30, 1250))

    assert metered(*samples, manual=[read(7, 1050)]) == metered(*samples, manual=[])


def test_a_reading_stands_in_the_place_of_the_sample_of_the_same_moment() -> None:
    told = metered(at(0, 1000), at(15, 1900), at(30, 1250), manual=[read(15, 1100)])

    assert told == Metered([100, 150], [MANUAL, MANUAL])


def test_an_estimate_stays_one_beside_a_reading() -> None:
    told = metered(at(0, 1000), at(120, 1100), manual=[read(60, 1000)], slots=8)

    assert told.wh == [0] * 7 + [100]
    assert told.marks == [MANUAL] * 4 + [ESTIMATED] * 4


steps = st.lists(st.tuples(st.integers(2, 1_200), st.integers(0, 400)), min_size=4, max_size=60)


def walk(steps: list[tuple[int, int]]) -> list[Sample]:
    at_s, wh, samples = START_S - 2_400, 5_000, []
    for wait_s, rise_wh in steps:
        at_s, wh = at_s + wait_s, wh + rise_wh
        samples.append((at_s * 1000, wh))
    return samples


@given(steps, st.data())
def test_whatever_moment_a_meter_is_changed_at_its_energy_is_the_same(
    steps: list[tuple[int, int]], data: st.DataObject
) -> None:
    truth = walk(steps)
    place = data.draw(st.integers(1, len(truth) - 1))
    (before_ms, before_wh), (after_ms, after_wh) = truth[place - 1 : place + 1]
    anew_wh = data.draw(st.integers(1, 9_000))
    old_wh = data.draw(st.integers(before_wh, after_wh))
    at_s = data.draw(st.integers(before_ms // 1000 + 1, after_ms // 1000 - 1))
    seen = [*truth[:place], *((ms, wh - old_wh + anew_wh) for ms, wh in truth[place:])]
    span = Span(START_S, SLOT_S, 30)

    changed = meter_slots(
        edges_of(seen), span, Limits(), [ManualReading(COUNTER, at_s, old_wh, anew_wh)]
    )
    whole = meter_slots(edges_of(truth), span, Limits(), [ManualReading(COUNTER, at_s, old_wh)])

    assert changed.wh == whole.wh


@given(steps, st.integers(0, 60), st.integers(0, 20), st.integers(1, 8))
def test_a_slot_is_the_same_in_whatever_span_it_is_asked_for(
    steps: list[tuple[int, int]], minutes: int, skip: int, count: int
) -> None:
    samples, manual = walk(steps), [read(minutes, 900, 3)]

    whole = metered(*samples, manual=manual, slots=30)
    part = meter_slots(
        edges_of(samples), Span(START_S + skip * SLOT_S, SLOT_S, count), Limits(), manual
    )

    assert part == Metered(whole.wh[skip : skip + count], whole.marks[skip : skip + count])


@pytest.mark.parametrize("wh", [0, 1])
def test_a_reading_of_a_counter_without_samples_gives_no_energy(wh: int) -> None:
    assert metered(manual=[read(15, wh)]) == Metered([None, None], [GAP, GAP])
