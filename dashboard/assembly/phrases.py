"""What the page of the assembly says beside what reports are told with."""

from coop.assembly import FundMonth
from coop.month.money import TariffKind
from coop.report.shown.amounts import month_name
from coop.words import Saying, say
from coop.words.amounts import soles
from dashboard.language.numbers import kilo_of_tenths
from dashboard.language.wording import Failure

FUND_BY_MONTH = say("The fund month by month")
OPENING = say("At the beginning, S/")
RECEIVED = say("Came in, Wh")
WORTH = say("Came in, S/")
GIVEN = say("Given, S/")
BALANCE = say("At the end, S/")
NOT_BOOKED = say("A dash: soles are booked when a month is frozen, energy when it is measured.")
ENERGY_SO_FAR = say("Received since the beginning, kWh")
FEW_HOMES = say("Months of fewer than five homes are not told.")
BELOW_ZERO = say("Below zero: late readings took more than the fund held.")
NO_FUND = say("The fund has received nothing yet.")

MONTHS_READ = say("Months and what the assembly said")
NO_MONTHS_READ = say("No month is frozen yet.")
NO_GRANTS = say("Nothing was given from the fund.")
NO_KEYS = say("No sharing key was adopted.")
PRICES = say("Prices")
NO_PRICES = say("No price was set.")
IN_OFFICE = say("Stewards and their terms")
NO_STEWARDS = say("No steward is entered.")
SAID = say("What was said")
NUMBER = say("Decision number")
PRICE = say("Céntimos for a kWh")
ENTERED = say("Entered on")
SINCE = say("Since")
UNTIL = say("Until")
LASTS = say("in force")
MONTH = say("Month")
YEARS = say("Years")
ALL_YEARS = say("All years")
EMPTY = say(
    "The books hold nothing for the assembly yet. Keys, prices, stewards and months stand here as "
    "soon as they are entered."
)
PRICE_KINDS = {
    TariffKind.UTILITY: say("Energy from the utility"),
    TariffKind.SURPLUS: say("What is left over, for the fund"),
}
BAD_YEAR = Failure(say("Year not understood"), say("Write the year as in ?year=2026."))
_NO_SUCH_YEAR = say("The books hold nothing of that year")


def no_such_year(known: tuple[int, ...]) -> Failure:
    """Say which years there are."""
    if not known:
        return Failure(_NO_SUCH_YEAR, EMPTY)
    told = ", ".join(map(str, known))
    return Failure(_NO_SUCH_YEAR, say("Years there are: {known}.", known=told))


def notes_of(months: tuple[FundMonth, ...]) -> tuple[Saying, ...]:
    """Say what a dash or an amount below zero means, where there is one."""
    told = [one for one in months if one.balance_centimos is not None]
    has_gap = any(None in (one.worth_centimos, one.received_tenths_wh) for one in told)
    owes = any((one.balance_centimos or 0) < 0 for one in told)
    notes = ((has_gap, NOT_BOOKED), (owes, BELOW_ZERO), (len(told) < len(months), FEW_HOMES))
    return tuple(note for is_so, note in notes if is_so)


def energy_text(months: tuple[FundMonth, ...]) -> Saying:
    """Describe the picture of a fund that holds no soles yet."""
    told = [one for one in months if one.total_tenths_wh is not None]
    return say(
        "The energy that the fund has received by the end of each month, as steps: {kwh} kWh by "
        "{month}. The table has what came in each month.",
        kwh=kilo_of_tenths(told[-1].total_tenths_wh),
        month=month_name(told[-1].month),
    )


def picture_text(months: tuple[FundMonth, ...]) -> Saying:
    """Describe the picture of the fund for who does not see it."""
    told = [one for one in months if one.balance_centimos is not None]
    most = max(told, key=lambda one: one.balance_centimos or 0)
    return say(
        "What the fund holds at the end of each month, as steps: {last} soles in {month}, at most "
        "{most} soles in {top_month}. The table has the same figures.",
        last=soles(told[-1].balance_centimos),
        month=month_name(told[-1].month),
        most=soles(most.balance_centimos),
        top_month=month_name(most.month),
    )
