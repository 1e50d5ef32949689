"""Meters and lines as the real books hold them, on a file and on a server."""

from coop.month.states import State
from coop.slots import moment_of
from coop.watch.book import WatchBook
from coop.watch.coverage import Cell
from coop.watch.records import read_energy, read_span
from coop.watch.siblings import Verdict
from coop.watch.watched import read_watched
from tests.coop.month.town import BusyTown
from tests.coop.village import START_S, Village, every_border, later


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


def test_the_span_of_the_books(village: Village) -> None:
    with village.database.reading() as connection:
        assert read_span(connection) is None
    village.agree()
    village.measure(4)
    village.settle(60)

    with village.database.reading() as connection:
        assert read_span(connection) == (START_S, START_S + 3 * 900)


def test_a_month_is_covered_up_to_what_is_due(village: Village) -> None:
    village.agree()
    village.measure(4)
    village.settle(60)

    found = WatchBook(village.database, village.settings, {}).coverage("2026-03", later(95))

    assert (found.before, found.after) == (None, None)
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
    assert found.after is None


def test_the_present_is_watched(village: Village) -> None:
    village.agree()
    village.measure(4)
    village.settle(60)

    found = WatchBook(village.database, village.settings, {}).watch(later(95))

    assert [one.owner for one in found.meters] == ["School", "House a", "House b", "House c"]
    assert (found.booked_to, found.due_to) == (later(60), later(90))
    assert (found.month, found.last, found.last_tally) == ("2026-03", None, None)


def test_the_month_before_stands_beside_the_present(busy: BusyTown) -> None:
    found = WatchBook(busy.database, busy.settings, {}).watch(moment_of(START_S + 61 * 86_400))

    assert found.month == "2026-05"
    assert found.last is not None
    assert found.last.state is State.FROZEN
    assert found.last_tally is not None
    assert found.last_tally.missing == 0


def test_few_roofs_are_compared_with_nobody(busy: BusyTown) -> None:
    check = WatchBook(busy.database, busy.settings, {}).siblings(moment_of(START_S + 20 * 86_400))

    assert {one.verdict for one in check.roofs} == {Verdict.TOO_FEW_ROOFS}
