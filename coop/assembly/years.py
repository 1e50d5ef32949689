"""Which years there are, and what of the assembly belongs to one. Pure."""

from dataclasses import replace

from coop.assembly.model import Assembly, Decided
from coop.calendar import Calendar
from coop.members.community import Validity


class Years:
    """Parts what the assembly is told by the cooperative's years."""

    def __init__(self, calendar: Calendar) -> None:
        """Count years by the cooperative's own time."""
        self._calendar = calendar

    def of(self, assembly: Assembly) -> tuple[int, ...]:
        """Return the years in which something begins or is booked, the newest first."""
        decided = assembly.decided
        months = {one.month for one in assembly.fund} | {one.month for one in assembly.grants}
        months |= {one.month for one in decided.months}
        begun = [one.validity for one in decided.keys]
        begun += [one.validity for one in decided.prices]
        begun += [one.validity for one in decided.stewards]
        months |= {self._calendar.month_of(one.from_s) for one in begun}
        return tuple(sorted({_year(month) for month in months}, reverse=True))

    def within(self, assembly: Assembly, year: int) -> Assembly:
        """Return what belongs to a year: its months, and what held on any of its days."""
        span = Validity(*(self._calendar.span(f"{one:04}-01")[0] for one in (year, year + 1)))
        decided = assembly.decided
        return replace(
            assembly,
            fund=tuple(one for one in assembly.fund if _year(one.month) == year),
            grants=tuple(one for one in assembly.grants if _year(one.month) == year),
            decided=Decided(
                tuple(one for one in decided.months if _year(one.month) == year),
                tuple(one for one in decided.keys if one.validity.overlaps(span)),
                tuple(one for one in decided.prices if one.validity.overlaps(span)),
                tuple(one for one in decided.stewards if one.validity.overlaps(span)),
            ),
        )


def _year(month: str) -> int:
    return int(month.split("-", maxsplit=1)[0])
