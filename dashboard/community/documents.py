"""The community's page for programs: a day, a month or a year as JSON and as CSV."""

from collections.abc import Iterable

from dashboard.community.asked import Unit
from dashboard.community.period import Period, Step
from dashboard.community.reading import CommunityDay
from dashboard.community.telling import Made
from dashboard.documents import AMOUNTS, Document, amounts, csv_text, utc
from dashboard.public.documents import day_document, slots
from dashboard.public.figures import State


def day_of(page: CommunityDay) -> Document:
    """Return a day of the community: its sums, the rows of its table, and its roofs."""
    is_withheld = page.state is State.WITHHELD
    sums = day_sums_of(page)
    roofs = sums.pop("roofs")
    return {**sums, "slots": [] if is_withheld else slots(page.day), "roofs": roofs}


def day_sums_of(page: CommunityDay) -> Document:
    """Return a day of the community without its slots."""
    is_withheld = page.state is State.WITHHELD
    return {
        "state": page.state.value,
        **({"date": page.day.date.isoformat()} if is_withheld else day_document(page.day)),
        "roofs": _roofs(page.made),
    }


def day_csv(page: CommunityDay) -> str:
    """Return the rows of a day's table; an empty cell is missing, not zero."""
    rows = () if page.state is State.WITHHELD else page.day.passed
    return csv_text(
        ("slot_start", "local_start", *AMOUNTS, "difference_wh", "standing"),
        (
            (
                utc(row.start),
                row.start.isoformat(timespec="minutes"),
                *amounts(row).values(),
                row.difference_wh,
                row.standing.value,
            )
            for row in rows
        ),
    )


def period_of(page: Period) -> Document:
    """Return a month or a year: its sums, the rows of its table, and its roofs."""
    total = page.total
    return {
        "state": page.state.value,
        page.asked.unit.value: page.asked.name,
        **(amounts(total) if total else dict.fromkeys(AMOUNTS)),
        "own_use_in_shared": page.is_merged,
        **_counts(total),
        "days" if page.asked.unit is Unit.MONTH else "months": [
            {_key(page): _name(page, step), **amounts(step), **_counts(step), **_standing(step)}
            for step in page.shown
        ],
        "roofs": _roofs(page.made),
    }


def period_csv(page: Period) -> str:
    """Return the rows of a month's or a year's table; an empty cell is missing, not zero."""
    return csv_text(
        (_key(page), *AMOUNTS, "difference_wh", *_COUNTS, "standing"),
        (
            (
                _name(page, step),
                *amounts(step).values(),
                step.difference_wh,
                step.due,
                step.missing,
                step.provisional,
                step.fullness.value,
            )
            for step in page.shown
        ),
    )


_COUNTS = ("slots_due", "slots_missing", "slots_provisional")


def _key(page: Period) -> str:
    return "date" if page.asked.unit is Unit.MONTH else "month"


def _name(page: Period, step: Step) -> str:
    day = step.first.isoformat()
    return day if page.asked.unit is Unit.MONTH else day[: len("2026-03")]


def _counts(step: Step | None) -> Document:
    counts = (step.due, step.missing, step.provisional) if step else (None, None, None)
    return dict(zip(_COUNTS, counts, strict=True))


def _standing(step: Step) -> Document:
    return {"standing": step.fullness.value}


def _roofs(made: Iterable[Made]) -> list[Document]:
    return [
        {
            "share": one.share.value,
            "id": one.id or None,
            "name": one.name or None,
            "produced_wh": one.made_wh,
        }
        for one in made
    ]
