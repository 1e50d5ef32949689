"""Writes what a report alone has: amounts with their units, moments of the books."""

from datetime import datetime
from zoneinfo import ZoneInfo

from coop.words.amounts import GAP, soles, tenths, whole
from coop.words.dates import dated, first_of

CENTIMO, TENTH = "centimo", "0.1 Wh"


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
        return f"{sign}{GAP}{text}"
    return f"{text}{GAP}{sign}" if sign else text


def month_name(month: str) -> str:
    """Write `2026-03` as `marzo 2026`: months keep their Spanish names in every language."""
    return dated(first_of(month), "MMMM y")


def local_moments(stamps: str, zone: ZoneInfo) -> str:
    """Write moments as the books stamp them in the cooperative's time, `2026-03-01 12:15`."""
    moments = (datetime.fromisoformat(one).astimezone(zone) for one in stamps.split())
    return " \N{EN DASH} ".join(f"{one:%Y-%m-%d %H:%M}" for one in moments)
