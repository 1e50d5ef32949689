"""Slots are half-open in UTC, whatever the local clock does."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from coop.slots import (
    local_day,
    local_month,
    moment_of,
    parse_local,
    slot_start_s,
    slots_between,
    unix_s,
)

QUARTER_S = 900


@pytest.mark.parametrize(
    ("zone", "day", "slots"),
    [
        ("America/Lima", date(2026, 3, 1), 96),
        ("Etc/GMT+8", date(2017, 5, 1), 96),
        ("America/New_York", date(2026, 3, 8), 92),
        ("America/New_York", date(2026, 11, 1), 100),
        ("America/Santiago", date(2026, 9, 6), 92),
        ("Australia/Lord_Howe", date(2026, 4, 5), 98),
        ("Asia/Kathmandu", date(2026, 3, 1), 96),
    ],
)
def test_a_local_day_has_as_many_slots_as_its_clock_gives_it(
    zone: str, day: date, slots: int
) -> None:
    start, end = local_day(day, ZoneInfo(zone))

    assert len(slots_between(start, end, QUARTER_S)) == slots


def test_a_day_in_lima_begins_at_five_in_utc() -> None:
    start, end = local_day(date(2026, 3, 1), ZoneInfo("America/Lima"))

    assert (start, end) == (
        datetime(2026, 3, 1, 5, tzinfo=UTC),
        datetime(2026, 3, 2, 5, tzinfo=UTC),
    )


def test_days_follow_each_other_without_gap_where_midnight_is_skipped() -> None:
    santiago = ZoneInfo("America/Santiago")

    assert local_day(date(2026, 9, 5), santiago)[1] == local_day(date(2026, 9, 6), santiago)[0]


def test_december_ends_where_january_begins() -> None:
    lima = ZoneInfo("America/Lima")

    assert local_month(2026, 12, lima) == (
        datetime(2026, 12, 1, 5, tzinfo=UTC),
        datetime(2027, 1, 1, 5, tzinfo=UTC),
    )


def test_a_moment_at_a_border_belongs_to_the_slot_that_begins() -> None:
    border = datetime(2026, 3, 1, 17, 15, tzinfo=UTC)

    assert moment_of(slot_start_s(border, QUARTER_S)) == border


def test_a_moment_before_a_border_belongs_to_the_slot_that_ends() -> None:
    moment = datetime(2026, 3, 1, 17, 14, 59, 999_999, tzinfo=UTC)

    assert moment_of(slot_start_s(moment, QUARTER_S)) == datetime(2026, 3, 1, 17, tzinfo=UTC)


def test_seconds_are_exact_far_from_now() -> None:
    assert unix_s(datetime(2100, 1, 1, tzinfo=UTC)) == 4_102_444_800


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026-03-01T00:00", "2026-03-01T05:00:00Z", "2026-03-01T00:00-05:00"]
)
def test_a_start_can_be_told_locally_or_with_an_offset(text: str) -> None:
    assert parse_local(text, ZoneInfo("America/Lima")) == datetime(2026, 3, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-08T02:30", "2026-11-01T01:30"])
def test_a_local_time_that_names_no_one_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="happens twice or never in America/New_York"):
        parse_local(text, ZoneInfo("America/New_York"))
