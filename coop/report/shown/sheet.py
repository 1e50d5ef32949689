"""What somebody is shown of a month: the sum that closes, the days, and the tables.

Stewards are shown all of it; a home what all homes may know and its own line; others what is
public. Pure: every form of a report, on a page or on paper, is made of a sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from coop.report.labels import FIGURES, state_saying
from coop.report.model import DayReport, MonthReport
from coop.report.public import PublicPart, PublicSums, publish
from coop.report.rows import Row, member_rows, public_rows, report_rows
from coop.report.shown.tables import Table, tables_of
from coop.words import Saying, say


@dataclass(frozen=True, slots=True)
class Band:
    """A part of what was produced: its sum, and by day where that is told."""

    kind: str
    """Names its colour and pattern."""
    label: Saying
    total_wh: int
    by_day: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month as one person may see it."""

    name: str
    month: str
    zone: ZoneInfo
    state: Saying
    signed_by: tuple[str, ...]
    remarks: str
    """Of the assembly; empty while there are none, and for who may not read them."""
    line: str
    produced_wh: int | None
    bands: tuple[Band, ...]
    """What was produced went there; none where that is not told."""
    late_wh: int
    """How much of what was produced readings of earlier months changed."""
    days: tuple[DayReport, ...]
    """Empty where nothing is told by day."""
    tables: tuple[Table, ...]
    home: str | None = None
    """Whose line it holds, if it is one home's."""

    @property
    def difference_wh(self) -> int | None:
        """Return what does not close: always 0 where something is told."""
        if self.produced_wh is None or not self.bands:
            return None
        return self.produced_wh - sum(band.total_wh for band in self.bands)

    def table(self, part: str) -> Table | None:
        """Return the table of a part, if it has one."""
        return next((one for one in self.tables if one.part == part), None)


def whole_sheet(report: MonthReport) -> Sheet:
    """Show all of it, as to stewards."""
    booked = report.community.booked
    sums = PublicSums(
        len(report.homes),
        produced_wh=booked.produced_wh,
        own_use_wh=booked.own_use_wh,
        shared_wh=booked.shared_wh,
        set_aside_wh=booked.set_aside_wh,
        surplus_wh=booked.surplus_wh,
    )
    return _sheet(report, sums, report_rows(report), report.days)


def home_sheet(report: MonthReport, home: str) -> Sheet:
    """Show what every home may know, and the line of one."""
    part = publish(report)
    return _sheet(report, part.sums, member_rows(report, part, home), report.days, home)


def public_sheet(report: MonthReport) -> Sheet:
    """Show what anyone may see."""
    part: PublicPart = publish(report)
    shown = _sheet(report, part.sums, public_rows(part), ())
    return replace(shown, signed_by=(), remarks="", late_wh=0)


def _sheet(
    report: MonthReport,
    sums: PublicSums,
    rows: Iterable[Row],
    days: Sequence[DayReport],
    home: str | None = None,
) -> Sheet:
    bands = tuple(_bands(sums, days))
    review = report.review
    return Sheet(
        name=report.name,
        month=report.month,
        zone=ZoneInfo(report.timezone),
        state=state_saying(report.state, review.said if review else None),
        signed_by=report.signed_by,
        remarks=review.text if review else "",
        line=report.line,
        produced_wh=sums.produced_wh,
        bands=bands,
        late_wh=report.community.late.produced_wh if bands and home is None else 0,
        days=tuple(days) if bands else (),
        tables=_tables(rows, home),
        home=home,
    )


def _tables(rows: Iterable[Row], home: str | None) -> tuple[Table, ...]:
    tables = tables_of(_without_repeats(rows))
    if home is None:
        return tables
    return tuple(replace(one, title=YOURS) if one.part == "home" else one for one in tables)


YOURS = say("The month of your home")
_REPEATS = {
    "used_wh": {"own_use_wh", "shared_wh"},
    "used_or_aside_wh": {"used_wh", "set_aside_wh"},
}
"""Sums that say nothing new beside their parts."""


def _without_repeats(rows: Iterable[Row]) -> list[Row]:
    held = list(rows)
    told = {(row.part, row.figure) for row in held}
    return [
        row
        for row in held
        if row.figure not in _REPEATS
        or not {(row.part, figure) for figure in _REPEATS[row.figure]} <= told
    ]


_WAYS: tuple[tuple[tuple[str, str, tuple[str, ...]], ...], ...] = (
    (
        ("own", "own_use_wh", ("own_use_wh",)),
        ("shared", "shared_wh", ("shared_wh",)),
        ("aside", "set_aside_wh", ("set_aside_wh",)),
    ),
    (
        ("shared", "used_wh", ("own_use_wh", "shared_wh")),
        ("aside", "set_aside_wh", ("set_aside_wh",)),
    ),
    (("shared", "used_or_aside_wh", ("own_use_wh", "shared_wh", "set_aside_wh")),),
)
"""How what was used is told, the most exact first: the kind, the sum, and a day's amounts in it."""
_OVER = ("over", "surplus_wh", ("surplus_wh",))


def _bands(sums: PublicSums, days: Sequence[DayReport]) -> Iterable[Band]:
    """Yield the parts of what was produced as exactly as they may be told."""
    if sums.produced_wh is None or sums.surplus_wh is None:
        return
    told = (way for way in _WAYS if all(getattr(sums, name) is not None for _, name, _ in way))
    for kind, name, amounts in (*next(told, ()), _OVER):
        yield Band(
            kind,
            FIGURES[name],
            getattr(sums, name),
            tuple(_of_day(day, amounts) for day in days),
        )


def _of_day(day: DayReport, amounts: Sequence[str]) -> int | None:
    if day.produced_wh is None:
        return None
    return sum(getattr(day, name) or 0 for name in amounts)
