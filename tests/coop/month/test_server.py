"""A month on a server is the month in a file: the same bytes, and no crash books anything twice."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from coop.database.opening import open_database
from coop.ledger import Entry, find_broken_link, first_hash
from coop.ledger.book import Ledger
from coop.month.export import write_files
from coop.month.states import State
from coop.month.verify import check
from coop.settings import CoopSettings
from tests.coop.month.test_crashes import DIE, closing_month, end_month
from tests.coop.month.town import BusyTown
from tests.coop.postgresql import EMPTY, PostgreSQL, find_programs
from tests.requirements import ROOT

MONTHS = ("2026-03", "2026-04")


def live(database: str) -> list[Mapping[str, bytes]]:
    """Return the files of two eventful months."""
    settings = CoopSettings(database=database)
    with open_database(settings) as opened:
        town = BusyTown(opened, settings)
        town.live_through_two_months()
        return [town.months.files(month) for month in MONTHS]


def test_two_eventful_months_are_the_same_bytes_on_a_server_and_in_a_file(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    in_file = live(str(tmp_path / "coop.sqlite"))

    with postgresql.copy() as url:
        on_server = live(url)

    assert on_server == in_file
    write_files(tmp_path / "march", on_server[0])
    assert check(tmp_path / "march")[0].problems == []


def test_a_dump_that_is_restored_elsewhere_is_the_same_books(
    postgresql: PostgreSQL, march_on_server: str, tmp_path: Path
) -> None:
    dump, march = tmp_path / "books.dump", postgresql.url(march_on_server)
    programs = find_programs()

    subprocess.run([programs / "pg_dump", "--format=custom", f"--file={dump}", march], check=True)
    with postgresql.copy(EMPTY) as url:
        subprocess.run(
            [programs / "pg_restore", "--exit-on-error", "--dbname", url, dump], check=True
        )
        restored = _entries(url)

    assert restored == _entries(march)
    assert find_broken_link(restored, first_hash("coop")) is None
    assert len(restored) == 2_980


@pytest.mark.parametrize("statement", [3, 12, 25, 40])
def test_a_kill_at_any_statement_loses_nothing_and_books_nothing_twice(
    postgresql: PostgreSQL, march_on_server: str, statement: int
) -> None:
    with postgresql.copy(march_on_server) as url:
        killed = subprocess.run(
            [sys.executable, "-c", DIE, url, str(statement)], cwd=ROOT, check=False
        )
        with closing_month(url) as (months, database):
            state = end_month(months)
            with database.reading() as connection:
                entries = list(Ledger(connection, "coop").entries())

    assert killed.returncode == -signal.SIGKILL
    assert state is State.CLOSED
    assert find_broken_link(entries, first_hash("coop")) is None
    assert len(entries) == 2_980


def _entries(database: str) -> list[Entry]:
    with open_database(CoopSettings(database=database)) as books, books.reading() as connection:
        return list(Ledger(connection, "coop").entries())
