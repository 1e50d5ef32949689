"""Reads what stewards ask for in an address; what is not understood is a page that says so."""

from datetime import datetime
from zoneinfo import ZoneInfo

from coop.calendar import Calendar, is_month
from dashboard.failures import refuse
from dashboard.household.lost import BAD_MONTH, no_such_month
from dashboard.language.numbers import month_name


def read_month(text: str | None, now: datetime) -> str:
    """Return the month that an address names, else the one that lasts."""
    month = f"{now:%Y-%m}" if text is None else text
    if not is_month(month):
        refuse(400, BAD_MONTH)
    return month


def check_month(month: str, first: str | None, now: datetime) -> None:
    """Refuse a month that the books do not reach to; `first` is None while they are empty."""
    last = f"{now:%Y-%m}"
    if not (first or last) <= month <= last:
        refuse(404, no_such_month(month_name(first or last), month_name(last)))


def months_beside(month: str, first: str | None, now: datetime) -> tuple[str | None, str | None]:
    """Return the month before and the one after, as far as the books know them."""
    calendar = Calendar(ZoneInfo("UTC"))
    before, after = calendar.before(month), calendar.after(month)
    return (
        before if first is not None and before >= first else None,
        after if after <= f"{now:%Y-%m}" else None,
    )
