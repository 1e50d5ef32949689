"""Which slots and which words go into each chart; the drawing itself is done by `charts`."""

from collections.abc import Callable, Sequence

from coop.books import Standing
from coop.words import Saying
from dashboard.charts import Band, Drawing, Frame, Mark, draw
from dashboard.language.numbers import hour, kilo
from dashboard.language.wording import HORIZON_TITLE, day_text, day_title, horizon_text
from dashboard.public.figures import Board, Day, Row

Tell = Callable[[Saying], str]

WIDE = Frame(1600, 360, top=72, stretches=True)
TALL = Frame(900, 560, top=80, stretches=True)
DAY_WIDE = Frame(1040, 400, left=64, top=16, right=8, bottom=40)
DAY_TALL = Frame(420, 360, left=44, top=12, right=6, bottom=32)
_LOWEST_WH = 200
"""A picture's full height is never less, so that a gloomy dawn does not look like noon."""


def draw_horizon(board: Board, name: str, frame: Frame, tell: Tell) -> str:
    """Draw the day from dawn to dusk: what is over is filled, what is ahead is yesterday's line."""
    today, yesterday = list(board.today.rows), list(board.yesterday.rows)
    first, end = _daylight(today, yesterday)
    rows = today[first:end]
    ghost = [row.produced_wh for row in yesterday[first:end]]
    ghost += [None] * (len(rows) - len(ghost))
    passed = [row.standing is not Standing.AHEAD for row in rows]
    known = [slot for slot, row in enumerate(rows) if row.produced_wh is not None]
    drawing = Drawing(
        id=name,
        title=tell(HORIZON_TITLE),
        desc=tell(horizon_text(board)),
        bands=_bands(rows),
        top=_top([*rows, *yesterday[first:end]]),
        missing=_gaps(rows),
        ghost=[None if over else wh for over, wh in zip(passed, ghost, strict=True)],
        sun_at=known[-1] + 1 if known and known[-1] + 1 < len(rows) else None,
    )
    return draw(drawing, frame)


def board_kinds(board: Board) -> tuple[str, ...]:
    """Name what the legend of the horizon has to explain."""
    pairs = zip(board.today.rows, board.yesterday.rows, strict=False)  # a day may have 92 slots
    has_ghost = any(row.standing is Standing.AHEAD and then.produced_wh for row, then in pairs)
    return (*kinds_shown(board.today.rows), *(("ghost",) if has_ghost else ()))


def draw_day(day: Day, name: str, frame: Frame, tell: Tell) -> str:
    """Draw a day with its axes; a narrow frame has fewer hours on it."""
    rows = day.rows
    top = _top(rows, with_use=True)
    drawing = Drawing(
        id=name,
        title=tell(day_title(day.date)),
        desc=tell(day_text(day)),
        bands=_bands(rows),
        top=top,
        missing=_gaps(rows),
        outline=[row.consumption_wh for row in rows],
        slot_marks=_hours(rows, 3 if frame.width > frame.height * 2 else 6),
        value_marks=tuple(Mark(at, kilo(at)) for at in range(0, top + 1, round_step(top))),
    )
    return draw(drawing, frame)


def kinds_shown(rows: Sequence[Row]) -> tuple[str, ...]:
    """Name what a legend has to explain, in the order of the stack."""
    shown = [band.kind for band in _bands(rows) if any(band.values)]
    return (*shown, *(("missing",) if any(_gaps(rows)) else ()))


def _bands(rows: Sequence[Row]) -> tuple[Band, ...]:
    known = [row.produced_wh is not None for row in rows]
    own = [
        (row.own_use_wh or 0) if is_known else None
        for row, is_known in zip(rows, known, strict=True)
    ]
    return (
        Band("own", own),
        Band("shared", [row.shared_wh for row in rows]),
        Band("aside", [row.set_aside_wh for row in rows]),
        Band("over", [row.left_over_wh for row in rows]),
    )


def _gaps(rows: Sequence[Row]) -> tuple[bool, ...]:
    return tuple(row.standing in {Standing.UNSETTLED, Standing.MISSING} for row in rows)


def _daylight(today: Sequence[Row], yesterday: Sequence[Row]) -> tuple[int, int]:
    """Return the slots from the first to the last with sun on either day, with one to spare."""
    lit = [slot for rows in (today, yesterday) for slot, row in enumerate(rows) if row.produced_wh]
    if not lit:
        return len(today) // 4, len(today) * 3 // 4
    return max(min(lit) - 1, 0), min(max(lit) + 2, len(today))


def _top(rows: Sequence[Row], *, with_use: bool = False) -> int:
    highest = max((row.produced_wh or 0 for row in rows), default=0)
    if not with_use:
        return max(highest, _LOWEST_WH)
    highest = max(highest, *(row.consumption_wh or 0 for row in rows), _LOWEST_WH)
    step = round_step(highest)
    return -(-highest // step) * step


def round_step(top: int) -> int:
    """Return 1, 2 or 5 times a power of ten, 100 or more, that parts a height in at most five."""
    size = 100
    while True:
        for factor in (1, 2, 5):
            if top <= 5 * factor * size:
                return factor * size
        size *= 10


def _hours(rows: Sequence[Row], every: int) -> tuple[Mark, ...]:
    return tuple(
        Mark(slot, hour(row.start))
        for slot, row in enumerate(rows)
        if row.start.minute == 0 and row.start.hour % every == 0
    )
