"""Finds the reports that somebody may read; what is not there ends the request."""

from flask import abort, g

from coop.report.model import MonthReport
from coop.report.shelf import MonthEntry
from dashboard.failures import refuse
from dashboard.reports import phrases
from dashboard.reports.reading import Reader, Reports
from dashboard.visiting import Visitor, visitor


def reader_of(who: Visitor) -> Reader:
    """Return how much somebody may read; a home's program reads no more than a stranger."""
    if who.is_program:
        return Reader(is_member=who.is_known and who.home_id is None)
    return Reader(who.home_id, is_steward=who.steward_id is not None)


def find_entries(reports: Reports, reader: Reader) -> list[MonthEntry]:
    """Return the months of which anything may be read, the newest first."""
    if "months" not in g:
        g.months = reports.months()
    return [entry for entry in g.months if reader.may_read(entry)]


def find_report(reports: Reports, reader: Reader, month: str) -> MonthReport:
    """Return the report of a month."""
    entries = find_entries(reports, reader)
    if month not in {entry.month for entry in g.months}:
        refuse(404, phrases.no_such_month(", ".join(entry.month for entry in entries)))
    if month not in {entry.month for entry in entries}:
        abort(403 if visitor().is_known else 401)
    return reports.report(month)
