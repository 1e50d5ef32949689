"""Local days summed up beside their slots, so that a month or a year is read in a moment."""

from coop.days.keeping import sum_all_days, sum_days
from coop.days.reading import Days, DaySum, Due, read_days, read_fund_tenths, read_span
from coop.days.registered import Registered, RegisteredRoof, read_registered

__all__ = [
    "DaySum",
    "Days",
    "Due",
    "Registered",
    "RegisteredRoof",
    "read_days",
    "read_fund_tenths",
    "read_registered",
    "read_span",
    "sum_all_days",
    "sum_days",
]
