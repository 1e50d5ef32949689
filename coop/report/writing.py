"""A report as text: JSON for programs, CSV for spreadsheets; words in the languages asked for."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

from coop.report.model import MonthReport
from coop.report.page import page_text
from coop.report.public import publish
from coop.report.rows import Row, public_rows, report_rows
from coop.words import Saying, Words

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_text(report: MonthReport, words: Words) -> str:
    """Write every figure under its name, and what of it is public; words play no part."""
    del words
    return _json({**asdict(report), "public": asdict(publish(report))})


def public_json_text(report: MonthReport, words: Words) -> str:
    """Write the public figures under their names; words play no part."""
    del words
    return _json(asdict(publish(report)))


def csv_text(report: MonthReport, words: Words) -> str:
    """Write one figure a line, with what it is called in each language."""
    return _csv(report_rows(report), words)


def public_csv_text(report: MonthReport, words: Words) -> str:
    """Write one public figure a line, with what it is called in each language."""
    return _csv(public_rows(publish(report)), words)


def html_text(report: MonthReport, words: Words) -> str:
    """Write a page that stands alone."""
    return page_text(report.name, report.month, list(report_rows(report)), words)


def public_html_text(report: MonthReport, words: Words) -> str:
    """Write a page of what anyone may see."""
    return page_text(report.name, report.month, list(public_rows(publish(report))), words)


Writer = Callable[[MonthReport, Words], str]
WRITERS: Mapping[str, Writer] = {"json": json_text, "csv": csv_text, "html": html_text}
PUBLIC_WRITERS: Mapping[str, Writer] = {
    "json": public_json_text,
    "csv": public_csv_text,
    "html": public_html_text,
}


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _csv(rows: Iterable[Row], words: Words) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["part", "of", "figure", "value", "unit", *words.languages])
    for row in rows:
        names = [words.tell_in(language, row.label).text for language in words.languages]
        value = words.tell(row.value) if isinstance(row.value, Saying) else row.value
        cells = [row.part, row.of, row.figure, value, row.unit, *names]
        lines.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue()


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
