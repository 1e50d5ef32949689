"""A summed day says what its slots say, whatever came late or was registered meanwhile."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from coop.books import Books, Standing
from coop.database.schema import day_sum
from coop.days import DaySum, sum_all_days
from tests.coop.month.town import BusyTown
from tests.coop.village import (
    ROOF,
    START,
    START_S,
    Village,
    every_border,
    later,
    meter_of,
    missing_between,
)

DAY = date(2026, 3, 1)
NOW = START + timedelta(days=90)
SUMS = ("produced_wh", "own_use_wh", "shared_wh", "set_aside_wh", "surplus_wh", "fund_tenths_wh")


def sums_of_slots(books: Books, day: date) -> list[object]:
    book = books.day(day)
    return [
        *book.totals,
        book.counts[Standing.SETTLED],
        book.counts[Standing.PROVISIONAL],
        book.counts[Standing.UNSETTLED],
    ]


def sums_of_day(one: DaySum) -> list[object]:
    amounts = [getattr(one, name) or 0 for name in SUMS]
    return [*amounts, one.consumption_wh, one.settled, one.provisional, one.unsettled]


def test_a_day_is_the_sum_of_its_slots(village: Village) -> None:
    village.agree()
    village.measure(slots=100)
    village.settle(100 * 15)

    first, second = village.books.days(DAY, DAY + timedelta(days=1), NOW)

    assert first == DaySum(
        DAY,
        START_S,
        START_S + 86_400,
        96,
        settled=96,
        produced_wh=28_800,
        own_use_wh=0,
        shared_wh=17_280,
        set_aside_wh=0,
        surplus_wh=11_520,
        fund_tenths_wh=11_520,
        consumption_wh=17_280,
        made={"roof:school": 28_800},
    )
    assert (second.settled, second.produced_wh) == (4, 1_200)


def test_what_comes_late_is_counted_once(village: Village) -> None:
    village.agree()
    village.measure(slots=4)
    late = village.readings.samples.pop(meter_of("c"))
    village.settle(60)
    village.readings.add(meter_of("c"), *late)
    village.settle(60)

    [day] = village.books.days(DAY, DAY, NOW)

    assert (day.settled, day.provisional, day.produced_wh) == (4, 0, 1_200)
    assert sums_of_day(day) == sums_of_slots(village.books, DAY)


def test_slots_without_figures_are_counted_and_not_summed(village: Village) -> None:
    village.agree()
    village.measure(slots=5)
    village.readings.samples[ROOF] = set(missing_between(every_border(5, 300), 15, 60))
    village.settle(75)

    [day] = village.books.days(DAY, DAY, NOW)

    assert (day.settled, day.unsettled, day.missing, day.produced_wh) == (2, 3, 94, 600)


def test_a_day_outside_the_books_knows_nothing(village: Village) -> None:
    [day] = village.books.days(DAY, DAY, NOW)

    assert (day.due, day.missing, day.produced_wh, day.made) == (96, 96, None, None)


def test_a_day_in_which_nothing_could_be_shared_has_no_zero(village: Village) -> None:
    village.measure(slots=2)
    village.settle(30)

    [day] = village.books.days(DAY, DAY, NOW)

    assert (day.unsettled, day.produced_wh, day.surplus_wh) == (2, None, None)


def eventful_days(busy: BusyTown) -> Sequence[DaySum]:
    return busy.books.days(DAY, date(2026, 4, 30), NOW)


def test_two_eventful_months_sum_as_their_slots_do(busy: BusyTown) -> None:
    days = eventful_days(busy)

    assert [sums_of_day(one) for one in days] == [
        sums_of_slots(busy.books, one.day) for one in days
    ]


def test_what_roofs_and_prosumers_made_is_what_was_produced(busy: BusyTown) -> None:
    days = eventful_days(busy)

    assert [sum((one.made or {}).values()) for one in days] == [
        one.produced_wh or 0 for one in days
    ]
    assert {name for one in days for name in one.made or {}} == {
        "roof:school",
        "roof:own",
        "export:b",
    }


def test_the_fund_of_the_days_is_the_fund_of_the_slots(busy: BusyTown) -> None:
    days = eventful_days(busy)

    assert busy.books.fund_total_tenths() == sum(one.fund_tenths_wh or 0 for one in days) > 0


def test_days_are_summed_when_older_books_are_opened(village: Village) -> None:
    village.agree()
    village.measure(slots=200)
    village.settle(200 * 15)
    before = village.books.days(DAY, DAY + timedelta(days=3), NOW)
    with village.database.writing() as connection:
        connection.execute(delete(day_sum))
        sum_all_days(connection, village.settings.zone)

    assert village.books.days(DAY, DAY + timedelta(days=3), NOW) == before
    assert before[2].settled == 8


def test_empty_books_have_no_day_to_sum(village: Village) -> None:
    with village.database.writing() as connection:
        sum_all_days(connection, village.settings.zone)

    assert village.books.span() is None


def test_who_is_registered_is_told_for_each_moment(village: Village) -> None:
    with village.register() as entered:
        entered.end_membership("m-c", START_S + 900)

    registered = village.books.registered(DAY, DAY)

    assert registered.at(START_S).homes == {"a", "b", "c"}
    assert registered.at(START_S).owners == set()
    assert registered.at(START_S - 1).homes == set()
    assert [(roof.name, roof.owner) for roof in registered.roofs.values()] == [("School", None)]


@pytest.mark.parametrize("minutes", [-1, 0, 15, 16, 31, 46, 1_440, 1_441, 1_456, 3_000])
def test_a_slot_is_missing_as_soon_as_the_day_page_says_so(village: Village, minutes: int) -> None:
    now = later(minutes)

    [day] = village.books.days(DAY, DAY, now)

    assert day.missing == village.books.day(DAY, now).counts[Standing.MISSING]
