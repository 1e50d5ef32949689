from datetime import date

import pytest
from babel.numbers import format_decimal

from coop.words import amounts, dates


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0"), (1_234_567, "1,234,567"), (-1_234, "-1,234"), (None, "\u2014")],
)
def test_whole_numbers_are_grouped_and_missing_is_no_zero(amount: int | None, text: str) -> None:
    assert amounts.whole(amount) == text


@pytest.mark.parametrize(
    ("centimos", "text"),
    [(0, "0.00"), (5, "0.05"), (123_456, "1,234.56"), (-70, "-0.70"), (None, "\u2014")],
)
def test_money_is_told_in_soles(centimos: int | None, text: str) -> None:
    assert amounts.soles(centimos) == text


@pytest.mark.parametrize(
    ("wh", "text"),
    [(0, "0.0"), (49, "0.0"), (50, "0.1"), (-49, "0.0"), (-50, "-0.1"), (1_234_549, "1,234.5")],
)
def test_kilowatt_hours_have_one_decimal_and_no_zero_below_zero(wh: int, text: str) -> None:
    assert amounts.kilo(wh) == text


def test_every_digit_of_a_large_number_is_written() -> None:
    assert amounts.thousandths(123_456_789_012_345_678_901) == "123,456,789,012,345,678.901"
    assert amounts.tenths(-25) == "-2.5"


@pytest.mark.parametrize("pattern", ["#,##0", "#,##0.00"])
@pytest.mark.parametrize("amount", [0, -5, 999, 1_234_567])
def test_quechua_and_english_write_numbers_as_spanish_does(pattern: str, amount: int) -> None:
    told = {format_decimal(amount, pattern, one) for one in ("es_PE", "qu_PE", "en")}

    assert len(told) == 1


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("EEEE d 'de' MMMM 'de' y", "miércoles 2 de setiembre de 2026"),
        ("EEE d", "mié 2"),
        ("MMMM y", "setiembre 2026"),
        ("MMM", "set."),
    ],
)
def test_days_and_months_have_the_names_that_peru_gives_them(pattern: str, text: str) -> None:
    assert dates.dated(date(2026, 9, 2), pattern) == text
