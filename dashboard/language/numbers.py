"""Writes amounts and times as pages show them; exact integers in, text out."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal, format_percent

from coop.words.amounts import GAP, MISSING, PERU, kilo, signed, soles, thousandths, whole
from coop.words.dates import dated, first_of

__all__ = [
    "MISSING",
    "centimos",
    "day_and_month",
    "duration",
    "hour",
    "kilo",
    "kilo_of_tenths",
    "long_date",
    "long_month",
    "month_name",
    "percent",
    "short_date",
    "short_day",
    "short_month",
    "signed",
    "soles",
    "thousandths",
    "weekday_of",
    "whole",
    "written_date",
]


def kilo_of_tenths(tenths_wh: int | None) -> str:
    """Write tenths of a Wh as kWh with one decimal, half rounded up."""
    return kilo(None if tenths_wh is None else (tenths_wh + 5) // 10)


def centimos(price: Fraction) -> str:
    """Write a price in céntimos with as many decimals as it has, at most four."""
    return format_decimal(Decimal(round(price * 10_000)).scaleb(-4), "#,##0.####", PERU)


def written_date(day: date) -> str:
    """Write a day with its year and without its weekday."""
    return dated(day, "d 'de' MMMM 'de' y")


def month_name(month: str) -> str:
    """Write a month such as 2026-03 with its name."""
    return long_month(first_of(month))


def day_and_month(day: date) -> str:
    """Write a day without its weekday and year."""
    return dated(day, "d 'de' MMMM")


def hour(moment: datetime | None) -> str:
    """Write the local hour and minute."""
    return MISSING if moment is None else f"{moment:%H:%M}"


def duration(span: timedelta) -> str:
    """Write a span in hours and minutes."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    told = (f"{hours}{GAP}h" if hours else "", f"{minutes}{GAP}min" if minutes else "")
    return GAP.join(part for part in told if part) or f"0{GAP}min"


def long_date(day: date) -> str:
    """Write a day with its weekday."""
    return dated(day, "EEEE d 'de' MMMM 'de' y")


def short_date(day: date) -> str:
    """Write a day with its weekday and without its year."""
    return dated(day, "EEEE d 'de' MMMM")


def long_month(day: date) -> str:
    """Write the month of a day with its year."""
    return dated(day, "MMMM 'de' y")


def short_month(day: date) -> str:
    """Write the month of a day in short."""
    return dated(day, "MMM")


def weekday_of(day: date) -> str:
    """Write a day's weekday and its number, as in a list of one month."""
    return dated(day, "EEEE d")


def percent(part: int, of: int) -> str:
    """Write a share as whole per cent, rounded down so that it never says all too early."""
    return format_percent(Decimal(part * 100 // of).scaleb(-2), locale=PERU) if of else MISSING


def short_day(day: date) -> str:
    """Write a day by the beginning of its weekday and its number."""
    return dated(day, "EEE d")
