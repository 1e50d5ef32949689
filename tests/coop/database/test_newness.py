"""What is kept of the books is let go whenever anybody wrote anything."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from coop.database.opening import open_database
from coop.database.schema import roof
from coop.settings import CoopSettings
from tests.coop.village import START, Village, later


def test_nothing_written_is_the_same_mark(village: Village) -> None:
    village.agree()
    before = village.database.mark()

    village.books.day(START.date())

    assert village.database.mark() == before


def test_what_was_settled_makes_another_mark(village: Village) -> None:
    village.agree()
    village.measure(4)
    before = village.database.mark()

    village.settle(60)

    assert village.database.mark() != before


def test_another_process_is_noticed_too(village: Village, settings: CoopSettings) -> None:
    before = village.database.mark()

    with open_database(settings) as other, other.writing() as connection:
        connection.execute(update(roof).values(name="Escuela"))

    assert village.database.mark() != before


def test_a_file_that_was_opened_again_has_other_marks(tmp_path: Path) -> None:
    with open_database(CoopSettings(database=str(tmp_path / "coop.sqlite"))) as database:
        before = database.mark()
        database.close()

        assert database.mark() != before


@pytest.mark.parametrize(("minutes", "is_same"), [(1, True), (12, True), (13, False), (16, False)])
def test_an_edition_ends_at_the_border_of_a_slot(
    village: Village, *, minutes: int, is_same: bool
) -> None:
    first = village.books.edition(later(62))

    assert (village.books.edition(later(62 + minutes)) == first) == is_same


def test_an_edition_ends_when_a_slot_is_due(village: Village) -> None:
    delay = timedelta(seconds=village.settings.settle_delay_s)
    before, after = (later(60) + delay + timedelta(seconds=one) for one in (-1, 0))

    editions = [village.books.edition(moment) for moment in (before, after)]
    day = later(60).date()
    due = [village.books.days(day, day, moment)[0].due for moment in (before, after)]

    assert due[1] == due[0] + 1
    assert editions[0] != editions[1]
