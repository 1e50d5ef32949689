"""What energy stewards do at their pages: the acts of the command line, each safe to do twice."""

from coop.desk.fund import Fund, FundView, Wish
from coop.desk.keys import Adoption, Keys, KeyView, Proposal
from coop.desk.months import LateTold, MonthLine, Months, MonthView
from coop.desk.office import Office
from coop.desk.prices import PriceLine, PriceList, PriceView
from coop.desk.readings import Entered, Readings
from coop.desk.register import Register, Replacement
from coop.desk.stewards import Staff, Stewards
from coop.desk.words import Marked, Phrasebook, PhraseLine

__all__ = [
    "Adoption",
    "Entered",
    "Fund",
    "FundView",
    "KeyView",
    "Keys",
    "LateTold",
    "Marked",
    "MonthLine",
    "MonthView",
    "Months",
    "Office",
    "PhraseLine",
    "Phrasebook",
    "PriceLine",
    "PriceList",
    "PriceView",
    "Proposal",
    "Readings",
    "Register",
    "Replacement",
    "Staff",
    "Stewards",
    "Wish",
]
