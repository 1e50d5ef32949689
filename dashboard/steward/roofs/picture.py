"""The picture of one roof: its days as steps, its neighbours' as a line over them."""

from collections.abc import Callable
from html import escape

from coop.watch.siblings import Measure, RoofCheck
from coop.words import Saying
from dashboard.charts import Frame, Scale, Values, area, line
from dashboard.language.numbers import short_day
from dashboard.public.pictures import round_step
from dashboard.steward.roofs.telling import amount, describe

Tell = Callable[[Saying], str]

FRAME = Frame(480, 260, left=62, top=12, right=6, bottom=32)
_TILE = (12, "M0 6h6v-6M6 12v-6h6")


def draw_roof(check: RoofCheck, measure: Measure, name: str, tell: Tell) -> str:
    """Draw the compared days of a roof; `name` must be unique on its page."""
    own: Values = [round(pair.own) for pair in check.pairs]
    others: Values = [round(pair.others) for pair in check.pairs]
    highest = max((value or 0 for value in (*own, *others)), default=0)
    step = round_step(highest)
    top = max(-(-highest // step) * step, step)
    scale = Scale(FRAME, len(own), top)
    size, path = _TILE
    return "".join(
        [
            f'<svg class="chart roof" role="img" viewBox="0 0 {FRAME.width} {FRAME.height}" ',
            f'aria-labelledby="{name}-title {name}-desc">',
            f'<title id="{name}-title">{escape(check.roof.name)}</title>',
            f'<desc id="{name}-desc">{escape(tell(describe(check)))}</desc>',
            f'<defs><pattern id="{name}-roof" width="{size}" height="{size}" ',
            f'patternUnits="userSpaceOnUse"><rect class="fill-roof" width="{size}" ',
            f'height="{size}"/><path class="weave-roof" d="{path}"/></pattern></defs>',
            *_values(scale, measure, top, step),
            f'<path class="band" fill="url(#{name}-roof)" d="{area(scale, own)}"/>',
            f'<path class="outline" d="{line(scale, others)}"/>',
            *_days(check, scale),
            f'<path class="ground" d="M{FRAME.left} {scale.y(0)}H{FRAME.width - FRAME.right}"/>',
            "</svg>",
        ]
    )


def _values(scale: Scale, measure: Measure, top: int, step: int) -> list[str]:
    return [
        f'<path class="grid" d="M{FRAME.left} {scale.y(at)}H{FRAME.width - FRAME.right}"/>'
        f'<text class="tick tick-value" x="{FRAME.left - 8}" y="{scale.y(at)}" dy=".35em">'
        f"{escape(amount(at, measure))}</text>"
        for at in range(0, top + 1, step)
    ]


def _days(check: RoofCheck, scale: Scale) -> list[str]:
    return [
        f'<text class="tick tick-slot" x="{scale.x(place + 0.5)}" y="{scale.y(0)}" dy="1.5em">'
        f"{short_day(pair.day)}</text>"
        for place, pair in enumerate(check.pairs)
    ]
