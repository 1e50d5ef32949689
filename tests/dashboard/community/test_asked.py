"""What stands behind a question mark is a day, a month, a year, or refused."""

from datetime import date

import pytest

from dashboard.community.asked import Asked, Unit, is_within, of, parse

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({}, Asked(Unit.DAY, TODAY)),
        ({"date": "2026-02-28"}, Asked(Unit.DAY, date(2026, 2, 28))),
        ({"month": "2026-02", "lang": "qu"}, Asked(Unit.MONTH, date(2026, 2, 1))),
        ({"year": "2025"}, Asked(Unit.YEAR, date(2025, 1, 1))),
    ],
)
def test_one_stretch_is_asked_for(told: dict[str, str], asked: Asked) -> None:
    assert parse(told, TODAY) == asked


@pytest.mark.parametrize(
    "told",
    [
        {"month": "2026-13"},
        {"month": "2026-3"},
        {"month": "2026-03-01"},
        {"month": ""},
        {"month": "٢٠٢٦-٠٣"},
        {"year": "26"},
        {"year": "20260"},
        {"year": "0000"},
        {"year": "-2026"},
        {"date": "2026-03"},
        {"date": "20260301"},
        {"month": "2026-03", "year": "2026"},
    ],
)
def test_what_is_none_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  its words reach nobody
        parse(told, TODAY)


@pytest.mark.parametrize(
    ("asked", "last", "before", "after"),
    [
        (Asked(Unit.DAY, date(2026, 3, 1)), date(2026, 3, 1), "2026-02-28", "2026-03-02"),
        (Asked(Unit.MONTH, date(2024, 2, 1)), date(2024, 2, 29), "2024-01", "2024-03"),
        (Asked(Unit.MONTH, date(2025, 12, 1)), date(2025, 12, 31), "2025-11", "2026-01"),
        (Asked(Unit.YEAR, date(2025, 1, 1)), date(2025, 12, 31), "2024", "2026"),
    ],
)
def test_a_stretch_knows_its_neighbours(asked: Asked, last: date, before: str, after: str) -> None:
    assert (asked.last, asked.before().name, asked.next().name) == (last, before, after)


def test_the_present_month_is_within_and_the_next_is_not() -> None:
    present = of(Unit.MONTH, TODAY)

    assert is_within(present, TODAY)
    assert not is_within(present.next(), TODAY)
    assert not is_within(Asked(Unit.YEAR, date(1999, 1, 1)), TODAY)
