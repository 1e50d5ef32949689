"""The fund as a picture by month, as SVG; the drawing itself is done by `charts`.

It shows soles; where none were ever booked, the energy that the fund received.
"""

from coop.assembly import FundMonth
from coop.report.paper.month import ticks_wh
from coop.report.shown.amounts import month_name
from coop.words.amounts import kilo, soles
from dashboard.assembly.phrases import FUND_BY_MONTH, energy_text, picture_text
from dashboard.charts import Band, Drawing, Frame, Mark, draw
from dashboard.language.speech import plain

WIDE = Frame(1040, 320, left=96, top=16, right=8, bottom=40)
TALL = Frame(420, 300, left=84, top=12, right=6, bottom=32)
TENTHS_A_WH = 10
_MARKS = {WIDE: 12, TALL: 4}
"""At most so many months are named."""


def draw_fund(months: tuple[FundMonth, ...], name: str, frame: Frame) -> str:
    """Draw what the fund holds at the end of each month; what it owes is no height."""
    is_soles = holds_soles(months)
    held = [_soles(month) if is_soles else _energy_wh(month) for month in months]
    marks = ticks_wh(max((one or 0 for one in held), default=0))
    every = -(-len(months) // _MARKS[frame])
    drawing = Drawing(
        id=name,
        title=plain(FUND_BY_MONTH),
        desc=plain(picture_text(months) if is_soles else energy_text(months)),
        bands=(Band("fund", held),),
        top=marks[-1],
        missing=tuple(one is None for one in held),
        slot_marks=tuple(
            Mark(place, _short(months[place].month)) for place in range(0, len(months), every)
        ),
        value_marks=tuple(Mark(at, soles(at) if is_soles else kilo(at)) for at in marks),
        is_columns=True,
    )
    return draw(drawing, frame)


def _short(month: str) -> str:
    return f"{month_name(month)[:3]} {month[:4]}"


def holds_soles(months: tuple[FundMonth, ...]) -> bool:
    """Say whether the fund ever held soles."""
    return any(month.balance_centimos for month in months)


def _energy_wh(month: FundMonth) -> int | None:
    return None if month.total_tenths_wh is None else month.total_tenths_wh // TENTHS_A_WH


def _soles(month: FundMonth) -> int | None:
    return None if month.balance_centimos is None else max(month.balance_centimos, 0)
