"""What the assembly reads, for programs: the reports of months, its fund and its decisions."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

from coop.assembly.years import Years
from coop.calendar import Calendar
from coop.report.public import publish
from dashboard.api.asking import OneMonth, YearWanted
from dashboard.api.offering import Asked, Offer
from dashboard.api.shapes.assembly import Assembly, Report, Reports
from dashboard.assembly.asked import find_page
from dashboard.assembly.documents import assembly_document
from dashboard.assembly.reading import AssemblySource
from dashboard.documents import Document
from dashboard.reports.finding import find_entries, find_report, reader_of
from dashboard.reports.reading import Reports as ReportSource
from dashboard.reports.views import entry_document
from dashboard.visiting import visitor


class AssemblyApi:
    """Reports and decisions, as far as whoever asks may read them."""

    def __init__(self, reports: ReportSource, source: AssemblySource, zone: ZoneInfo) -> None:
        self._reports = reports
        self._source = source
        self._years = Years(Calendar(zone))

    def offers(self) -> tuple[Offer, ...]:
        """Return its addresses."""
        return (
            Offer("/reports", self.reports, Reports),
            Offer("/reports/<month>", self.report, Report, OneMonth),
            Offer("/assembly", self.assembly, Assembly, query=YearWanted),
        )

    def reports(self, _asked: Asked) -> Document:
        """Return the months whose report may be read; strangers see approved ones."""
        entries = find_entries(self._reports, reader_of(visitor()))
        return {"months": [entry_document(entry) for entry in entries]}

    def report(self, asked: Asked) -> Document:
        """Return what is public of a month's report, and a household's own line."""
        reader = reader_of(visitor())
        report = find_report(self._reports, reader, asked["month"])
        own = next((asdict(one) for one in report.homes if one.home == reader.home), None)
        return {"public": asdict(publish(report)), "home": own}

    def assembly(self, asked: Asked) -> Document:
        """Return the fund month by month, grants, decisions and stewards; `year` for one year."""
        return assembly_document(find_page(self._source, asked.get("year"), self._years))
