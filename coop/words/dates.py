"""Writes days and months in Spanish, by Babel: they keep their Spanish names in every language."""

from datetime import date
from functools import lru_cache

from babel.dates import format_date

from coop.words.amounts import PERU

_KEPT = 1_024


@lru_cache(_KEPT)
def dated(day: date, pattern: str) -> str:
    """Write a day by a pattern of CLDR, such as `d 'de' MMMM`."""
    return format_date(day, pattern, PERU)


def first_of(month: str) -> date:
    """Return the first day of a month such as `2026-03`."""
    return date.fromisoformat(f"{month}-01")
