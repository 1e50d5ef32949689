"""The solidarity fund: what it holds, and what the assembly gives from it.

It is never negative, and nothing leaves it without a decision's number and two different stewards.
"""

import re
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
from coop.problems import fund as problems
from coop.problems import members
from coop.settings import CoopSettings
from coop.slots import unix_s
from coop.words.amounts import soles

FUND_ENERGY = "fund:energy"
SIGNERS = 2
LONGEST_TEXT = 500
"""Letters of what a grant is for."""

_SOLES = re.compile(r"(-)?(\d{1,9})(?:[.,](\d{1,2}))?", re.ASCII)
"""A comma before three digits could stand for thousands, so that it is not taken."""


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
    refuse_incomplete(grant)
    refuse_strangers(connection, grant.stewards, unix_s(now))
    ledger = Ledger(connection, settings.id)
    account = f"grant:{grant.decision}"
    if ledger.balance(account, Unit.MONEY):
        raise RefusedError(problems.given_already(grant.decision))
    held = ledger.balance(FUND_SOLES, Unit.MONEY)
    if held < grant.centimos:
        found = soles(grant.centimos)
        raise RefusedError(problems.too_much(grant.decision, found, soles(held)))
    calendar = Calendar(settings.zone)
    month = max(read_months(connection, calendar).open, calendar.of(now))
    told = {"decision": grant.decision, "stewards": sorted(grant.stewards), "text": grant.text}
    postings = {FUND_SOLES: -grant.centimos, account: grant.centimos}
    draft = Draft(Kind.GRANT, month, postings, Unit.MONEY, told=told)
    [entry] = ledger.append([draft], unix_s(now))
    return entry


def read_soles(text: str) -> int:
    """Read `120.50` or `120,50` as céntimos; raise InputError."""
    found = _SOLES.fullmatch(text.strip())
    if found is None:
        raise InputError(problems.no_amount(text[: members.LONGEST]))
    sign, whole, part = found.groups(default="")
    centimos = int(whole) * 100 + int(part.ljust(2, "0"))
    return -centimos if sign else centimos


def refuse_incomplete(grant: Grant) -> None:
    """Raise InputError with all that a grant lacks, whatever the fund holds."""
    found = []
    if not _is_line(grant.decision, members.LONGEST):
        found.append(problems.no_decision())
    if not _is_line(grant.text, LONGEST_TEXT):
        found.append(problems.no_purpose(LONGEST_TEXT))
    if grant.centimos <= 0:
        found.append(problems.too_little(soles(grant.centimos)))
    if len(set(grant.stewards)) != SIGNERS:
        found.append(problems.not_two(" and ".join(grant.stewards) or "nobody", SIGNERS))
    if found:
        raise InputError(*found)


def _is_line(text: str, most: int) -> bool:
    return bool(text.strip()) and len(text) <= most and text.isprintable()
