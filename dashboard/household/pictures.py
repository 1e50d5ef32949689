"""The pictures of a household: its month by days, its best hours, and ten kilowatt-hours."""

from collections.abc import Callable, Sequence
from html import escape

from coop.household import BestHours, HomeDay, HourLevel, Level
from coop.household.model import HomeMonth
from coop.words import Saying
from dashboard.charts import Band, Drawing, Frame, Mark, draw
from dashboard.household.sentences import month_text
from dashboard.household.wording import BEST_HOURS, BEST_HOURS_TEXT, BY_DAYS
from dashboard.language.numbers import kilo
from dashboard.public.pictures import round_step

Tell = Callable[[Saying], str]

WIDE = Frame(1040, 340, left=64, top=16, right=8, bottom=40)
TALL = Frame(420, 320, left=48, top=12, right=6, bottom=32)
_LOWEST_WH = 500
_DAYS_MARKED = (1, 5, 10, 15, 20, 25, 30)
_DAYLIGHT = range(5, 20)
"""Hours that are drawn although nothing may be left over at them."""
_CELL = 40
_SUNS = {
    # Stepped suns, the bigger the more is left over; each stands in a cell of 40.
    Level.MUCH: "M14 2H26V8H32V14H38V26H32V32H26V38H14V32H8V26H2V14H8V8H14Z",
    Level.SOME: "M15 9H25V13H31V27H25V31H15V27H9V13H15Z",
    Level.LITTLE: "M16 16H24V24H16Z",
    Level.NONE: "M17 19H23V21H17Z",
}


def draw_month(month: HomeMonth, count: int, name: str, frame: Frame, tell: Tell) -> str:
    """Draw the days of a month; `count` is how many it has, the ones ahead stay empty."""
    days: list[HomeDay | None] = [*month.days, *([None] * (count - len(month.days)))]
    top = _top(days)
    drawing = Drawing(
        id=name,
        title=tell(BY_DAYS),
        desc=tell(month_text(month)),
        bands=bands_of(days),
        top=top,
        missing=tuple(day is not None and day.missing > 0 for day in days),
        slot_marks=tuple(Mark(day - 1, str(day)) for day in _DAYS_MARKED if day <= count),
        value_marks=tuple(Mark(at, kilo(at)) for at in range(0, top + 1, round_step(top))),
    )
    return draw(drawing, frame)


def bands_of(days: Sequence[HomeDay | None]) -> tuple[Band, ...]:
    """Return from where each day's use came; a day without figures has no bar."""
    sums = [None if day is None else day.sums for day in days]
    return (
        Band("own", [None if one is None else one.own_use_wh for one in sums]),
        Band("shared", [None if one is None else one.shared_wh for one in sums]),
        Band("grid", [None if one is None else one.grid_wh for one in sums]),
    )


def kinds_of(month: HomeMonth) -> tuple[str, ...]:
    """Name what a legend has to explain."""
    shown = [band.kind for band in bands_of(month.days) if any(band.values)]
    return (*shown, *(("missing",) if month.missing else ()))


def draw_hours(best: BestHours, tell: Tell) -> str:
    """Draw the hours of the day as suns, the biggest where most is left over."""
    shown = hours_shown(best)
    width = len(shown) * _CELL
    parts = [
        f'<svg class="hours" role="img" viewBox="0 0 {width} 86"',
        ' aria-labelledby="hours-title hours-desc">',
        f'<title id="hours-title">{escape(tell(BEST_HOURS))}</title>',
        f'<desc id="hours-desc">{escape(tell(BEST_HOURS_TEXT))}</desc>',
        *(_cell(place, one) for place, one in enumerate(shown)),
        *(_bracket(start - shown[0].hour, end - shown[0].hour) for start, end in best.ranges),
        *(_hour(place, one.hour) for place, one in enumerate(shown) if one.hour % 3 == 0),
        "</svg>",
    ]
    return "".join(parts)


def hours_shown(best: BestHours) -> list[HourLevel]:
    """Return the hours of daylight, and others at which something is left over."""
    lit = [one.hour for one in best.hours if one.level or one.hour in _DAYLIGHT]
    return [one for one in best.hours if min(lit) <= one.hour <= max(lit)]


def _cell(place: int, one: HourLevel) -> str:
    at = place * _CELL
    if one.level is None:
        return f'<path class="hour-unknown" d="M{at + 12} 14h16v16h-16z"/>'
    name = f"hour-{one.level.name.lower()}"
    return f'<path class="{name}" transform="translate({at} 2)" d="{_SUNS[one.level]}"/>'


def _bracket(start: int, end: int) -> str:
    left, right = start * _CELL + 3, end * _CELL - 3
    return f'<path class="hour-best" d="M{left} 46v6H{right}v-6"/>'


def _hour(place: int, hour: int) -> str:
    x = place * _CELL + _CELL // 2
    return f'<text class="tick tick-slot" x="{x}" y="78">{hour}</text>'


def _top(days: Sequence[HomeDay | None]) -> int:
    used = [day.sums.divided_wh for day in days if day is not None and day.sums is not None]
    highest = max([*used, _LOWEST_WH])
    step = round_step(highest)
    return -(-highest // step) * step
