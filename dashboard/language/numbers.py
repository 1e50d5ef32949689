"""Writes amounts and times as people read them in Spanish; exact integers in, text out."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from coop.words.amounts import GAP, MISSING, MONTHS, kilo, soles, whole

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
    "soles",
    "weekday_of",
    "whole",
    "written_date",
]

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def kilo_of_tenths(tenths_wh: int | None) -> str:
    """Write tenths of a Wh as kWh with one decimal, half rounded up."""
    return kilo(None if tenths_wh is None else (tenths_wh + 5) // 10)


def centimos(price: Fraction) -> str:
    """Write a price in céntimos with as many decimals as it has, at most four."""
    text = f"{round(price * 10_000):,}".replace(",", "")
    return f"{text[:-4] or 0},{text[-4:]}".rstrip("0").rstrip(",")


def written_date(day: date) -> str:
    """Write a day with its year and without its weekday."""
    return f"{day_and_month(day)} de {day.year}"


def month_name(month: str) -> str:
    """Write a month such as 2026-03 with its name."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} de {int(year)}"


def day_and_month(day: date) -> str:
    """Write a day without its weekday and year."""
    return f"{day.day} de {MONTHS[day.month - 1]}"


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
    return f"{_DAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]} de {day.year}"


def short_date(day: date) -> str:
    """Write a day with its weekday and without its year."""
    return f"{_DAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]}"


def long_month(day: date) -> str:
    """Write the month of a day with its year."""
    return f"{MONTHS[day.month - 1]} de {day.year}"


def short_month(day: date) -> str:
    """Write the month of a day in three letters."""
    return MONTHS[day.month - 1][:3]


def weekday_of(day: date) -> str:
    """Write a day's weekday and its number, as in a list of one month."""
    return f"{_DAYS[day.weekday()]} {day.day}"


def percent(part: int, of: int) -> str:
    """Write a share as whole per cent, rounded down so that it never says all too early."""
    return f"{part * 100 // of}{GAP}%" if of else MISSING


def short_day(day: date) -> str:
    """Write a day by the beginning of its weekday and its number."""
    return f"{_DAYS[day.weekday()][:2]} {day.day}"
