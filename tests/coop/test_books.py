"""Pages get sums that close, and are told what is not there."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from coop.books import Figures, Standing
from coop.metering.intervals import Quality
from tests.coop.village import (
    HOMES,
    ROOF,
    START,
    Village,
    every_border,
    later,
    meter_of,
    missing_between,
)

DAY = date(2026, 3, 1)


def test_a_day_sums_its_slots_and_the_balance_closes(village: Village) -> None:
    village.agree()
    village.measure(slots=96)
    village.settle(96 * 15)

    book = village.books.day(DAY)

    assert book.totals == Figures(28_800, 0, 17_280, 0, 11_520, 11_520, 17_280)
    assert (len(book.slots), book.expected, book.counts[Standing.SETTLED]) == (96, 96, 96)
    assert (book.start, book.end) == (START, START + timedelta(days=1))


def test_a_slot_says_when_it_began_and_how_well_it_is_known(village: Village) -> None:
    village.agree()
    village.measure(slots=2)
    village.settle(30)

    slot = village.books.day(DAY).slots[1]

    assert (slot.start, slot.standing, slot.quality) == (
        later(15),
        Standing.SETTLED,
        Quality.MEASURED,
    )
    assert slot.figures == Figures(300, 0, 180, 0, 120, 120, 180)


def test_today_tells_what_is_ahead_from_what_is_missing(village: Village) -> None:
    village.agree()
    village.measure(slots=4)
    village.settle(60)

    book = village.books.day(DAY, later(15 * 6 + 1))

    assert book.counts == {
        Standing.SETTLED: 4,
        Standing.PROVISIONAL: 0,
        Standing.UNSETTLED: 0,
        Standing.MISSING: 2,
        Standing.AHEAD: 90,
    }
    assert book.expected == 6


def test_a_day_before_the_books_is_empty_and_not_zero(village: Village) -> None:
    book = village.books.day(date(2026, 2, 1))

    assert book.counts[Standing.MISSING] == 96
    assert {slot.figures for slot in book.slots} == {None}
    assert book.totals.consumption_wh is None


def test_slots_without_figures_stay_out_of_the_sums(village: Village) -> None:
    village.agree()
    village.measure(slots=5)
    village.readings.samples[ROOF] = set(missing_between(every_border(5, 300), 15, 60))
    village.settle(75)

    book = village.books.day(DAY)

    assert book.totals == Figures(600, 0, 360, 0, 240, 240, 360)
    assert (book.counts[Standing.SETTLED], book.counts[Standing.UNSETTLED]) == (2, 3)
    assert book.slots[1].quality is Quality.MISSING


def test_a_slot_in_which_no_home_was_measured_has_no_consumption(village: Village) -> None:
    village.agree()
    village.readings.add(ROOF, *every_border(1, 300))
    village.settle(15)

    assert village.books.day(DAY).slots[0].figures == Figures(300, 0, 0, 300, 0, 0, None)


def test_the_fund_counts_the_latest_line_of_each_slot_once(village: Village) -> None:
    village.agree()
    village.measure(slots=4)
    late = village.readings.samples.pop(meter_of("c"))
    village.settle(60)
    before = village.books.fund_total_tenths()
    village.readings.add(meter_of("c"), *late)
    village.settle(60)

    assert (before, village.books.fund_total_tenths()) == (320, 480)


def test_an_empty_fund_is_zero(village: Village) -> None:
    assert village.books.fund_total_tenths() == 0


def test_the_books_know_their_first_and_last_day(village: Village) -> None:
    empty = village.books.span()
    village.agree()
    village.measure(slots=97)
    village.settle(97 * 15)

    assert (empty, village.books.span()) == (None, (DAY, DAY + timedelta(days=1)))


@pytest.fixture
def statements(village: Village) -> Iterator[list[str]]:
    told: list[str] = []

    def listen(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    engine = village.database._engine
    event.listen(engine, "before_cursor_execute", listen)
    yield told
    event.remove(engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("question", ["day", "sources", "fund", "span"])
def test_a_question_takes_at_most_three_statements(
    village: Village, statements: list[str], question: str
) -> None:
    ask = {
        "day": lambda: village.books.day(DAY),
        "sources": lambda: village.books.sources(START),
        "fund": village.books.fund_total_tenths,
        "span": village.books.span,
    }

    ask[question]()

    assert 1 <= len([one for one in statements if one.startswith("SELECT")]) <= 3


def test_no_home_is_named_in_what_pages_get(village: Village) -> None:
    village.agree()
    village.measure(slots=1)
    village.settle(15)

    told = repr(village.books.day(DAY))

    assert [home for home in HOMES if f"'{home}'" in told] == []
