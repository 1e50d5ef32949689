"""Which months somebody may read, and how much of each; knows neither HTML nor SQL."""

from dataclasses import dataclass
from typing import Protocol

from coop.report.model import MonthReport
from coop.report.shelf import MonthEntry
from coop.report.shown.sheet import Sheet, home_sheet, public_sheet, whole_sheet
from coop.report.writing import PUBLIC_WRITERS, WRITERS, write_for_home
from coop.words import Words


class Reports(Protocol):
    """Where reports are read from; `coop.report.shelf` does it."""

    def months(self) -> tuple[MonthEntry, ...]:
        """Return every month of the books, the newest first."""
        ...

    def report(self, month: str) -> MonthReport:
        """Return the report of one of `months`."""
        ...


class NoReports:
    """No month at all."""

    def months(self) -> tuple[MonthEntry, ...]:
        """Return none."""
        return ()

    def report(self, month: str) -> MonthReport:
        """Never be asked."""
        raise LookupError(month)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a steward everything, a home its own line, all others what is public.

    A stranger reads it of approved months only.
    """

    home: str | None = None
    is_steward: bool = False
    is_member: bool = False

    @property
    def is_stranger(self) -> bool:
        """Say whether only public parts of approved months may be read."""
        return self.home is None and not self.is_steward and not self.is_member

    def may_read(self, entry: MonthEntry) -> bool:
        """Say whether anything of a month may be read."""
        return entry.is_approved or not self.is_stranger

    def sheet(self, report: MonthReport) -> Sheet:
        """Return what may be read of a report."""
        if self.is_steward:
            return whole_sheet(report)
        return public_sheet(report) if self.home is None else home_sheet(report, self.home)

    def file(self, form: str, report: MonthReport, words: Words) -> bytes:
        """Return what may be read of a report as a file."""
        if self.is_steward:
            return WRITERS[form](report, words)
        if self.home is None:
            return PUBLIC_WRITERS[form](report, words)
        return write_for_home(form, report, words, self.home)
