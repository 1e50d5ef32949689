"""A report as one page that stands alone: no picture, no script, nothing fetched.

It shows rows as tables and decides nothing. The pages of the dashboard are drawn elsewhere.
"""

from collections.abc import Iterable
from html import escape

from coop.report.rows import Row
from coop.report.shown.amounts import amount_with_unit
from coop.report.shown.tables import Cell, Line, Table, tables_of
from coop.words import Saying, Words
from coop.words.amounts import MISSING

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin-bottom:2rem}"
    "th,td{padding:.25rem .75rem;border-bottom:1px solid #bbb;text-align:left;vertical-align:top}"
    "td.figure{text-align:right;font-variant-numeric:tabular-nums}small{display:block;color:#555}"
)


def page_text(name: str, month: str, rows: Iterable[Row], words: Words) -> str:
    """Write the page."""
    tables = "".join(_table(table, words) for table in tables_of(rows))
    title = escape(f"{name}, {month}")
    language = escape(words.languages[0])
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n"
        f"{tables}</body>\n</html>\n"
    )


def _table(table: Table, words: Words) -> str:
    head = f"<h2>{_told(table.title, words)}</h2>\n"
    if table.is_list:
        with_owner = len({line.of for line in table.lines}) > 1
        lines = "".join(_figure(line, words, with_owner=with_owner) for line in table.lines)
        return f"{head}<table>\n{lines}</table>\n"
    heads = "".join(f'<th scope="col">{_told(one.label, words)}</th>' for one in table.columns)
    lines = "".join(
        f'<tr><th scope="row">{escape(line.of)}</th>'
        + "".join(_cell(cell, words) for cell in line.cells)
        + "</tr>\n"
        for line in table.lines
    )
    return f"{head}<table>\n<tr><td></td>{heads}</tr>\n{lines}</table>\n"


def _figure(line: Line, words: Words, *, with_owner: bool) -> str:
    owner = f"<td>{escape(line.of)}</td>" if with_owner else ""
    label = _told(line.label, words) if line.label else ""
    return f'<tr>{owner}<th scope="row">{label}</th>{_cell(line.cells[0], words)}</tr>\n'


def _cell(cell: Cell, words: Words) -> str:
    if isinstance(cell.value, Saying):
        return f"<td>{_told(cell.value, words)}</td>"
    if isinstance(cell.value, int):
        return f'<td class="figure">{amount_with_unit(cell.value, cell.unit)}</td>'
    return f"<td>{escape(MISSING if cell.value is None else cell.value)}</td>"


def _told(saying: Saying, words: Words) -> str:
    first, *others = words.tell_all(saying)
    below = "".join(f'<small lang="{one.language}">{escape(one.text)}</small>' for one in others)
    return f'<span lang="{first.language}">{escape(first.text)}</span>{below}'
