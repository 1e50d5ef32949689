"""Reports are read once, and again when the books have changed."""

from sqlalchemy import event

from coop.database.opening import Database
from coop.month.states import Act, State
from coop.report.shelf import MOST, MonthEntry, Shelf
from tests.coop.month.town import BusyTown
from tests.coop.village import Village


def statements(database: Database) -> list[str]:
    asked: list[str] = []
    event.listen(database._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    return asked


def test_every_month_of_the_books_is_listed_the_newest_first(busy: BusyTown) -> None:
    assert Shelf(busy.database, busy.settings).months() == (
        MonthEntry("2026-05", State.OPEN, None),
        MonthEntry("2026-04", State.FROZEN, None),
        MonthEntry("2026-03", State.FROZEN, None),
    )


def test_empty_books_have_no_month(village: Village) -> None:
    assert Shelf(village.database, village.settings).months() == ()


def test_only_an_approved_month_is_open_to_anyone() -> None:
    said = [MonthEntry("2026-03", State.REVIEWED, act).is_approved for act in (*Act, None)]

    assert said == [act is Act.APPROVED for act in (*Act, None)]


def test_a_report_is_read_once_and_then_asked_for_in_one_statement(busy: BusyTown) -> None:
    shelf = Shelf(busy.database, busy.settings)
    first = shelf.report("2026-03")
    asked = statements(busy.database)

    assert shelf.report("2026-03") is first
    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_what_is_settled_later_shows_in_an_open_month(village: Village) -> None:
    village.agree()
    village.measure(3)
    village.settle(15)
    shelf = Shelf(village.database, village.settings)
    before = shelf.report("2026-03").community.slots.produced_wh

    village.settle(45)

    assert (before, shelf.report("2026-03").community.slots.produced_wh) == (300, 900)


def test_only_so_many_reports_are_kept(village: Village) -> None:
    village.agree()
    village.measure(1)
    village.settle(15)
    shelf = Shelf(village.database, village.settings)
    mark = shelf.report("2026-03")
    shelf._kept.update((f"{number}", (None, mark)) for number in range(MOST))

    shelf.report("2026-03")

    assert len(shelf._kept) == MOST


def test_beside_the_pages_every_month_is_read_before_somebody_looks(busy: BusyTown) -> None:
    shelf = Shelf(busy.database, busy.settings)
    for _ in range(4):
        shelf.renew()
    asked = statements(busy.database)

    shelf.renew()
    of_nothing_new = len([one for one in asked if one.startswith("SELECT")])
    for month in ("2026-03", "2026-04", "2026-05"):
        shelf.report(month)

    assert of_nothing_new == 0
    assert len([one for one in asked if one.startswith("SELECT")]) == 3


def test_what_changed_is_read_again_beside_the_pages(village: Village) -> None:
    village.agree()
    village.measure(3)
    village.settle(15)
    shelf = Shelf(village.database, village.settings)
    shelf.renew()
    village.settle(45)

    shelf.renew()
    asked = statements(village.database)

    assert shelf.report("2026-03").community.slots.produced_wh == 900
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
