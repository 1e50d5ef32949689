"""A month that is cut off at any point is ended by the next try, and nothing stands twice."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coop.database.opening import Database, open_database
from coop.ledger import find_broken_link, first_hash
from coop.ledger.book import Ledger
from coop.month.closing import Closing
from coop.month.states import SIGNATURES, State
from coop.settings import CoopSettings
from tests.coop.fakes import FakeCounterReadings
from tests.coop.month.town import END, SLOTS
from tests.coop.village import HOMES, ROOF, every_border, meter_of
from tests.requirements import ROOT

DIE = """
import os, signal, sys
from sqlalchemy import event
from tests.coop.month.test_crashes import closing_month
left = int(sys.argv[2])
with closing_month(sys.argv[1]) as (months, database):
    @event.listens_for(database._engine, "before_cursor_execute")
    def count(*_):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    from tests.coop.month.test_crashes import end_month
    end_month(months)
"""


@contextmanager
def closing_month(books: str) -> Iterator[tuple[Closing, Database]]:
    """Open the books beside counters that count as they did."""
    settings = CoopSettings(database=books)
    readings = FakeCounterReadings()
    readings.add(ROOF, *every_border(SLOTS + 4, 300))
    for home in HOMES:
        readings.add(meter_of(home), *every_border(SLOTS + 4, 60))
    with open_database(settings) as database:
        yield Closing(database, readings, settings), database


def end_month(months: Closing) -> State:
    """Freeze the month and take both signatures, as far as they are not there yet."""
    signed = months.status("2026-03", END).standing.signed_by
    if len(signed) < SIGNATURES:
        months.freeze("2026-03", END)
    for steward in ("rosa", "juan"):
        if steward not in signed:
            months.sign("2026-03", steward, END)
    return months.status("2026-03", END).standing.state


@pytest.fixture(scope="module")
def expected(march_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of the month when nothing is cut off."""
    books = shutil.copy(march_file, tmp_path_factory.mktemp("whole") / "coop.sqlite")
    with closing_month(str(books)) as (months, _):
        end_month(months)
        return months.files("2026-03")


@pytest.mark.parametrize("statement", [1, 2, 5, 9, 12, 16, 20, 25, 30, 35, 40, 45, 50])
def test_a_kill_at_any_statement_loses_nothing_and_books_nothing_twice(
    march_file: Path, expected: dict[str, bytes], tmp_path: Path, statement: int
) -> None:
    books = str(shutil.copy(march_file, tmp_path / "coop.sqlite"))

    killed = subprocess.run(
        [sys.executable, "-c", DIE, books, str(statement)], cwd=ROOT, check=False
    )
    with closing_month(books) as (months, database):
        state = end_month(months)
        with database.reading() as connection:
            entries = list(Ledger(connection, "coop").entries())
        files = months.files("2026-03")

    assert killed.returncode == -signal.SIGKILL
    assert state is State.CLOSED
    assert files == expected
    assert find_broken_link(entries, first_hash("coop")) is None
    assert len(entries) == 2_980
