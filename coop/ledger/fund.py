"""The solidarity fund: what it holds, and what the assembly gives from it.

It is never negative, and nothing leaves it without a decision's number and two different stewards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from coop.calendar import Calendar
from coop.errors import InputError, RefusedError
from coop.ledger.book import Ledger
from coop.ledger.entry import Draft, Entry, Kind, Unit
from coop.members.stewards import refuse_strangers
from coop.month.events import read_months
from coop.month.money import FUND_OWED, FUND_SOLES
from coop.settings import CoopSettings
from coop.slots import unix_s

FUND_ENERGY = "fund:energy"
SIGNERS = 2


@dataclass(frozen=True, slots=True)
class Grant:
    """What the assembly decided to give from the fund."""

    decision: str
    centimos: int
    text: str
    stewards: Sequence[str]


@dataclass(frozen=True, slots=True)
class FundBalance:
    """What the fund holds: its energy so far, and the soles that it can give."""

    tenths_wh: int
    centimos: int
    owed_centimos: int = 0
    """What late readings took beyond what it held; later months give that back first."""


def read_fund(connection: Connection, settings: CoopSettings) -> FundBalance:
    """Add up the fund's accounts."""
    ledger = Ledger(connection, settings.id)
    return FundBalance(
        ledger.balance(FUND_ENERGY, Unit.ENERGY),
        ledger.balance(FUND_SOLES, Unit.MONEY),
        -ledger.balance(FUND_OWED, Unit.MONEY),
    )


def enter_grant(
    connection: Connection, settings: CoopSettings, grant: Grant, now: datetime
) -> Entry:
    """Book a grant; raise InputError or RefusedError, and then nothing is booked.

    The same decision twice is refused: what a decision gives is given once.
    """
    _refuse_incomplete(grant)
    refuse_strangers(connection, grant.stewards, unix_s(now))
    ledger = Ledger(connection, settings.id)
    account = f"grant:{grant.decision}"
    if ledger.balance(account, Unit.MONEY):
        raise RefusedError(f"grant {grant.decision}: is in the books already; nothing was booked")
    held = ledger.balance(FUND_SOLES, Unit.MONEY)
    if held < grant.centimos:
        raise RefusedError(
            f"grant {grant.decision}: found {soles(grant.centimos)} soles, the fund holds "
            f"{soles(held)}; give less, or wait for the next month"
        )
    calendar = Calendar(settings.zone)
    month = max(read_months(connection, calendar).open, calendar.of(now))
    told = {"decision": grant.decision, "stewards": sorted(grant.stewards), "text": grant.text}
    postings = {FUND_SOLES: -grant.centimos, account: grant.centimos}
    draft = Draft(Kind.GRANT, month, postings, Unit.MONEY, told=told)
    [entry] = ledger.append([draft], unix_s(now))
    return entry


def soles(centimos: int) -> str:
    """Write céntimos as soles."""
    sign = "-" if centimos < 0 else ""
    return f"{sign}{abs(centimos) // 100}.{abs(centimos) % 100:02}"


def _refuse_incomplete(grant: Grant) -> None:
    problems = []
    if not grant.decision.strip():
        problems.append("grant: found no decision; name the number of the assembly's decision")
    if grant.centimos <= 0:
        problems.append(f"grant: found {soles(grant.centimos)} soles; allowed: more than 0")
    if len(set(grant.stewards)) != SIGNERS:
        found = " and ".join(grant.stewards) or "nobody"
        problems.append(f"grant: found {found}; needed: {SIGNERS} different stewards")
    if problems:
        raise InputError(*problems)
