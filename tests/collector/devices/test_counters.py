"""Single rules of a counter; whole series stand in sequences/."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.devices.counters import GAP_MS, Base, Counter, Nature, Reason, Sample

LIMA = ZoneInfo("America/Lima")
EVENING = datetime(2026, 3, 1, 18, tzinfo=LIMA)
RATED_W = 5_000
MINUTES_15 = 900_000


def sample(wh: str, at: datetime = EVENING, step_wh: str = "10") -> Sample:
    at_ms = (at - EVENING) // timedelta(milliseconds=1)
    return Sample(Decimal(wh), Decimal(step_wh), at, at_ms)


def nobody(_: Sample) -> bool:
    return False


def judge(counter: Counter, *samples: Sample) -> list[Reason | None]:
    return [counter.judge(one, nobody).reason for one in samples]


def after(minutes: float) -> datetime:
    return EVENING + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("local", "reason"),
    [
        ("2026-03-01T23:29", Reason.FALLING),
        ("2026-03-01T23:30", None),
        ("2026-03-02T00:07", None),
        ("2026-03-02T00:30", None),
        ("2026-03-02T06:10", None),
    ],
)
def test_a_daily_counter_begins_again_from_half_an_hour_before_midnight(
    local: str, reason: Reason | None
) -> None:
    counter = Counter(Nature(RATED_W, zone=LIMA))
    at = datetime.fromisoformat(local).replace(tzinfo=LIMA)

    assert judge(counter, sample("12400"), sample("10", at)) == [None, reason]


@pytest.mark.parametrize(
    ("utc", "reason"),
    [
        # Midnight does not exist in this night: 23:59 is followed by 01:00.
        ("2026-09-06T03:29", Reason.FALLING),
        ("2026-09-06T03:30", None),
        ("2026-09-06T04:10", None),
        # The hour before midnight is there twice in this one.
        ("2026-04-05T02:45", Reason.FALLING),
        ("2026-04-05T03:30", None),
    ],
)
def test_a_daily_counter_begins_again_at_midnight_when_the_clocks_change(
    utc: str, reason: Reason | None
) -> None:
    counter = Counter(Nature(RATED_W, zone=ZoneInfo("America/Santiago")))
    at = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    reasons = judge(counter, sample("12400", at - timedelta(hours=8)), sample("10", at))

    assert reasons == [None, reason]


def test_a_daily_counter_that_rose_today_does_not_begin_again() -> None:
    counter = Counter(Nature(RATED_W, zone=LIMA))
    noon = datetime(2026, 3, 2, 13, tzinfo=LIMA)

    reasons = judge(counter, sample("12400"), sample("12500", noon), sample("0", noon))

    assert reasons == [None, None, Reason.ZERO]


def test_a_neighbours_day_is_not_the_beginning_of_ours() -> None:
    counter = Counter(Nature(RATED_W, zone=LIMA))
    midnight = datetime(2026, 3, 2, 0, 10, tzinfo=LIMA)

    assert judge(counter, sample("12400"), sample("9000", midnight)) == [None, Reason.FALLING]


@pytest.mark.parametrize(("wh", "reason"), [("2525", None), ("2526", Reason.TOO_FAST)])
def test_a_rise_is_bounded_by_rated_power_time_lag_and_one_step(
    wh: str, reason: Reason | None
) -> None:
    # 5 kW x 9/8 x (15 + 1) min = 1500 Wh, and the step of 10 Wh
    counter = Counter(Nature(RATED_W))

    assert judge(counter, sample("1015"), sample(wh, after(15))) == [None, reason]


def test_small_rises_do_not_add_up_to_a_fast_one() -> None:
    counter = Counter(Nature(RATED_W))
    # each is 108 Wh in a minute: more than 5 kW x 9/8, and less than that and a step
    series = [sample(str(1_000 + 108 * n), after(n)) for n in range(30)]

    assert Reason.TOO_FAST in judge(counter, *series)


def test_a_register_that_is_renewed_once_a_minute_passes_at_rated_power() -> None:
    counter = Counter(Nature(6_000))
    series = [sample(str(n // 6 * 100), after(n / 6), "1") for n in range(60)]

    assert set(judge(counter, *series)) == {None}


def test_a_scale_factor_that_cuts_digits_off_is_no_replacement() -> None:
    counter = Counter(Nature(RATED_W))
    series = [sample("12345", step_wh="1"), sample("12340", after(1)), sample("12350", after(2))]

    assert judge(counter, *series) == [None, Reason.FALLING, None]


def test_a_series_that_starts_again_is_confirmed_anew() -> None:
    counter = Counter(Nature(RATED_W))
    series = [
        sample("900000"),
        sample("100", after(1)),
        sample("110", after(2)),
        sample("50", after(3)),
        sample("60", after(4)),
        sample("70", after(5)),
    ]

    falling = Reason.FALLING
    assert judge(counter, *series) == [None, falling, falling, falling, falling, None]


def test_lower_values_that_do_not_rise_confirm_nothing() -> None:
    counter = Counter(Nature(RATED_W))
    series = [sample("900000"), *(sample("100", after(n)) for n in range(1, 200))]

    assert set(judge(counter, *series)[1:]) == {Reason.FALLING}


def test_a_small_fall_waits_until_nobody_can_take_it_for_energy() -> None:
    counter = Counter(Nature(RATED_W))
    good = sample("2000")
    series = [sample(str(1_000 + 20 * n), after(n)) for n in range(1, 7)]

    early = judge(counter, good, *series)
    late = counter.judge(sample("1130", after(GAP_MS / 60_000)), nobody)

    assert set(early[1:]) == {Reason.FALLING}
    assert (late.reason, late.event) == (None, "replaced 2000 by 1130")


def test_a_first_zero_is_good_and_a_leap_from_it_is_not() -> None:
    counter = Counter(Nature(RATED_W))

    assert judge(counter, sample("0"), sample("8000000", after(1))) == [None, Reason.TOO_FAST]


def test_after_a_restart_wall_time_tells_how_long_ago_the_last_value_was() -> None:
    base = Base(Decimal(1_000), Decimal(1_010), after(-60), after(-60), None)
    counter = Counter(Nature(RATED_W), base)

    assert judge(counter, sample("7000"), sample("6000", after(0))) == [Reason.TOO_FAST, None]


def test_a_clock_behind_the_last_value_gives_no_time_to_count() -> None:
    base = Base(Decimal(1_000), Decimal(1_010), after(60), after(60), None)
    counter = Counter(Nature(RATED_W), base)

    assert judge(counter, sample("1010"), sample("1200", after(0.1))) == [None, Reason.TOO_FAST]


def test_a_neighbour_that_fell_silent_is_looked_for_a_day_long() -> None:
    counter = Counter(Nature(RATED_W))
    counter.judge(sample("500000"), nobody)

    day = [counter.may_say(sample("500100", after(60 * hours))) for hours in (1, 24, 25)]

    assert day == [True, True, False]


@given(st.integers(0, 2**32 - 1) | st.integers(29_999_000, 33_000_000))
@example(31_657_460)
@example(31_877_963)
@example(31_877_964)
def test_of_any_word_passes_only_what_could_have_been_counted(word: int) -> None:
    # 100 MW for 50 ms and the lag of a minute, an eighth more: 1,876,562.5 Wh; and one step.
    counter = Counter(Nature(100_000_000, raw_values=2**32))
    start = sample("30001400", step_wh="1")
    next_at = EVENING + timedelta(milliseconds=50)

    first, reason = judge(counter, start, sample(str(word), next_at, step_wh="1"))

    assert first is None
    assert (reason is None) == (30_001_400 <= word <= 31_877_963)
