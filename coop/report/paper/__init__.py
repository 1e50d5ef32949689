"""A month on paper: the report for the assembly, and a slip for each home, as tagged PDF."""

from coop.report.model import MonthReport
from coop.report.paper.month import month_document
from coop.report.paper.slips import slips_document
from coop.report.paper.typesetting import typeset
from coop.report.shown.sheet import Sheet
from coop.words import Words

__all__ = ["month_pdf", "slips_pdf"]


def month_pdf(sheet: Sheet, words: Words) -> bytes:
    """Print a report; the same sheet and words give the same bytes."""
    return typeset("month.typ", month_document(sheet, words))


def slips_pdf(report: MonthReport, words: Words) -> bytes:
    """Print a slip for each home, two on a page, to be cut and handed out."""
    return typeset("slips.typ", slips_document(report, words))
