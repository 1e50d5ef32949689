"""The month's report as data for its template: texts and amounts already written, no markup."""

from collections.abc import Sequence
from typing import Any

from coop.report.labels import FIGURES
from coop.report.paper.tables import comparison, print_table
from coop.report.paper.wording import (
    CLOSES,
    KWH_A_DAY,
    NOT_MEASURED,
    PICTURE,
    PRINTED_DRAFT,
    REPORT,
    SUM,
    SUM_LATE,
    Teller,
)
from coop.report.shown.amounts import CENTIMO, amount_with_unit, month_name
from coop.report.shown.sheet import Band, Sheet
from coop.report.shown.tables import Table
from coop.words import Saying, Words, say
from coop.words.amounts import kilo, whole

Data = dict[str, Any]

_WH_A_KWH = 1_000
_STEPS = (1, 2, 5)
_MOST_TICKS = 5
_BEFORE = ("fund", "grant", "home", "roof", "prosumer")
_AFTER = ("key", "quality", "reason", "meter", "late", "correction")
_PAGE, _PAGES = "\x01", "\x02"


def month_document(sheet: Sheet, words: Words) -> Data:
    """Return all that the template prints."""
    teller = Teller(words)
    day = sheet.table("day") if sheet.days else None
    document: Data = {
        "lang": teller.lang,
        "title": f"{sheet.name}, {month_name(sheet.month)}",
        "coop": sheet.name.strip() or month_name(sheet.month),
        "month": month_name(sheet.month),
        "report": teller.both(REPORT),
        "state": teller.both(sheet.state),
        "facts": _facts(sheet, teller),
        "numbers": _numbers(sheet, teller),
        "sum": _sum(sheet, teller),
        "picture": _picture(sheet, teller) if sheet.days else None,
        "days": print_table(day, sheet, teller) if day else None,
        "before": _tables(sheet, _BEFORE, teller),
        "compared": comparison(sheet, teller),
        "after": _tables(sheet, _AFTER, teller),
        "line": sheet.line,
        "page": _page(teller),
    }
    return {**document, "draft": teller.one(PRINTED_DRAFT) if teller.has_drafts else None}


def picture_text(sheet: Sheet) -> Saying:
    """Describe the picture of the month for who does not see it."""
    known = [day for day in sheet.days if day.produced_wh is not None]
    if not known:
        return say("No day of the month has figures yet.")
    best = max(known, key=lambda day: day.produced_wh or 0)
    return say(
        "Each day of {month} as a column of what was produced, at most {kwh} kWh on day {day}. The "
        "table of days has the same figures.",
        month=month_name(sheet.month),
        kwh=kilo(best.produced_wh),
        day=str(int(best.day[-2:])),
    )


def ticks_wh(most_wh: int) -> list[int]:
    """Return round amounts from the ground up to the first that is not below the most."""
    step, size = 0, _WH_A_KWH // 10
    while not step:
        step = next((size * one for one in _STEPS if size * one * _MOST_TICKS >= most_wh), 0)
        size *= 10
    return list(range(0, most_wh + step, step)) if most_wh else [0, step]


def _facts(sheet: Sheet, teller: Teller) -> list[Data]:
    told = {"signed_by": ", ".join(sheet.signed_by), "review": sheet.remarks}
    return [
        {"label": teller.one(FIGURES[name]), "text": text} for name, text in told.items() if text
    ]


def _numbers(sheet: Sheet, teller: Teller) -> list[Data]:
    """Return at most four large numbers: produced, given to homes, left over, the fund's money."""
    if not sheet.bands or sheet.produced_wh is None:
        return []
    over = sheet.bands[-1]
    given = sum(band.total_wh for band in sheet.bands[:-1])
    numbers = [
        _number("sun", FIGURES["produced_wh"], kilo(sheet.produced_wh), teller),
        _number("leaf", _GIVEN, kilo(given), teller),
        _number("clay", over.label, kilo(over.total_wh), teller),
    ]
    balance = _balance(sheet.table("fund"))
    if balance is not None:
        held = amount_with_unit(balance, CENTIMO)
        money = _number("violet", FIGURES["balance_centimos"], held, teller)
        numbers.append({**money, "unit": ""})
    return numbers


_GIVEN = say("For the homes")


def _number(kind: str, label: Saying, text: str, teller: Teller) -> Data:
    return {"kind": kind, "label": teller.both(label), "text": text, "unit": "kWh"}


def _balance(fund: Table | None) -> int | None:
    lines = fund.lines if fund else ()
    held = (line.cells[0].value for line in lines if line.figure == "balance_centimos")
    return next((value for value in held if isinstance(value, int)), None)


def _sum(sheet: Sheet, teller: Teller) -> Data | None:
    if sheet.difference_wh is None:
        return None
    late = {"label": teller.one(SUM_LATE), "wh": whole(sheet.late_wh)} if sheet.late_wh else None
    return {
        "title": teller.both(SUM),
        "produced": {
            "label": teller.one(FIGURES["produced_wh"]),
            "kwh": kilo(sheet.produced_wh),
            "wh": whole(sheet.produced_wh),
        },
        "late": late,
        "parts": [_part(band, teller) for band in sheet.bands],
        "closes": {"label": teller.one(CLOSES), "wh": whole(sheet.difference_wh)},
    }


def _part(band: Band, teller: Teller) -> Data:
    return {
        "kind": band.kind,
        "label": teller.one(band.label),
        "kwh": kilo(band.total_wh),
        "wh": whole(band.total_wh),
    }


def _picture(sheet: Sheet, teller: Teller) -> Data:
    ticks = ticks_wh(max((day.produced_wh or 0 for day in sheet.days), default=0))
    has_gaps = any(day.counted < day.slots for day in sheet.days)
    legend = [{"kind": band.kind, "label": teller.one(band.label)} for band in sheet.bands]
    missing = {"kind": "missing", "label": teller.one(NOT_MEASURED)}
    return {
        "title": teller.both(PICTURE),
        "unit": teller.one(KWH_A_DAY),
        "alt": teller.one(picture_text(sheet)),
        "ticks": [{"at": tick / ticks[-1], "text": kilo(tick)} for tick in ticks],
        "days": [
            {
                "day": str(int(day.day[-2:])),
                "values": _heights([band.by_day[place] for band in sheet.bands], ticks[-1]),
                "gap": 1 - day.counted / day.slots,
            }
            for place, day in enumerate(sheet.days)
        ],
        "legend": [*legend, *([missing] if has_gaps else [])],
    }


def _heights(amounts: Sequence[int | None], top_wh: int) -> list[float] | None:
    """Return parts of the picture's height; None for a day without figures."""
    known = [amount for amount in amounts if amount is not None]
    return [amount / top_wh for amount in known] if len(known) == len(amounts) else None


def _tables(sheet: Sheet, parts: Sequence[str], teller: Teller) -> list[Data]:
    held = (sheet.table(part) for part in parts)
    return [
        print_table(table, sheet, teller) for table in held if table is not None and table.lines
    ]


def _page(teller: Teller) -> list[str]:
    told = teller.one(say("Page {page} of {pages}", page=_PAGE, pages=_PAGES))["text"]
    return [part for piece in told.split(_PAGE) for part in piece.split(_PAGES)]
