"""What programs get of the comparison of roofs: field by field, nothing by accident."""

from collections.abc import Iterator

from coop.watch.siblings import Measure, RoofCheck, SiblingCheck
from dashboard.documents import Cell, Document, csv_text

UNITS = {Measure.RATED: "Wh/kW", Measure.OWN_BEST: "thousandths of own best days"}


def roofs_document(check: SiblingCheck) -> Document:
    """Return each roof, the verdict, and the days it rests on."""
    return {
        "state": "full" if check.roofs else "empty",
        "measure": check.measure.value,
        "unit": UNITS[check.measure],
        "roofs": [_roof(one) for one in check.roofs],
    }


def roofs_csv(check: SiblingCheck) -> str:
    """Return a row for each roof and compared day; a roof without one has a row too."""
    head = (
        "roof",
        "name",
        "rated_power_w",
        "verdict",
        "date",
        "own",
        "neighbours",
        "percent",
        "unit",
    )
    return csv_text(head, _rows(check))


def _rows(check: SiblingCheck) -> Iterator[tuple[Cell, ...]]:
    for one in check.roofs:
        whose = (one.roof.id, one.roof.name, one.roof.rated_w, one.verdict.value)
        if not one.pairs:
            yield (*whose, None, None, None, None, None)
        for pair in one.pairs:
            yield (
                *whose,
                pair.day.isoformat(),
                round(pair.own),
                round(pair.others),
                pair.percent,
                UNITS[check.measure],
            )


def _roof(one: RoofCheck) -> Document:
    return {
        "id": one.roof.id,
        "name": one.roof.name,
        "rated_power_w": one.roof.rated_w,
        "verdict": one.verdict.value,
        "percent": one.percent,
        "days": [
            {
                "date": pair.day.isoformat(),
                "own": round(pair.own),
                "neighbours": round(pair.others),
                "percent": pair.percent,
                "is_behind": pair.is_behind,
            }
            for pair in one.pairs
        ],
    }
