"""The slip of each home as data for its template: what it got, what came from the grid."""

from typing import Any

from coop.report.labels import FIGURES, state_saying
from coop.report.model import HomeReport, MonthReport
from coop.report.paper.tables import shortened
from coop.report.paper.wording import (
    ALL_MEASURED,
    FROM_THE_SUN,
    HOME_SLIP,
    NOTHING_USED,
    PRINTED_DRAFT,
    YOU_USED,
    Teller,
)
from coop.report.shown.amounts import CENTIMO, amount_with_unit, month_name
from coop.words import Saying, Words, say
from coop.words.amounts import kilo, whole

Data = dict[str, Any]

_PARTS = 10
_LONGEST_NAME = 60
_KINDS = {"own_use_wh": "own", "shared_wh": "shared", "grid_wh": "grid"}
_LATE = ("late_own_use_wh", "late_shared_wh", "late_set_aside_wh")


def slips_document(report: MonthReport, words: Words) -> Data:
    """Return all that the template prints."""
    teller = Teller(words)
    said = report.review.said if report.review else None
    document: Data = {
        "lang": teller.lang,
        "title": f"{report.name}, {month_name(report.month)}",
        "coop": report.name,
        "month": month_name(report.month),
        "head": teller.both(HOME_SLIP),
        "state": teller.one(state_saying(report.state, said)),
        "sun_label": teller.both(FROM_THE_SUN),
        "kept_label": teller.both(FIGURES["kept_centimos"]),
        "slips": [_slip(home, teller) for home in report.homes],
        "line": report.line,
    }
    return {**document, "draft": teller.one(PRINTED_DRAFT) if teller.has_drafts else None}


def sun_sentence(home: HomeReport) -> Saying:
    """Say in words how much of what a home used came from the roofs of all."""
    sun_wh, used_wh = home.own_use_wh + home.shared_wh, home.consumption_wh
    if not used_wh:
        return NOTHING_USED
    # Rounded down, so that it never says all too early.
    return say(
        "Of every 10 kilowatt-hours that you used, {part} came from the roofs.",
        part=str(min(sun_wh * _PARTS // used_wh, _PARTS)),
    )


def _slip(home: HomeReport, teller: Teller) -> Data:
    sun_wh = home.own_use_wh + home.shared_wh
    return {
        "home": home.home,
        "name": shortened(home.name.strip(), _LONGEST_NAME),
        "sun": kilo(sun_wh),
        "kept": amount_with_unit(home.kept_centimos, CENTIMO),
        "sentence": teller.both(sun_sentence(home)),
        "bar": _bar(home),
        "rows": [
            {
                "kind": _KINDS.get(name),
                "label": teller.both(YOU_USED if name == "consumption_wh" else FIGURES[name]),
                "wh": f"{whole(getattr(home, name))} Wh",
            }
            for name in _figures(home)
        ],
        "quality": teller.both(_quality(home)),
    }


def _bar(home: HomeReport) -> list[Data]:
    """Return the parts of what the home used, of one."""
    parts = {kind: getattr(home, name) for name, kind in _KINDS.items()}
    total = sum(parts.values())
    return [{"kind": kind, "part": wh / total} for kind, wh in parts.items() if total and wh > 0]


def _figures(home: HomeReport) -> list[str]:
    some = ("own_production_wh", "own_use_wh")
    held = ["consumption_wh", *(name for name in some if getattr(home, name)), "shared_wh"]
    others = ("set_aside_wh", *_LATE)
    return [*held, "grid_wh", *(name for name in others if getattr(home, name))]


def _quality(home: HomeReport) -> Saying:
    if not home.slots_missing and not home.slots_estimated:
        return ALL_MEASURED
    return say(
        "Of {slots} slots of your home {missing} have no measurement, {estimated} are estimated.",
        slots=whole(home.slots),
        missing=whole(home.slots_missing),
        estimated=whole(home.slots_estimated),
    )
