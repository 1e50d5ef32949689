"""The cooperative's database in a file: it survives a power cut; an odd file is refused."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from coop.database.opening import Database, open_database
from coop.database.schema import slot_energy
from coop.errors import StateError
from coop.settings import CoopSettings
from tests.requirements import ROOT, require_namespaces

OPEN_AND_SAY = """
import sys
from coop.database.opening import open_database
from coop.errors import StateError
from coop.settings import CoopSettings
try:
    open_database(CoopSettings(database=sys.argv[1]))
except StateError as error:
    print(error)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "coop.sqlite"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with open_database(CoopSettings(database=str(path))) as opened:
        yield opened


def reopen(path: Path) -> None:
    open_database(CoopSettings(database=str(path))).close()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_sqlite_is_set_to_survive_a_power_cut(
    database: Database, pragma: str, value: str | int
) -> None:
    with database.reading() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


@pytest.mark.parametrize("table", ["slot_energy", "slot_allocation"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET line = 'x'",
        "DELETE FROM {}",
        "INSERT OR REPLACE INTO {} SELECT * FROM {}",
    ],
)
def test_a_settled_line_can_not_be_edited(path: Path, table: str, statement: str) -> None:
    reopen(path)
    with closing(sqlite3.connect(path)) as file:
        file.executescript(
            "INSERT INTO slot_energy VALUES (900, 1, 0, '{}');"
            "INSERT INTO slot_allocation (slot_start_s, version, written_s, status, quality, line)"
            " VALUES (900, 1, 0, 'settled', 'measured', '{}')"
        )

        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is insert-only"):
            file.execute(statement.format(table, table))


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"member,weight\n" * 400)

    with pytest.raises(StateError, match="not a whole database of Minga"):
        reopen(path)


def test_a_folder_that_is_a_file_is_refused(path: Path) -> None:
    path.parent.write_text("")

    with pytest.raises(StateError, match=r"cannot be used.*File exists"):
        reopen(path)


def test_a_folder_in_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(StateError, match="unable to open database file"):
        reopen(path)


def test_a_full_disk_is_one_clear_error_and_nothing_is_half_written(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(slot_energy), [_energy(900, 1, "{}")])

    with pytest.raises(StateError, match=r"full.*has space"):
        _fill(database)

    with database.reading() as connection:
        assert connection.execute(select(slot_energy.c.slot_start_s)).scalars().all() == [900]


def test_a_read_only_file_system_is_refused_in_one_line(tmp_path: Path) -> None:
    unshare = require_namespaces()
    script = tmp_path / "open.py"
    script.write_text(OPEN_AND_SAY, encoding="utf-8")
    mounts = f"mount -t tmpfs none {tmp_path}/ro; mount -o remount,ro {tmp_path}/ro"
    (tmp_path / "ro").mkdir()

    said = subprocess.run(
        [unshare, "-rm", "sh", "-ec", f"{mounts}; {sys.executable} {script} {tmp_path}/ro/coop.db"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "ro/coop.db: the cooperative's database cannot be used: unable to open" in said.stdout


def _fill(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
        connection.execute(insert(slot_energy), [_energy(1800, 1, "x" * 1_000_000)])


def _energy(slot_start_s: int, version: int, line: str) -> dict[str, int | str]:
    return {"slot_start_s": slot_start_s, "version": version, "written_s": 0, "line": line}
