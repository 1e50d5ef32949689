"""The picture of a month's coverage: a row a meter, a column a day. Pure geometry.

What is known fills a day from the ground up, what is missing is hatched above it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from coop.watch.coverage import Cell, Coverage
from coop.words import Saying
from dashboard.steward.data.telling import describe, title_of

Tell = Callable[[Saying], str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The measures of one drawing."""

    width: int
    label_width: int
    """Zero puts the name of a row above it."""
    pitch: int
    """From row to row."""
    height: int
    """Of a row's days."""
    letters: int
    """How many letters of a name are shown."""
    every: int
    """Which days are named: each so many."""


WIDE = Sheet(1040, 230, 30, 22, 25, 2)
TALL = Sheet(420, 0, 48, 20, 40, 5)
_HEAD = 28
_GAP = 2
_LEAST = 0.2
"""A part of a day that is there is drawn at least so high."""
_TILES = {
    "measured": (8, "M0 0"),
    "worked": (8, "M0 6h2v-2h2v-2h2v-2"),
    "missing": (8, "M-2 6l4 4M-2 -2l12 12M6 -2l4 4"),
}
KINDS = tuple(_TILES)


def draw_coverage(month: str, coverage: Coverage, name: str, sheet: Sheet, tell: Tell) -> str:
    """Draw a month; `name` must be unique on its page."""
    height = _HEAD + sheet.pitch * len(coverage.rows)
    return "".join(
        [
            f'<svg class="chart coverage" role="img" viewBox="0 0 {sheet.width} {height}" ',
            f'aria-labelledby="{name}-title {name}-desc">',
            f'<title id="{name}-title">{escape(tell(title_of(month)))}</title>',
            f'<desc id="{name}-desc">{escape(tell(describe(coverage)))}</desc>',
            _patterns(name),
            *_days(coverage, sheet),
            *_cells(coverage, name, sheet),
            *_names(coverage, sheet),
            "</svg>",
        ]
    )


def parts_of(cell: Cell) -> tuple[str, float, float]:
    """Return the kind of what is known of a day, and the shares known and missing, 0 to 1."""
    known = cell.expected - cell.missing
    kind = "worked" if cell.filled else "measured"
    if not known or not cell.missing:
        return kind, float(bool(known)), float(bool(cell.missing))
    share = min(max(known / cell.expected, _LEAST), 1 - _LEAST)
    return kind, share, 1 - share


def _patterns(name: str) -> str:
    tiles = (
        f'<pattern id="{name}-{kind}" width="{size}" height="{size}" '
        f'patternUnits="userSpaceOnUse"><rect class="known-{kind}" width="{size}" '
        f'height="{size}"/><path class="known-weave-{kind}" d="{path}"/></pattern>'
        for kind, (size, path) in _TILES.items()
    )
    return f"<defs>{''.join(tiles)}</defs>"


def _days(coverage: Coverage, sheet: Sheet) -> list[str]:
    step = _step(coverage, sheet)
    return [
        f'<text class="tick tick-slot" x="{_at(sheet.label_width + step * (place + 0.5))}" '
        f'y="18">{day.day}</text>'
        for place, day in enumerate(coverage.days)
        if day.day == 1 or day.day % sheet.every == 0
    ]


def _names(coverage: Coverage, sheet: Sheet) -> list[str]:
    baseline = sheet.height - 5 if sheet.label_width else 17
    return [
        f'<text class="tick" x="0" y="{_HEAD + sheet.pitch * place + baseline}">'
        f"{escape(_cut(row.meter.owner or row.meter.device, sheet.letters))}</text>"
        for place, row in enumerate(coverage.rows)
    ]


def _cells(coverage: Coverage, name: str, sheet: Sheet) -> list[str]:
    paths: defaultdict[str, list[str]] = defaultdict(list)
    step = _step(coverage, sheet)
    for place, row in enumerate(coverage.rows):
        low = _HEAD + sheet.pitch * place + (0 if sheet.label_width else 24) + sheet.height
        for first, end, cell in _runs(row.cells):
            kind, known, missing = parts_of(cell)
            left = _at(sheet.label_width + step * first)
            right = _at(sheet.label_width + step * end - _GAP)
            middle, high = _at(low - sheet.height * known), _at(low - sheet.height)
            if known:
                paths[kind].append(f"M{left} {low}V{middle}H{right}V{low}Z")
            if missing:
                paths["missing"].append(f"M{left} {middle}V{high}H{right}V{middle}Z")
    shapes = (
        f'<path class="known known-{kind}-cells" fill="url(#{name}-{kind})" d="{"".join(held)}"/>'
        for kind, held in paths.items()
    )
    return [*shapes, _seams(coverage, sheet)]


def _seams(coverage: Coverage, sheet: Sheet) -> str:
    """Part the days from each other where they were drawn as one."""
    step, low = _step(coverage, sheet), _HEAD + sheet.pitch * len(coverage.rows)
    lines = (
        f"M{_at(sheet.label_width + step * place - _GAP / 2)} {_HEAD}V{low}"
        for place in range(1, len(coverage.days))
    )
    return f'<path class="seam" d="{"".join(lines)}"/>'


def _runs(cells: Sequence[Cell]) -> list[tuple[int, int, Cell]]:
    """Return [first, end) of days that look the same; those with nothing due are left out."""
    runs: list[tuple[int, int, Cell]] = []
    for day, cell in enumerate(cells):
        if not cell.expected:
            continue
        if runs and runs[-1][1] == day and parts_of(runs[-1][2]) == parts_of(cell):
            runs[-1] = (runs[-1][0], day + 1, cell)
        else:
            runs.append((day, day + 1, cell))
    return runs


def _step(coverage: Coverage, sheet: Sheet) -> float:
    return (sheet.width - sheet.label_width) / max(len(coverage.days), 1)


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _at(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
