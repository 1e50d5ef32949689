"""Draws a comparison as one SVG that stands alone: a bar a home, and its figures beside it.

Attributes instead of styles, so that a page without inline styles can hold it. Nothing is told by
colour alone: gains and losses have a sign and an arrow, and each row says its figures.
"""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from coop.errors import InputError
from coop.trial.comparison import Comparison, HomeRow, rows_csv

WIDTH = 900
ROW = 24
TOP = 132

_BAR_X, _BAR_WIDTH, _BAR_HEIGHT = 130, 430, 14
_SHARED_X, _CHANGE_X = 700, 880
_INK, _SOFT = "#1b1b1b", "#5b5b5b"
# The pages' colours: they mean the same everywhere.
_OWN, _SHARED, _GRID = "#6f7f17", "#26734d", "#d8cdbb"
_MORE, _LESS = "#0b6b3a", "#a3261b"


def write_pictures(folder: Path, comparisons: Sequence[Comparison]) -> None:
    """Write a picture and the same rows as CSV for each method; raise InputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in comparisons:
            (folder / f"{one.method}.svg").write_text(draw(one), encoding="utf-8")
            (folder / f"{one.method}.csv").write_text(rows_csv(one), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"--svg {folder}: cannot be written ({error.strerror}); name another folder"
        ) from error


def draw(comparison: Comparison) -> str:
    """Return the picture of one method."""
    name = escape(comparison.method)
    height = TOP + ROW * len(comparison.rows) + 16
    most_wh = max((row.consumption_wh for row in comparison.rows), default=0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}"',
        f'width="{WIDTH}" height="{height}" font-family="sans-serif"',
        f'aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(_title(comparison))}</title>',
        f'<desc id="{name}-desc">{escape(_description(comparison))}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(16, 30, _title(comparison)),
        _text(16, 54, _energy(comparison)),
        _text(16, 76, _outcome(comparison)),
        *_heads(comparison),
        *(
            line
            for place, row in enumerate(comparison.rows)
            for line in _row(row, TOP + ROW * place, most_wh)
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(comparison: Comparison) -> str:
    if comparison.method == comparison.against:
        return f"{comparison.method}: what each home would have had"
    return f"{comparison.method}, compared with {comparison.against}"


def _energy(comparison: Comparison) -> str:
    fund_wh, tenth = divmod(comparison.fund_tenths_wh, 10)
    return (
        f"Self-sufficiency {comparison.self_sufficiency}, left over {comparison.surplus_wh:,} Wh,"
        f" of it for the fund {fund_wh:,}.{tenth} Wh"
    )


def _outcome(comparison: Comparison) -> str:
    more, less = len(comparison.winners), len(comparison.losers)
    same = len(comparison.rows) - more - less
    return f"Homes with more: {more}, with less: {less}, the same: {same}"


def _description(comparison: Comparison) -> str:
    rows = "; ".join(
        f"{row.home} uses {row.consumption_wh:,} Wh, {row.own_use_wh:,} of its own roof,"
        f" {row.shared_wh:,} shared, {row.grid_wh:,} from the grid, change {row.change_wh:+,}"
        for row in comparison.rows
    )
    return f"{_energy(comparison)}. {_outcome(comparison)}. {rows}."


def _heads(comparison: Comparison) -> Iterator[str]:
    for x, colour, text in (
        (_BAR_X, _OWN, "own roof"),
        (_BAR_X + 110, _SHARED, "shared"),
        (_BAR_X + 205, _GRID, "from the grid"),
    ):
        yield _bar(x, TOP - 26, 14, colour)
        yield _text(x + 20, TOP - 14, text, colour=_SOFT)
    yield _text(_SHARED_X, TOP - 14, "shared, Wh", colour=_SOFT, anchor="end")
    if comparison.method != comparison.against:
        yield _text(_CHANGE_X, TOP - 14, "more or less, Wh", colour=_SOFT, anchor="end")


def _row(row: HomeRow, y: int, most_wh: int) -> Iterator[str]:
    yield _text(_BAR_X - 10, y + 12, row.home, anchor="end")
    bands = ((row.own_use_wh, _OWN), (row.shared_wh, _SHARED), (row.grid_wh, _GRID))
    below_wh = 0
    for wh, colour in bands:
        start, end = (_x(at_wh, most_wh) for at_wh in (below_wh, below_wh + wh))
        if end > start:
            yield _bar(start, y, end - start, colour)
        below_wh += wh
    yield _text(_SHARED_X, y + 12, f"{row.shared_wh:,}", anchor="end")
    if row.change_wh:
        arrow, colour = ("▲", _MORE) if row.change_wh > 0 else ("▼", _LESS)
        yield _text(_CHANGE_X, y + 12, f"{row.change_wh:+,} {arrow}", colour=colour, anchor="end")


def _x(wh: int, most_wh: int) -> int:
    return _BAR_X + (_BAR_WIDTH * wh // most_wh if most_wh else 0)


def _bar(x: int, y: int, width: int, colour: str) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{_BAR_HEIGHT}" fill="{colour}"'
        f' stroke="{_SOFT}" stroke-width=".5"/>'
    )


def _text(x: int, y: int, text: str, *, colour: str = _INK, anchor: str = "start") -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="14" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
