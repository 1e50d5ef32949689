"""Step charts as SVG text: pure geometry, nothing of energy, time zones or HTML pages.

Colours come from the stylesheet by class, patterns from here. A slot without a value has no bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Values = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and the margins around its plot."""

    width: int
    height: int
    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0
    stretches: bool = False
    """Whether the drawing may fill a place of another shape; never with words inside."""


@dataclass(frozen=True, slots=True)
class Band:
    """One layer of a stack: `kind` names its colour and pattern."""

    kind: str
    values: Values


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place of an axis."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart: bands are stacked from the ground in their order.

    `outline` is a line over all, `ghost` a silhouette behind all, `missing` hatches whole slots.
    """

    id: str
    title: str
    desc: str
    bands: tuple[Band, ...]
    top: int
    missing: tuple[bool, ...] = ()
    ghost: Values = ()
    outline: Values = ()
    slot_marks: tuple[Mark, ...] = ()
    value_marks: tuple[Mark, ...] = ()
    sun_at: int | None = None
    """The slot at whose beginning a sun stands; it needs a ghost."""
    unknown: tuple[int, ...] = ()
    """How many percent of each slot are hatched, from its end on."""
    is_columns: bool = False
    """Whether marks name whole slots, not where one begins."""


class Scale:
    """Where a slot and a value stand inside a frame."""

    def __init__(self, frame: Frame, slots: int, top: int) -> None:
        self.frame = frame
        self._slots = max(slots, 1)
        self._top = max(top, 1)

    def x(self, slot: float) -> str:
        """Return where a slot begins."""
        inner = self.frame.width - self.frame.left - self.frame.right
        return _number(self.frame.left + inner * slot / self._slots)

    def slots_in(self, width: int) -> float:
        """Return how many slots are so wide, at most one."""
        inner = self.frame.width - self.frame.left - self.frame.right
        return min(width * self._slots / inner, 1)

    def y(self, value: int) -> str:
        """Return how high a value stands."""
        inner = self.frame.height - self.frame.top - self.frame.bottom
        return _number(self.frame.top + inner * (1 - value / self._top))


def draw(drawing: Drawing, frame: Frame) -> str:
    """Draw a chart for one frame; the id must be unique on its page."""
    slots = max((len(band.values) for band in drawing.bands), default=0)
    scale = Scale(frame, slots, drawing.top)
    stretch = _STRETCH if frame.stretches else ""
    parts = [
        f'<svg class="chart" role="img" viewBox="0 0 {frame.width} {frame.height}" {stretch}',
        f'aria-labelledby="{drawing.id}-title {drawing.id}-desc">',
        f'<title id="{drawing.id}-title">{escape(drawing.title)}</title>',
        f'<desc id="{drawing.id}-desc">{escape(drawing.desc)}</desc>',
        _patterns(drawing),
        *_grid(drawing, scale),
        _shape("ghost", area(scale, drawing.ghost)),
        *_missing(drawing, scale),
        *_bands(drawing, scale),
        *_unknown(drawing, scale),
        _shape("outline", line(scale, drawing.outline)),
        *_sun(drawing, scale),
        _ground(frame),
        "</svg>",
    ]
    return "".join(parts)


def area(scale: Scale, upper: Values, lower: Values = ()) -> str:
    """Return the path of a stepped area between two lines; missing slots part it."""
    floor = [value or 0 for value in lower] or [0] * len(upper)
    path = []
    for first, end in _runs(upper):
        over = _steps(scale, [(slot, upper[slot] or 0) for slot in range(first, end)], end)
        under = [(slot, floor[slot]) for slot in range(first, end)]
        path.append(f"M{scale.x(first)} {scale.y(floor[first])}{over}{_back(scale, under)}Z")
    return "".join(path)


def line(scale: Scale, values: Values) -> str:
    """Return the path of a stepped line; missing slots part it."""
    path = []
    for first, end in _runs(values):
        steps = _steps(scale, [(slot, values[slot] or 0) for slot in range(first, end)], end)
        path.append(f"M{scale.x(first)} {scale.y(values[first] or 0)}{steps}")
    return "".join(path)


def stack(bands: Sequence[Band]) -> list[list[int | None]]:
    """Return the upper line of each band; a slot that one band misses is missing in all."""
    tops: list[list[int | None]] = []
    for band in bands:
        below = tops[-1] if tops else [0] * len(band.values)
        tops.append([_plus(value, under) for value, under in zip(band.values, below, strict=True)])
    return tops


_SUN = "h20v10h10v10h10v20h-10v10h-10v10h-20v-10h-10v-10h-10v-20h10v-10h10z"
_SUN_ABOVE = 44
_LEAST_GAP = 4
"""How wide a gap is drawn at least, so that an hour is seen in the column of a day."""
_STRETCH = 'preserveAspectRatio="none" '

_TEXTURES = {
    # Each tile is a stair, the motif of the page; direction and density tell the kinds apart.
    "own": (12, "M0 6h6v-6M6 12v-6h6"),
    "shared": (16, "M0 12h4v-4h4v-4h4v-4h4v4"),
    "grid": (14, "M0 7h14M7 0v14"),
    "aside": (10, "M0 0h10M0 5h10"),
    "over": (16, "M0 4h4v4h4v4h4v4M12 4h4"),
    "fund": (14, "M0 10h5v-5h5v-5M10 14v-4h4"),
    "missing": (12, "M-3 9l6 6M-3 -3l18 18M9 -3l6 6"),
}


def _patterns(drawing: Drawing) -> str:
    tiles = (
        f'<pattern id="{drawing.id}-{kind}" width="{size}" height="{size}" '
        f'patternUnits="userSpaceOnUse"><rect class="fill-{kind}" width="{size}" '
        f'height="{size}"/><path class="weave-{kind}" d="{path}"/></pattern>'
        for kind, (size, path) in _TEXTURES.items()
    )
    return f"<defs>{''.join(tiles)}</defs>"


def _bands(drawing: Drawing, scale: Scale) -> list[str]:
    lower: Values = ()
    shapes = []
    tops = stack(drawing.bands)
    for band, upper in zip(drawing.bands, tops, strict=True):
        path = area(scale, upper, lower)
        if path and any(band.values):
            shapes.append(
                f'<path class="band band-{band.kind}" '
                f'fill="url(#{drawing.id}-{band.kind})" d="{path}"/>'
            )
        lower = upper
    return [*shapes, _shape("produced", line(scale, lower))]


def _missing(drawing: Drawing, scale: Scale) -> list[str]:
    flags: Values = [drawing.top if gap else None for gap in drawing.missing]
    path = area(scale, flags)
    return [f'<path fill="url(#{drawing.id}-missing)" d="{path}"/>'] if path else []


def _unknown(drawing: Drawing, scale: Scale) -> list[str]:
    """Hatch the part of each slot that nobody measured, over what stands there."""
    low, high = scale.y(0), scale.y(drawing.top)
    least = scale.slots_in(_LEAST_GAP)
    path = "".join(
        f"M{scale.x(slot + 1 - max(percent / 100, least))} {low}V{high}H{scale.x(slot + 1)}V{low}Z"
        for slot, percent in enumerate(drawing.unknown)
        if percent
    )
    return [f'<path fill="url(#{drawing.id}-missing)" d="{path}"/>'] if path else []


def _grid(drawing: Drawing, scale: Scale) -> list[str]:
    frame = scale.frame
    right, low = frame.width - frame.right, frame.height - frame.bottom
    rows = (
        f'<path class="grid" d="M{frame.left} {scale.y(mark.at)}H{right}"/>'
        f'<text class="tick tick-value" x="{frame.left - 8}" y="{scale.y(mark.at)}" dy=".35em">'
        f"{escape(mark.text)}</text>"
        for mark in drawing.value_marks
    )
    lines = (
        f'<path class="grid" d="M{scale.x(mark.at)} {frame.top}V{low}"/>'
        for mark in drawing.slot_marks
        if not drawing.is_columns
    )
    middle = 0.5 if drawing.is_columns else 0
    columns = (
        f'<text class="tick tick-slot" x="{scale.x(mark.at + middle)}" y="{low}" dy="1.5em">'
        f"{escape(mark.text)}</text>"
        for mark in drawing.slot_marks
    )
    return [*rows, *lines, *columns]


def _sun(drawing: Drawing, scale: Scale) -> list[str]:
    """Draw a stepped sun where the counted part ends: it says how far the day has come."""
    if drawing.sun_at is None:
        return []
    tops = stack(drawing.bands)[-1] if drawing.bands else []
    around = range(max(drawing.sun_at - 1, 0), min(drawing.sun_at + 2, len(tops)))
    height = max([tops[slot] or 0 for slot in around] + [drawing.ghost[drawing.sun_at] or 0])
    x, y = float(scale.x(drawing.sun_at)), float(scale.y(height)) - _SUN_ABOVE
    return [f'<path class="sun" d="M{_number(x - 10)} {_number(y - 30)}{_SUN}"/>']


def _ground(frame: Frame) -> str:
    low = frame.height - frame.bottom
    return f'<path class="ground" d="M{frame.left} {low}H{frame.width - frame.right}"/>'


def _shape(name: str, path: str) -> str:
    return f'<path class="{name}" d="{path}"/>' if path else ""


def _runs(values: Values) -> list[tuple[int, int]]:
    """Return [first, end) of each run of slots that have a value."""
    runs: list[tuple[int, int]] = []
    for slot, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][1] == slot:
            runs[-1] = (runs[-1][0], slot + 1)
        else:
            runs.append((slot, slot + 1))
    return runs


def _steps(scale: Scale, points: Sequence[tuple[int, int]], end: int) -> str:
    """Walk to the right; equal neighbours make one step."""
    path, before = "", None
    for slot, value in points:
        if value != before:
            path += f"{'' if before is None else f'H{scale.x(slot)}'}V{scale.y(value)}"
        before = value
    return f"{path}H{scale.x(end)}"


def _back(scale: Scale, points: Sequence[tuple[int, int]]) -> str:
    """Walk to the left along a lower line."""
    path, before = "", None
    for slot, value in reversed(points):
        if value != before:
            path += f"{'' if before is None else f'H{scale.x(slot + 1)}'}V{scale.y(value)}"
        before = value
    return f"{path}H{scale.x(points[0][0])}"


def _plus(value: int | None, under: int | None) -> int | None:
    return None if value is None or under is None else value + under


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
