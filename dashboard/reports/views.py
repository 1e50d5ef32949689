"""Parses a request for a report, asks what may be read of it, renders."""

import csv
import io
from collections.abc import Callable, Mapping

from flask import Flask, Response, g, jsonify, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coop.report.labels import FIGURES, state_saying
from coop.report.model import MonthReport
from coop.report.paper import slips_pdf
from coop.report.paper.wording import CLOSES, KWH_A_DAY, NOT_MEASURED, PICTURE, REPORT
from coop.report.public import publish
from coop.report.shelf import MonthEntry
from coop.report.shown import amounts
from coop.report.shown.sheet import Sheet
from coop.report.spoken import TITLE, ten_sentences
from coop.words import Saying
from dashboard.reports import phrases
from dashboard.reports.finding import find_entries, find_report, reader_of
from dashboard.reports.pictures import TALL, WIDE, draw_month, kinds_shown
from dashboard.reports.reading import Reader, Reports
from dashboard.visiting import visitor

TYPES: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ReportPages:
    """The views of reports; each is a few lines."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def register(self, app: Flask) -> None:
        """Give each view its addresses."""
        forms = ",".join(TYPES)
        routes: dict[str, Callable[..., ResponseReturnValue]] = {
            "/reports": self.reports,
            "/reports.json": self.reports_json,
            "/reports.csv": self.reports_csv,
            "/reports/<month>": self.report,
            f"/reports/<month>.<any({forms}):form>": self.report_file,
            "/reports/<month>/read": self.report_read,
            "/reports/<month>/slips.pdf": self.report_slips,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])

    def reports(self) -> ResponseReturnValue:
        """List the months that may be read."""
        reader = _reader()
        return render_template(
            "reports.html",
            entries=self._entries(reader),
            state_saying=state_saying,
            phrases=phrases,
            month_name=amounts.month_name,
            is_stranger=reader.is_stranger,
        )

    def reports_json(self) -> ResponseReturnValue:
        """Return the months that may be read."""
        return jsonify({"months": [entry_document(entry) for entry in self._entries(_reader())]})

    def reports_csv(self) -> ResponseReturnValue:
        """Return the months that may be read as a table."""
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(["month", "state", "review"])
        lines.writerows(entry_document(entry).values() for entry in self._entries(_reader()))
        return _file(text.getvalue().encode(), "csv", "reports")

    def report(self, month: str) -> ResponseReturnValue:
        """Show a month's report."""
        reader = _reader()
        months = [entry.month for entry in self._entries(reader)]
        sheet = reader.sheet(self._read(month, reader))
        place = months.index(month)
        return render_template(
            "report.html",
            sheet=sheet,
            charts=_charts(sheet),
            kinds=kinds_shown(sheet),
            before=months[place + 1] if place + 1 < len(months) else None,
            after=months[place - 1] if place else None,
            is_steward=reader.is_steward,
            amounts=amounts,
            bands=[band for band in sheet.bands if band.total_wh or any(band.by_day)],
            names=_names(sheet),
            title=REPORT,
            phrases=phrases,
            figures=FIGURES,
            closes=CLOSES,
            picture=PICTURE,
            kwh_a_day=KWH_A_DAY,
        )

    def report_file(self, month: str, form: str) -> ResponseReturnValue:
        """Return a month's report as a file."""
        reader = _reader()
        content = reader.file(form, self._read(month, reader), g.words)
        return _file(content, form, f"report-{month}")

    def report_read(self, month: str) -> ResponseReturnValue:
        """Show the ten sentences that are read aloud."""
        part = publish(self._read(month, _reader()))
        return render_template(
            "report_read.html",
            part=part,
            sentences=ten_sentences(part),
            title=TITLE,
            month_name=amounts.month_name,
            phrases=phrases,
        )

    def report_slips(self, month: str) -> ResponseReturnValue:
        """Return the slips of all homes to print."""
        report = self._read(month, _reader())
        return _file(slips_pdf(report, g.words), "pdf", f"slips-{month}")

    def _entries(self, reader: Reader) -> list[MonthEntry]:
        return find_entries(self._reports, reader)

    def _read(self, month: str, reader: Reader) -> MonthReport:
        return find_report(self._reports, reader, month)


def _reader() -> Reader:
    return reader_of(visitor())


def _charts(sheet: Sheet) -> dict[str, Markup]:
    frames = {"month": WIDE, "monthphone": TALL} if sheet.days else {}
    return {
        name: Markup(draw_month(sheet, name, frame))  # noqa: S704  charts escapes every text
        for name, frame in frames.items()
    }


def _names(sheet: Sheet) -> dict[str, Saying]:
    return {"missing": NOT_MEASURED, **{band.kind: band.label for band in sheet.bands}}


def entry_document(entry: MonthEntry) -> dict[str, str | None]:
    """Return one month that has a report."""
    return {"month": entry.month, "state": entry.state, "review": entry.said}


def _file(content: bytes, form: str, name: str) -> Response:
    shown = "inline" if form == "json" else "attachment"
    disposition = f'{shown}; filename="{name}.{form}"'
    return Response(content, mimetype=TYPES[form], headers={"Content-Disposition": disposition})
