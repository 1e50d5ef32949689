"""What of the assembly somebody is shown: a year or all of it; knows neither HTML nor SQL."""

import re
from dataclasses import dataclass
from typing import Protocol

from coop.assembly import Assembly
from coop.assembly.years import Years

_YEAR = re.compile(r"[0-9]{4}")


class AssemblySource(Protocol):
    """Where it is read from; `coop.assembly` does it."""

    def read(self) -> Assembly:
        """Return all that the books hold of it."""
        ...


class NoAssembly:
    """Nothing at all."""

    def read(self) -> Assembly:
        """Return nothing."""
        return Assembly()


class UnknownYearError(LookupError):
    """A year of which the books hold nothing; says which there are."""

    def __init__(self, known: tuple[int, ...]) -> None:
        super().__init__(known)
        self.known = known


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown: `year` is None for all years."""

    shown: Assembly
    year: int | None
    years: tuple[int, ...]

    @property
    def name(self) -> str:
        """Return what its files are called."""
        return "assembly" if self.year is None else f"assembly-{self.year}"

    @property
    def has_figures(self) -> bool:
        """Say whether a month of the fund is told."""
        return any(one.balance_centimos is not None for one in self.shown.fund)


def page_of(told: Assembly, asked: str | None, years: Years) -> Page:
    """Return the year asked for, all years for None; raise ValueError, UnknownYearError."""
    known = years.of(told)
    if asked is None:
        return Page(told, None, known)
    if not _YEAR.fullmatch(asked):
        raise ValueError(asked)
    year = int(asked)
    if year not in known:
        raise UnknownYearError(known)
    return Page(years.within(told, year), year, known)
