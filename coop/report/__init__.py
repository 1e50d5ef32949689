"""A month as one object that pages, prints and tables are made of, and what of it is public."""

from coop.report.model import MonthReport
from coop.report.public import PublicPart, publish
from coop.report.reading import read_report

__all__ = ["MonthReport", "PublicPart", "publish", "read_report"]
