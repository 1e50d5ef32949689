"""Which columns and which words go into the chart of a month or a year."""

from collections.abc import Iterator

from coop.month.money import WH_A_KWH
from dashboard.charts import Band, Drawing, Frame, Mark, draw
from dashboard.community.asked import Unit
from dashboard.community.period import Period
from dashboard.community.wording import text_of, tick_name, title_of
from dashboard.language.numbers import kilo, whole
from dashboard.public.pictures import DAY_TALL, DAY_WIDE, Tell, round_step

FRAMES = {"period": DAY_WIDE, "periodphone": DAY_TALL}
_LOWEST_WH = 1_000


def draw_period(page: Period, name: str, frame: Frame, tell: Tell) -> str:
    """Draw a month or a year as columns; the part of one that is not measured is hatched."""
    steps = page.steps
    top = _top(page)
    drawing = Drawing(
        id=name,
        title=tell(title_of(page)),
        desc=tell(text_of(page)),
        bands=bands(page),
        top=top,
        unknown=tuple(step.unknown_percent for step in steps),
        outline=[step.consumption_wh for step in steps],
        slot_marks=_marks(page, frame),
        value_marks=tuple(_value_marks(top)),
        is_columns=True,
    )
    return draw(drawing, frame)


def kinds_shown(page: Period) -> tuple[str, ...]:
    """Name what a legend has to explain, in the order of the stack."""
    shown = [band.kind for band in bands(page) if any(band.values)]
    has_gap = any(step.unknown_percent for step in page.steps)
    return (*shown, *(("missing",) if has_gap else ()))


def bands(page: Period) -> tuple[Band, ...]:
    """Return the layers of the columns."""
    steps = page.steps
    own = [None if step.produced_wh is None else step.own_use_wh or 0 for step in steps]
    return (
        Band("own", own),
        Band("shared", [step.shared_wh for step in steps]),
        Band("aside", [step.set_aside_wh for step in steps]),
        Band("over", [step.left_over_wh for step in steps]),
    )


def _top(page: Period) -> int:
    highest = [max(step.produced_wh or 0, step.consumption_wh or 0) for step in page.steps]
    top = max(*highest, _LOWEST_WH)
    step = round_step(top)
    return -(-top // step) * step


def _value_marks(top: int) -> Iterator[Mark]:
    step = round_step(top)
    for at in range(0, top + 1, step):
        yield Mark(at, kilo(at) if step % WH_A_KWH else whole(at // WH_A_KWH))


def _marks(page: Period, frame: Frame) -> tuple[Mark, ...]:
    on_phone = 2 if page.asked.unit is Unit.YEAR else _PHONE_DAYS
    every = 1 if frame.width > frame.height * 2 else on_phone
    return tuple(
        Mark(place, tick_name(page, step.first))
        for place, step in enumerate(page.steps)
        if not place % every
    )


_PHONE_DAYS = 5
