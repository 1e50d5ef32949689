"""Draws a comparison as one SVG that stands alone: a bar a home, and its figures beside it.

Attributes instead of styles, so that a page without inline styles can hold it. Nothing is told by
colour alone: gains and losses have a sign and an arrow, and each row says its figures.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path

from coop.errors import InputError
from coop.trial import wording
from coop.trial.comparison import Comparison, HomeRow, rows_csv
from coop.words import Saying, Words
from coop.words.amounts import signed, whole

WIDTH = 900
ROW = 24
TOP = 132

_BAR_X, _BAR_WIDTH, _BAR_HEIGHT = 130, 430, 14
_SHARED_X, _CHANGE_X = 700, 880
_INK, _SOFT = "#1b1b1b", "#5b5b5b"
# The pages' colours and stairs: they mean the same everywhere.
_OWN, _SHARED, _GRID = "own", "shared", "grid"
_TEXTURES = {
    _OWN: ("#6f7f17", 12, "M0 6h6v-6M6 12v-6h6"),
    _SHARED: ("#26734d", 16, "M0 12h4v-4h4v-4h4v-4h4v4"),
    _GRID: ("#d8cdbb", 8, "M0 4h8"),
}
_WEAVE = "#ffffff"
_MORE, _LESS = "#0b6b3a", "#a3261b"


def write_pictures(folder: Path, comparisons: Sequence[Comparison], words: Words) -> None:
    """Write a picture and the same rows as CSV for each method; raise InputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in comparisons:
            (folder / f"{one.method}.svg").write_text(draw(one, words), encoding="utf-8")
            (folder / f"{one.method}.csv").write_text(rows_csv(one), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"--svg {folder}: cannot be written ({error.strerror}); name another folder"
        ) from error


def draw(comparison: Comparison, words: Words, name: str = "") -> str:
    """Return the picture of one method, in the first of the languages.

    `name` tells two pictures of one method on one page apart.
    """
    tell = words.tell
    name = escape(name or comparison.method)
    title, energy, outcome = (
        tell(said(comparison)) for said in (wording.title, wording.energy, wording.outcome)
    )
    homes = "; ".join(tell(wording.home(row)) for row in comparison.rows)
    height = TOP + ROW * len(comparison.rows) + 16
    most_wh = max((row.consumption_wh for row in comparison.rows), default=0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}"',
        f'width="{WIDTH}" height="{height}" font-family="sans-serif"',
        f'lang="{words.languages[0]}" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(f"{energy}. {outcome}. {homes}.")}</desc>',
        _patterns(name),
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *(_text(16, y, line) for y, line in ((30, title), (54, energy), (76, outcome))),
        *_heads(comparison, name, tell),
        *(
            line
            for place, row in enumerate(comparison.rows)
            for line in _row(row, name, TOP + ROW * place, most_wh)
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _patterns(name: str) -> str:
    tiles = (
        f'<pattern id="{name}-{kind}" width="{size}" height="{size}" '
        f'patternUnits="userSpaceOnUse"><rect width="{size}" height="{size}" fill="{colour}"/>'
        f'<path d="{path}" fill="none" stroke="{_WEAVE}" stroke-opacity=".45"/></pattern>'
        for kind, (colour, size, path) in _TEXTURES.items()
    )
    return f"<defs>{''.join(tiles)}</defs>"


def _heads(comparison: Comparison, name: str, tell: Callable[[Saying], str]) -> Iterator[str]:
    for place, (kind, said) in enumerate(
        ((_OWN, wording.OWN_ROOF), (_SHARED, wording.SHARED), (_GRID, wording.GRID))
    ):
        x = _BAR_X + 145 * place
        yield _bar(x, TOP - 26, 14, f"{name}-{kind}")
        yield _text(x + 20, TOP - 14, tell(said), colour=_SOFT)
    yield _text(_SHARED_X, TOP - 14, tell(wording.SHARED_WH), colour=_SOFT, anchor="end")
    if comparison.method != comparison.against:
        yield _text(_CHANGE_X, TOP - 14, tell(wording.CHANGE_WH), colour=_SOFT, anchor="end")


def _row(row: HomeRow, name: str, y: int, most_wh: int) -> Iterator[str]:
    yield _text(_BAR_X - 10, y + 12, row.home, anchor="end")
    bands = ((row.own_use_wh, _OWN), (row.shared_wh, _SHARED), (row.grid_wh, _GRID))
    below_wh = 0
    for wh, kind in bands:
        start, end = (_x(at_wh, most_wh) for at_wh in (below_wh, below_wh + wh))
        if end > start:
            yield _bar(start, y, end - start, f"{name}-{kind}")
        below_wh += wh
    yield _text(_SHARED_X, y + 12, whole(row.shared_wh), anchor="end")
    if row.change_wh:
        arrow, colour = ("▲", _MORE) if row.change_wh > 0 else ("▼", _LESS)
        yield _text(
            _CHANGE_X, y + 12, f"{signed(row.change_wh)} {arrow}", colour=colour, anchor="end"
        )


def _x(wh: int, most_wh: int) -> int:
    return _BAR_X + (_BAR_WIDTH * wh // most_wh if most_wh else 0)


def _bar(x: int, y: int, width: int, pattern: str) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{_BAR_HEIGHT}" fill="url(#{pattern})"'
        f' stroke="{_SOFT}" stroke-width=".5"/>'
    )


def _text(x: int, y: int, text: str, *, colour: str = _INK, anchor: str = "start") -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="14" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
