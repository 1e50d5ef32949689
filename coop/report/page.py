"""A report as one page that stands alone: no picture, no script, nothing fetched.

It shows rows as tables and decides nothing. The pages of the dashboard are drawn elsewhere.
"""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from coop.report.labels import PARTS
from coop.report.rows import Row
from coop.words import Saying, Words

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin-bottom:2rem}"
    "th,td{padding:.25rem .75rem;border-bottom:1px solid #bbb;text-align:left;vertical-align:top}"
    "td.figure{text-align:right;font-variant-numeric:tabular-nums}small{display:block;color:#555}"
)
CENTIMOS_A_SOL = 100


def page_text(name: str, month: str, rows: Sequence[Row], words: Words) -> str:
    """Write the page."""
    tables = "".join(
        _part(part, list(held), words) for part, held in groupby(rows, lambda row: row.part)
    )
    title = escape(f"{name}, {month}")
    language = escape(words.languages[0])
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n"
        f"{tables}</body>\n</html>\n"
    )


def _part(part: str, rows: Sequence[Row], words: Words) -> str:
    head = f"<h2>{_told(PARTS[part], words)}</h2>\n"
    owners = list(dict.fromkeys(row.of for row in rows))
    labels = {row.figure: row.label for row in rows}
    if len(owners) == 1 or len(labels) * len(owners) > len(rows):
        return head + _list(rows, words, with_owner=len(owners) > 1)
    cells = {(row.of, row.figure): row for row in rows}
    heads = "".join(f'<th scope="col">{_told(label, words)}</th>' for label in labels.values())
    lines = "".join(
        f'<tr><th scope="row">{escape(owner)}</th>'
        + "".join(_cell(cells[owner, figure], words) for figure in labels)
        + "</tr>\n"
        for owner in owners
    )
    return f"{head}<table>\n<tr><td></td>{heads}</tr>\n{lines}</table>\n"


def _list(rows: Iterable[Row], words: Words, *, with_owner: bool) -> str:
    lines = "".join(
        "<tr>"
        + (f"<td>{escape(row.of)}</td>" if with_owner else "")
        + f'<th scope="row">{_told(row.label, words)}</th>{_cell(row, words)}</tr>\n'
        for row in rows
    )
    return f"<table>\n{lines}</table>\n"


def _cell(row: Row, words: Words) -> str:
    if isinstance(row.value, Saying):
        return f"<td>{_told(row.value, words)}</td>"
    if isinstance(row.value, int):
        return f'<td class="figure">{_amount(row.value, row.unit)}</td>'
    return f"<td>{escape(row.value or '')}</td>"


def _amount(value: int, unit: str) -> str:
    if unit == "centimo":
        sign = "-" if value < 0 else ""
        soles, centimos = divmod(abs(value), CENTIMOS_A_SOL)
        return f"{sign}S/ {soles:,}.{centimos:02}"
    if unit == "0.1 Wh":
        sign = "-" if value < 0 else ""
        whole, tenth = divmod(abs(value), 10)
        return f"{sign}{whole:,}.{tenth} Wh"
    return f"{value:,} {unit}".rstrip()


def _told(saying: Saying, words: Words) -> str:
    first, *others = words.tell_all(saying)
    below = "".join(f'<small lang="{one.language}">{escape(one.text)}</small>' for one in others)
    return f'<span lang="{first.language}">{escape(first.text)}</span>{below}'
