"""What one home was allocated: slot by slot, day by day, month by month, and what it kept."""

from coop.household.best_hours import BestHours, HourLevel, Level
from coop.household.book import HomeBook
from coop.household.model import HomeDay, HomeMonth, HomePage, HomeSlot, HomeStretch, Price, Wanted

__all__ = [
    "BestHours",
    "HomeBook",
    "HomeDay",
    "HomeMonth",
    "HomePage",
    "HomeSlot",
    "HomeStretch",
    "HourLevel",
    "Level",
    "Price",
    "Wanted",
]
