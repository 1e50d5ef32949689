"""Writes amounts of a report as people read them; exact integers in, text out.

A narrow point of agreement with the pages: groups of three, a decimal comma.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

MISSING = "\N{EM DASH}"
"""Stands where nothing is known; never a zero."""
CENTIMO, TENTH = "centimo", "0.1 Wh"

_GAP = "\N{NO-BREAK SPACE}"
_MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def whole(amount: int | None) -> str:
    """Write a whole number in groups of three."""
    if amount is None:
        return MISSING
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return sign + f"{abs(amount):,}".replace(",", _GAP)


def kilo(wh: int | None) -> str:
    """Write Wh as kWh with one decimal, half rounded up."""
    if wh is None:
        return MISSING
    tenths = (abs(wh) + 50) // 100
    sign = "\N{MINUS SIGN}" if wh < 0 and tenths else ""
    return f"{sign}{whole(tenths // 10)},{tenths % 10}"


def soles(centimos: int | None) -> str:
    """Write céntimos as soles, without their sign `S/`."""
    if centimos is None:
        return MISSING
    sign = "\N{MINUS SIGN}" if centimos < 0 else ""
    return f"{sign}{whole(abs(centimos) // 100)},{abs(centimos) % 100:02}"


def tenths(amount: int) -> str:
    """Write tenths with their decimal."""
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}{whole(abs(amount) // 10)},{abs(amount) % 10}"


def amount_text(amount: int, unit: str) -> str:
    """Write an amount of one of the units of a report, without the unit."""
    if unit == CENTIMO:
        return soles(amount)
    return tenths(amount) if unit == TENTH else whole(amount)


def unit_sign(unit: str) -> str:
    """Return what people call a unit."""
    return {CENTIMO: "S/", TENTH: "Wh"}.get(unit, unit)


def amount_with_unit(amount: int, unit: str) -> str:
    """Write an amount and its unit; money has its sign before it."""
    text, sign = amount_text(amount, unit), unit_sign(unit)
    if unit == CENTIMO:
        return f"{sign}{_GAP}{text}"
    return f"{text}{_GAP}{sign}" if sign else text


def month_name(month: str) -> str:
    """Write `2026-03` as `marzo 2026`: months keep their Spanish names in every language."""
    year, number = month.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def local_moments(stamps: str, zone: ZoneInfo) -> str:
    """Write moments as the books stamp them in the cooperative's time, `2026-03-01 12:15`."""
    moments = (datetime.fromisoformat(one).astimezone(zone) for one in stamps.split())
    return " \N{EN DASH} ".join(f"{one:%Y-%m-%d %H:%M}" for one in moments)
