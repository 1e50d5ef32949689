"""What may be entered as a price, whoever enters it: at the command line or at a page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import Connection

from coop.calendar import Calendar, moment_s, stamp
from coop.errors import InputError
from coop.members.stewards import add_tariff, read_tariffs
from coop.members.weights import exact, exact_text
from coop.month.events import read_months
from coop.month.money import Tariff, TariffKind
from coop.problems import members, prices
from coop.settings import CoopSettings
from coop.slots import moment_of

MOST_CENTIMOS = 10_000
"""For a kilowatt-hour: 100 soles; whoever writes more means another unit."""

_PRICE = re.compile(r"-?\d{1,12}([./]\d{1,12}|,\d{1,2})?", re.ASCII)
"""A comma before three digits could stand for thousands, so that it is not taken."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A price as somebody types it."""

    kind: str
    centimos: str
    start: str
    decision: str


def read_price(asked: Asked, settings: CoopSettings) -> Tariff:
    """Return what somebody typed; raise InputError with all that is not right in it."""
    problems: list[str] = []

    def take(read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except InputError as error:
            problems.extend(error.problems)
        return otherwise

    read = Tariff(
        take(lambda: _kind(asked.kind), TariffKind.UTILITY),
        take(lambda: _start_s(asked.start, settings), 0),
        take(lambda: _centimos(asked.centimos), Fraction(0)),
        take(lambda: _decision(asked.decision), ""),
    )
    if problems:
        raise InputError(*problems)
    return read


def enter_price(connection: Connection, new: Tariff, settings: CoopSettings) -> bool:
    """Enter a price and say so, unless it stands there already; raise InputError."""
    free_s = read_months(connection, Calendar(settings.zone)).frozen_to_s
    if new in read_tariffs(connection):
        return False
    if new.from_s < free_s:
        first = f"{moment_of(free_s).astimezone(settings.zone):%Y-%m-%d}"
        what = f"tariff {new.kind}: it would begin at"
        raise InputError(members.frozen(what, stamp(new.from_s), stamp(free_s), first))
    add_tariff(connection, new)
    return True


def _kind(text: str) -> TariffKind:
    try:
        return TariffKind(text)
    except ValueError:
        raise InputError(prices.no_kind(text, ", ".join(TariffKind))) from None


def _start_s(text: str, settings: CoopSettings) -> int:
    try:
        start_s = moment_s(text, settings)
    except InputError as error:
        raise InputError(*map(prices.no_moment, error.problems)) from None
    if start_s % settings.slot_s:
        raise InputError(members.inside_a_slot("tariff", stamp(start_s), settings.slot_s // 60))
    return start_s


def _centimos(text: str) -> Fraction:
    try:
        found = exact(text.replace(",", ".")) if _PRICE.fullmatch(text.strip()) else None
    except ValueError:
        found = None
    if found is None:
        raise InputError(prices.no_price(text))
    if not 0 <= found <= MOST_CENTIMOS:
        raise InputError(prices.out_of_range(exact_text(found), MOST_CENTIMOS))
    return found


def _decision(text: str) -> str:
    if not text.strip() or len(text) > members.LONGEST or not text.isprintable():
        raise InputError(prices.no_decision(text))
    return text
