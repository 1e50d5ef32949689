from datetime import date, timedelta

import pytest

from dashboard.language import numbers


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0.0"),
        (49, "0.0"),
        (50, "0.1"),
        (317_963, "318.0"),
        (1_234_549, "1,234.5"),
        (-450, "-0.5"),
        (None, "\u2014"),
    ],
)
def test_thousandths_are_written_with_one_decimal(amount: int | None, text: str) -> None:
    assert numbers.kilo(amount) == text


@pytest.mark.parametrize(("tenths", "text"), [(0, "0.0"), (499, "0.1"), (1_234_567, "123.5")])
def test_tenths_of_a_watt_hour_are_written_as_kilowatt_hours(tenths: int, text: str) -> None:
    assert numbers.kilo_of_tenths(tenths) == text


def test_watt_hours_are_grouped() -> None:
    assert numbers.whole(1_234_567) == "1,234,567"


def test_dates_are_spanish() -> None:
    assert numbers.long_date(date(2026, 9, 2)) == "miércoles 2 de setiembre de 2026"


def test_a_share_never_says_all_too_early() -> None:
    assert numbers.percent(999, 1_000) == "99%"


def test_a_share_of_nothing_is_not_a_number() -> None:
    assert numbers.percent(0, 0) == "\u2014"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0\u00a0min"), (15, "15\u00a0min"), (60, "1\u00a0h"), (75, "1\u00a0h\u00a015\u00a0min")],
)
def test_a_span_is_written_in_hours_and_minutes(minutes: int, text: str) -> None:
    assert numbers.duration(timedelta(minutes=minutes)) == text
