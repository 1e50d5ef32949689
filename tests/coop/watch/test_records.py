"""Meters and lines as the real books hold them, on a file and on a server."""

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

import pytest
from sqlalchemy import event

from coop.members.stewards import add_tariff
from coop.month.money import Tariff, TariffKind
from coop.month.obstacles import Kind, latest_statuses, read_reasons
from coop.slots import moment_of
from coop.watch.book import WatchBook
from coop.watch.coverage import Cell
from coop.watch.records import read_energy, read_extent, read_slots
from coop.watch.siblings import Verdict
from coop.watch.watched import read_watched
from tests.coop.month.town import BusyTown
from tests.coop.village import START_S, Village, every_border, later

Ask = Callable[[WatchBook, datetime], object]


def _march(book: WatchBook, now: datetime) -> object:
    return book.coverage("2026-03", now)


def test_meters_are_read_with_the_names_of_their_owners_roofs_first(village: Village) -> None:
    with village.database.reading() as connection:
        found = read_watched(connection)

    assert [(one.owner, one.name, one.is_roof) for one in found] == [
        ("School", "roof/energy_total", True),
        ("House a", "a-meter/import_energy_total", False),
        ("House b", "b-meter/import_energy_total", False),
        ("House c", "c-meter/import_energy_total", False),
    ]


def test_the_newest_line_of_each_slot_is_read_in_order(village: Village) -> None:
    village.agree()
    village.measure(4)
    village.settle(60)
    village.readings.add(("a-meter", "import_energy_total"), *every_border(4, 70))
    village.settle(60)

    with village.database.reading() as connection:
        found = list(read_energy(connection, START_S, START_S + 3 * 900))

    assert [line.slot_start_s for line in found] == [START_S, START_S + 900, START_S + 1_800]
    assert all('"roof/energy_total":[300,"measured"]' in line.text for line in found)


def test_the_extent_of_the_books(village: Village) -> None:
    with village.database.reading() as connection:
        assert read_extent(connection) == (None, 0, None)
    village.agree()
    village.measure(4)
    village.settle(60)

    with village.database.reading() as connection:
        found = read_extent(connection, START_S + 900, START_S + 2 * 900)
    assert found == ((START_S, START_S + 3 * 900), 1, None)


def test_a_month_is_covered_up_to_what_is_due(village: Village) -> None:
    village.agree()
    village.measure(4)
    village.settle(60)

    found = WatchBook(village.database, village.settings, {}).coverage("2026-03", later(95))

    assert found.first == "2026-03"
    assert len(found.coverage.days) == 1
    assert found.coverage.rows[0].total == Cell(6, 4, 2)
    assert [(gap.meter.owner, gap.lasts) for gap in found.coverage.gaps] == [
        ("House a", True),
        ("House b", True),
        ("House c", True),
        ("School", True),
    ]


def test_a_month_before_the_books_holds_nothing(village: Village) -> None:
    book = WatchBook(village.database, village.settings, {})

    found = book.coverage("2025-01", later(0))

    assert found.coverage.rows == ()
    assert found.first is None


def test_the_present_is_watched(village: Village) -> None:
    village.agree()
    village.measure(4)
    village.settle(60)

    found = WatchBook(village.database, village.settings, {}).watch(later(95))

    assert [one.owner for one in found.meters] == ["School", "House a", "House b", "House c"]
    assert (found.booked_to, found.due_to) == (later(60), later(90))
    assert (found.open_month, found.unsigned, found.unread) == (None, (), ())


def test_a_price_of_the_utility_counts_from_the_moment_it_holds(village: Village) -> None:
    book = WatchBook(village.database, village.settings, {})
    with village.database.writing() as connection:
        for kind, from_s in ((TariffKind.SURPLUS, 0), (TariffKind.UTILITY, START_S + 900)):
            add_tariff(connection, Tariff(kind, from_s, Fraction(70), "Bill"))

    assert not book.watch(moment_of(START_S + 899)).is_priced
    assert book.watch(moment_of(START_S + 900)).is_priced


def test_empty_books_have_nothing_to_watch(village: Village) -> None:
    found = WatchBook(village.database, village.settings, {}).watch(later(95))

    assert (found.booked_to, found.open_month) == (None, None)


def test_months_that_are_over_say_what_they_wait_for(busy: BusyTown) -> None:
    found = WatchBook(busy.database, busy.settings, {}).watch(moment_of(START_S + 92 * 86_400))

    assert found.open_month is not None
    assert found.open_month.month == "2026-05"
    assert [one.kind for one in found.open_month.obstacles] == [Kind.UNSETTLED]
    assert [one.month for one in found.unsigned] == ["2026-03", "2026-04"]
    assert found.unread == ()


def test_a_slot_with_a_recorded_reason_is_in_nobodys_way(busy: BusyTown) -> None:
    slots = range(START_S, START_S + 31 * 86_400, 900)

    with busy.database.reading() as connection:
        found = read_slots(connection, slots)
        statuses, reasons = latest_statuses(connection, slots), read_reasons(connection, slots)

    assert found.statuses == statuses
    assert [(one.from_s, one.to_s) for one in found.reasons] == [
        (one.from_s, one.to_s) for one in reasons
    ]
    assert reasons


def test_few_roofs_are_compared_with_nobody(busy: BusyTown) -> None:
    check = WatchBook(busy.database, busy.settings, {}).siblings(moment_of(START_S + 20 * 86_400))

    assert {one.verdict for one in check.roofs} == {Verdict.TOO_FEW_ROOFS}


def test_roofs_are_compared_anew_only_when_a_line_came(village: Village) -> None:
    village.agree()
    village.measure(96)
    village.settle(24 * 60)
    book, tomorrow = WatchBook(village.database, village.settings, {}), later(30 * 60)

    first, again = book.siblings(tomorrow), book.siblings(tomorrow)
    village.readings.add(("a-meter", "import_energy_total"), *every_border(96, 70))
    village.settle(30 * 60)
    changed = book.siblings(tomorrow)

    assert first is again
    assert changed is not first


@pytest.mark.parametrize("ask", [WatchBook.watch, WatchBook.siblings, _march])
def test_a_look_asks_five_times_at_most(busy: BusyTown, ask: Ask) -> None:
    book = WatchBook(busy.database, busy.settings, {})
    asked: list[str] = []

    def note(*told: str) -> None:
        asked.append(told[2])

    event.listen(busy.database._engine, "before_cursor_execute", note)
    ask(book, moment_of(START_S + 92 * 86_400))
    event.remove(busy.database._engine, "before_cursor_execute", note)

    assert 1 <= len([one for one in asked if one.startswith("SELECT")]) <= 5
