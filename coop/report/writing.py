"""A report in each of its forms, as the bytes of a file; words in the languages asked for."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

from coop.report.model import MonthReport
from coop.report.page import page_text
from coop.report.paper import month_pdf, slips_pdf
from coop.report.public import publish
from coop.report.rows import Row, member_rows, public_rows, report_rows
from coop.report.shown.harmless import harmless
from coop.report.shown.sheet import home_sheet, public_sheet, whole_sheet
from coop.report.shown.workbook import workbook_of
from coop.report.spoken import TITLE, ten_sentences
from coop.words import Saying, Words

Writer = Callable[[MonthReport, Words], bytes]


def write_json(report: MonthReport, words: Words) -> bytes:
    """Write every figure under its name, and what of it is public; words play no part."""
    del words
    return _json({**asdict(report), "public": asdict(publish(report))})


def write_public_json(report: MonthReport, words: Words) -> bytes:
    """Write the public figures under their names; words play no part."""
    del words
    return _json(asdict(publish(report)))


def write_csv(report: MonthReport, words: Words) -> bytes:
    """Write one figure a line, with what it is called in each language."""
    return csv_of(report_rows(report), words)


def write_public_csv(report: MonthReport, words: Words) -> bytes:
    """Write one public figure a line, with what it is called in each language."""
    return csv_of(public_rows(publish(report)), words)


def write_html(report: MonthReport, words: Words) -> bytes:
    """Write a page that stands alone."""
    return page_text(report.name, report.month, report_rows(report), words).encode()


def write_public_html(report: MonthReport, words: Words) -> bytes:
    """Write a page of what anyone may see."""
    rows = public_rows(publish(report))
    return page_text(report.name, report.month, rows, words).encode()


def write_pdf(report: MonthReport, words: Words) -> bytes:
    """Print all of it."""
    return month_pdf(whole_sheet(report), words)


def write_public_pdf(report: MonthReport, words: Words) -> bytes:
    """Print what anyone may see."""
    return month_pdf(public_sheet(report), words)


def write_xlsx(report: MonthReport, words: Words) -> bytes:
    """Write a workbook of all of it."""
    return workbook_of(list(report_rows(report)), words)


def write_public_xlsx(report: MonthReport, words: Words) -> bytes:
    """Write a workbook of what anyone may see."""
    return workbook_of(list(public_rows(publish(report))), words)


def write_text(report: MonthReport, words: Words) -> bytes:
    """Write the ten sentences, in one language after the other; all of them are public."""
    part = publish(report)
    blocks = [
        "\n".join(words.tell_in(language, saying).text for saying in (TITLE, *ten_sentences(part)))
        for language in words.languages
    ]
    line = f"\n{part.line}\n" if part.line else ""
    return ("\n\n".join(blocks) + f"\n{line}").encode()


def write_slips(report: MonthReport, words: Words) -> bytes:
    """Print the slip of each home."""
    return slips_pdf(report, words)


WRITERS: Mapping[str, Writer] = {
    "json": write_json,
    "csv": write_csv,
    "html": write_html,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "text": write_text,
}
PUBLIC_WRITERS: Mapping[str, Writer] = {
    "json": write_public_json,
    "csv": write_public_csv,
    "html": write_public_html,
    "pdf": write_public_pdf,
    "xlsx": write_public_xlsx,
    "text": write_text,
}


def writer_of(form: str, *, is_public: bool = False) -> Writer:
    """Return what writes a form; `slips` are the homes' own."""
    if form == "slips":
        return write_slips
    return PUBLIC_WRITERS[form] if is_public else WRITERS[form]


def write_for_home(form: str, report: MonthReport, words: Words, home: str) -> bytes:
    """Write what every home may know, and the line of one, in a form that WRITERS have."""
    if form == "json":
        return _json(_home_document(report, home))
    if form == "pdf":
        return month_pdf(home_sheet(report, home), words)
    rows = list(member_rows(report, publish(report), home))
    return workbook_of(rows, words) if form == "xlsx" else csv_of(rows, words)


def csv_of(rows: Iterable[Row], words: Words) -> bytes:
    """Write rows as lines of CSV, with what each figure is called in each language."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["part", "of", "figure", "value", "unit", *words.languages])
    for row in rows:
        names = [words.tell_in(language, row.label).text for language in words.languages]
        value = words.tell(row.value) if isinstance(row.value, Saying) else row.value
        cells = [row.part, row.of, row.figure, value, row.unit, *names]
        lines.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue().encode()


def _home_document(report: MonthReport, home: str) -> Mapping[str, object]:
    sheet = home_sheet(report, home)
    days = [
        {
            "day": day.day,
            "slots": day.slots,
            "counted": day.counted,
            "produced_wh": day.produced_wh,
            **{f"{band.kind}_wh": band.by_day[place] for band in sheet.bands},
        }
        for place, day in enumerate(sheet.days)
    ]
    own = next((asdict(one) for one in report.homes if one.home == home), None)
    return {**asdict(publish(report)), "home": own, "days": days}


def _json(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
