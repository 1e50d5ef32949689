"""The solidarity fund month by month, out of entries of the ledger and sums of days. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from coop.assembly.model import FundMonth, GrantMade
from coop.calendar import Calendar
from coop.ledger import Kind
from coop.ledger.fund import FUND_ENERGY
from coop.month.money import FUND_OWED, FUND_SOLES
from coop.slots import parse_utc_s

Said = Mapping[str, Any]


class FundBook:
    """Adds up what entries say of the fund."""

    def __init__(self, calendar: Calendar) -> None:
        """Begin with an empty fund."""
        self._calendar = calendar
        self._late: Counter[str] = Counter()
        self._worth: Counter[str] = Counter()
        self._given: Counter[str] = Counter()
        self._grants: list[GrantMade] = []

    def add(self, said: Said) -> None:
        """Add one entry: what a month was worth, a grant, or an adjustment."""
        month, postings = said["month"], said["postings"]
        if said["kind"] == Kind.ADJUSTMENT:
            self._late[month] += postings.get(FUND_ENERGY, 0)
        elif said["kind"] == Kind.GRANT:
            grant = _grant(said)
            self._grants.append(grant)
            self._given[month] += grant.centimos
        else:
            self._worth[month] += postings.get(FUND_SOLES, 0) + postings.get(FUND_OWED, 0)

    def grants(self) -> tuple[GrantMade, ...]:
        """Return the grants, the newest first."""
        return tuple(reversed(self._grants))

    def months(
        self, received: Mapping[str, int], frozen: Iterable[str], homes: Mapping[str, int]
    ) -> tuple[FundMonth, ...]:
        """Return every month from the first in the books to the last, one after the other.

        `received` is what its slots brought, by month.
        """
        booked, told = set(frozen), []
        tenths = centimos = 0
        for month in self.span(received):
            came = received.get(month)
            if came is not None or self._late[month]:
                came = (came or 0) + self._late[month]
            tenths += came or 0
            opening, given = centimos, self._given[month]
            centimos += self._worth[month] - given
            worth = self._worth[month] if month in booked else None
            told.append(
                FundMonth(month, homes.get(month, 0), came, tenths, opening, worth, given, centimos)
            )
        return tuple(told)

    def span(self, received: Mapping[str, int]) -> tuple[str, ...]:
        """Return the months of which there is anything, and those between them."""
        known = sorted({*received, *self._late, *self._worth, *self._given})
        months = known[:1]
        while months and months[-1] < known[-1]:
            months.append(self._calendar.after(months[-1]))
        return tuple(months)


def _grant(said: Said) -> GrantMade:
    return GrantMade(
        said["decision"],
        said["month"],
        -said["postings"][FUND_SOLES],
        said["text"],
        tuple(said["stewards"]),
        parse_utc_s(said["written"]),
    )
