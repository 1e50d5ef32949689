"""The month as a picture by day, as SVG; the drawing itself is done by `charts`."""

from coop.report.model import DayReport
from coop.report.paper.month import picture_text, ticks_wh
from coop.report.paper.wording import PICTURE
from coop.report.shown.sheet import Sheet
from dashboard.charts import Band, Drawing, Frame, Mark, draw
from dashboard.language.numbers import kilo
from dashboard.language.speech import plain

WIDE = Frame(1040, 400, left=76, top=16, right=8, bottom=40)
TALL = Frame(420, 360, left=60, top=12, right=6, bottom=32)
_WEEK = 7


def draw_month(sheet: Sheet, name: str, frame: Frame) -> str:
    """Draw the days as columns; a narrow frame names one day in seven."""
    marks_wh = ticks_wh(max((day.produced_wh or 0 for day in sheet.days), default=0))
    every = 1 if frame is WIDE else _WEEK
    drawing = Drawing(
        id=name,
        title=plain(PICTURE),
        desc=plain(picture_text(sheet)),
        bands=tuple(Band(band.kind, band.by_day) for band in sheet.bands),
        top=marks_wh[-1],
        unknown=tuple(_unknown_percent(day) for day in sheet.days),
        slot_marks=tuple(Mark(place, str(place + 1)) for place in range(0, len(sheet.days), every)),
        value_marks=tuple(Mark(at, kilo(at)) for at in marks_wh),
        is_columns=True,
    )
    return draw(drawing, frame)


def kinds_shown(sheet: Sheet) -> tuple[str, ...]:
    """Name what the legend has to explain."""
    shown = [band.kind for band in sheet.bands if any(band.by_day)]
    return (*shown, *(("missing",) if any(map(_unknown_percent, sheet.days)) else ()))


def _unknown_percent(day: DayReport) -> int:
    """Return how much of a day has no figures, rounded up so that a slot is seen."""
    return -(-100 * (day.slots - day.counted) // day.slots)
