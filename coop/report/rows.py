"""A report as rows, one figure each; tables of every kind are made of these."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from coop.calendar import stamp
from coop.report.labels import ACCOUNT, FIGURES, QUALITIES, state_saying
from coop.report.model import (
    Community,
    Comparison,
    HomeReport,
    KeyReport,
    MonthReport,
    RoofReport,
    Sums,
)
from coop.report.public import PublicMonth, PublicPart
from coop.trial.wording import NAMES
from coop.words import Saying

Value = int | str | Saying | None

UNITS = {
    "_tenths_wh": "0.1 Wh",
    "_wh": "Wh",
    "centimos": "centimo",
}


class Row(NamedTuple):
    """One figure: of which part, of whom, and what it is called."""

    part: str
    of: str
    figure: str
    value: Value
    unit: str
    label: Saying


def report_rows(report: MonthReport) -> Iterator[Row]:
    """Yield all figures of a report."""
    yield from _month(report)
    yield from _rows("community", report.month, _sums(report.community))
    yield from _late(report.month, report.community.late)
    for day in report.days:
        yield from _rows("day", day.day, _without(asdict(day), "day", "homes", "makers"))
    fund = asdict(report.fund)
    del fund["grants"]
    yield from _rows("fund", report.month, fund)
    yield from _grants(report)
    for home in report.homes:
        yield from _home(home)
    for roof in report.roofs:
        yield from _roof(roof)
    for prosumer in report.prosumers:
        yield from _rows("prosumer", prosumer.home, _without(asdict(prosumer), "home"))
    for key in report.keys:
        yield from _key(key)
    yield from _counts(report)
    yield from _meters(report)
    yield from _reasons(report)
    yield from _corrections(report)
    yield from _other("before", report.before)
    yield from _other("year_before", report.year_before)


def member_rows(report: MonthReport, part: PublicPart, home: str) -> Iterator[Row]:
    """Yield what every home may know of a month, and what concerns this one alone."""
    yield from _month(report)
    for one in report.homes:
        if one.home == home:
            yield from _home(one)
    for prosumer in report.prosumers:
        if prosumer.home == home:
            yield from _rows("prosumer", home, _without(asdict(prosumer), "home"))
    yield from (row for row in public_rows(part) if row.part in {"community", "fund"})
    yield from _grants(report)
    for roof in report.roofs:
        if roof.home == home:
            yield from _roof(roof)
    yield from (row for row in public_rows(part) if row.part == "roof")
    for key in report.keys:
        yield from _key(key)
    yield from _counts(report)
    yield from _reasons(report)
    yield from _corrections(report, of_home=home)
    yield from (row for row in public_rows(part) if row.part in {"before", "year_before"})


def public_rows(part: PublicPart) -> Iterator[Row]:
    """Yield what anyone may see."""
    state = state_saying(part.state, part.review)
    yield from _rows("month", part.month, {"name": part.name, "state": state, "line": part.line})
    yield from _rows("community", part.month, _told(asdict(part.sums)))
    fund = {
        "total_tenths_wh": part.fund_total_tenths_wh,
        "balance_centimos": part.fund_balance_centimos,
    }
    yield from _rows("fund", part.month, _told(fund))
    for roof in part.roofs:
        yield from _rows("roof", roof.roof, {"name": roof.name, "produced_wh": roof.produced_wh})
    counts = {"slots": part.slots, "settled": part.settled, "corrections": part.corrections}
    yield from _rows("quality", part.month, counts)
    yield from _public_other("before", part.before)
    yield from _public_other("year_before", part.year_before)


def unit_of(figure: str) -> str:
    """Return the unit that a figure's name ends in."""
    return next((unit for end, unit in UNITS.items() if figure.endswith(end)), "")


def _rows(part: str, of: str, figures: Mapping[str, Value]) -> Iterator[Row]:
    for figure, value in figures.items():
        yield Row(part, of, figure, value, unit_of(figure), FIGURES[figure])


def _sums(community: Community) -> dict[str, Value]:
    return {**asdict(community.booked), "kept_centimos": community.kept_centimos}


def _late(month: str, late: Sums) -> Iterator[Row]:
    changed = {name: amount for name, amount in asdict(late).items() if amount}
    return _rows("late", month, changed)


def _home(home: HomeReport) -> Iterator[Row]:
    figures = _without(_without(asdict(home), "home"), "name")
    return _rows("home", home.home, {"name": home.name, **figures})


def _roof(roof: RoofReport) -> Iterator[Row]:
    figures = {**asdict(roof), "home": roof.home or ""}
    return _rows("roof", roof.roof, _without(figures, "roof"))


def _month(report: MonthReport) -> Iterator[Row]:
    review = report.review
    month: dict[str, Value] = {
        "name": report.name,
        "state": state_saying(report.state, review.said if review else None),
        "review": review.text if review else "",
        "signed_by": " ".join(report.signed_by),
        "line": report.line,
    }
    return _rows("month", report.month, month)


def _key(key: KeyReport) -> Iterator[Row]:
    figures = {**asdict(key), "method": NAMES[key.method]}
    return _rows("key", str(key.id), _without(figures, "id"))


def _grants(report: MonthReport) -> Iterator[Row]:
    for grant in report.fund.grants:
        told = {**asdict(grant), "stewards": " ".join(grant.stewards)}
        yield from _rows("grant", grant.decision, _without(told, "decision"))


def _counts(report: MonthReport) -> Iterator[Row]:
    quality = report.quality
    counts = ("slots", "settled", "provisional", "unsettled", "missing", "rebooked")
    figures = {name: getattr(quality, name) for name in counts}
    figures["corrections"] = len(report.corrections)
    return _rows("quality", report.month, figures)


def _meters(report: MonthReport) -> Iterator[Row]:
    for meter in report.quality.meters:
        for held, count in meter.slots.items():
            yield Row("meter", meter.counter, str(held), count, "", QUALITIES[held])


def _reasons(report: MonthReport) -> Iterator[Row]:
    for reason in report.quality.reasons:
        span = f"{stamp(reason.from_s)} {stamp(reason.to_s)}"
        yield from _rows("reason", span, {"stewards": reason.steward, "text": reason.reason})


def _corrections(report: MonthReport, of_home: str | None = None) -> Iterator[Row]:
    """Yield each change of a slot of an earlier month, or those of one home's accounts only."""
    for one in report.corrections:
        for account, amount in sorted(one.changes.items()):
            if of_home is None or account.partition(":")[2] == of_home:
                label = ACCOUNT.put(account=account)
                yield Row("correction", one.slot, account, amount, "0.1 Wh", label)


def _other(part: str, other: Comparison | None) -> Iterator[Row]:
    if other is not None:
        yield from _rows(part, other.month, {"homes": len(other.homes)})
        yield from _rows(part, other.month, _sums(other.community))


def _public_other(part: str, other: PublicMonth | None) -> Iterator[Row]:
    if other is not None:
        yield from _rows(part, other.month, _told(asdict(other.sums)))


def _told(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if value is not None}


def _without(figures: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {held: value for held, value in figures.items() if held not in names}
