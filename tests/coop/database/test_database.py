"""The cooperative's database, in a file and on a server: made, migrated, guarded, refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

import coop.database.engine
import coop.database.migrations
import coop.doors.tables
import coop.tokens.tables
from coop.database.engine import POSTGRESQL, SQLITE, make_engine, parse_url
from coop.database.opening import Database, _upgrade, open_database
from coop.database.schema import REVISION, metadata, slot_energy
from coop.errors import StateError
from coop.ledger import Draft, Kind, find_broken_link, first_hash
from coop.ledger.book import Ledger
from coop.settings import CoopSettings
from tests.coop.postgresql import EMPTY, PostgreSQL

EDITED = {
    "day_sum",
    "home",
    "household_link",
    "household_pin",
    "key_weight",
    "member",
    "meter",
    "program_token",
    "prosumer",
    "roof",
    "settle_state",
    "setup_code",
    "sharing_key",
    "steward",
    "steward_password",
    "visit",
}
"""What may be changed: who takes part, who may come in, how far settling is, what is made of it."""

GUARDED = {
    "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT event_object_table FROM information_schema.triggers",
}


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Return a database in which there is nothing yet."""
    if request.param == SQLITE:
        url = parse_url(str(tmp_path / "coop.sqlite"))
        with Database(make_engine(url), url) as opened:
            yield opened
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.copy(EMPTY) as name:
        url = parse_url(name)
        with Database(make_engine(url), url) as opened:
            yield opened


def test_a_new_database_has_the_tables_of_today(database: Database) -> None:
    with database.reading() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata)

    assert difference == []


def test_the_code_knows_the_newest_migration() -> None:
    scripts = ScriptDirectory(Path(str(coop.database.migrations.__file__)).parent)

    assert scripts.get_current_head() == REVISION


def test_every_table_of_the_books_refuses_changes(database: Database) -> None:
    with database.reading() as connection:
        guarded = connection.execute(text(GUARDED[connection.dialect.name])).scalars().all()

    assert set(metadata.tables) - EDITED == set(guarded)


def test_opening_again_keeps_what_is_there(settings: CoopSettings) -> None:
    with open_database(settings) as first, first.writing() as connection:
        _insert(connection, 900, 1)

    with open_database(settings) as again:
        assert _slots(again) == [900]


def test_a_block_that_fails_writes_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(database)

    assert _slots(database) == []


def test_a_version_of_a_slot_is_written_once(database: Database) -> None:
    with database.writing() as connection:
        _insert(connection, 900, 1)

    with pytest.raises(IntegrityError), database.writing() as connection:
        _insert(connection, 900, 1)


def test_a_reader_sees_one_state_while_others_write(
    database: Database, settings: CoopSettings
) -> None:
    with database.reading() as reader, open_database(settings) as other:
        before = reader.execute(select(slot_energy)).all()
        with other.writing() as writer:
            _insert(writer, 900, 1)
        after = reader.execute(select(slot_energy)).all()

    assert (before, after, _slots(database)) == ([], [], [900])


def test_two_writers_at_one_time_make_one_chain(settings: CoopSettings) -> None:
    together = Barrier(2)

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda who: _append_often(settings, together, who), ["a", "b"]))

    with open_database(settings) as database, database.reading() as connection:
        entries = list(Ledger(connection, "coop").entries())
    assert [entry.number for entry in entries] == list(range(1, 61))
    assert find_broken_link(entries, first_hash("coop")) is None
    assert [sum(who in entry.line for entry in entries) for who in ("own:a", "own:b")] == [30, 30]


def test_a_writer_that_waits_too_long_says_so(
    settings: CoopSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coop.database.engine, "BUSY_S", 0.1)

    with (
        open_database(settings) as first,
        open_database(settings) as second,
        first.writing() as connection,
    ):
        with pytest.raises(StateError, match="another process of Minga has been writing"):
            _write_and_fail(second)
        _insert(connection, 900, 1)

    with open_database(settings) as again:
        assert _slots(again) == [900]


def test_a_database_of_a_newer_minga_is_refused_with_advice(settings: CoopSettings) -> None:
    with open_database(settings) as opened, opened.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(
        StateError, match=rf"version 9999.*knows up to {REVISION}.*newer Minga"
    ) as raised:
        open_database(settings)

    assert raised.value.exit_code == 2


def test_a_first_start_that_is_cut_short_leaves_no_tables(bare: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _migrate_and_fail(bare)

    with bare.reading() as connection:
        assert inspect(connection).get_table_names() == []


@pytest.mark.parametrize(
    "url",
    [
        "nonsense://x",
        "sqlite:://x",
        "mysql://a@b/c",
        "postgresql+odd://a@b/c",
        "postgresql://a:b:c",
    ],
)
def test_an_odd_url_is_refused(url: str) -> None:
    with pytest.raises(
        StateError, match=r"\[coop\] database: .*allowed: a file name, or postgresql"
    ):
        open_database(CoopSettings(database=url))


def _append_often(settings: CoopSettings, together: Barrier, who: str) -> None:
    draft = Draft(Kind.SLOT, "2026-03", {f"own:{who}": 1, "roof:r": -1})
    with open_database(settings) as database:
        together.wait(timeout=60)
        for _ in range(30):
            with database.writing() as connection:
                Ledger(connection, "coop").append([draft], 0)


def _write_and_fail(database: Database) -> None:
    with database.writing() as connection:
        _insert(connection, 900, 1)
        raise ZeroDivisionError


def _migrate_and_fail(database: Database) -> None:
    with database.writing() as connection:
        _upgrade(connection, None, database.name)
        raise ZeroDivisionError


def _insert(connection: Connection, slot_start_s: int, version: int) -> None:
    row = {"slot_start_s": slot_start_s, "version": version, "written_s": 0, "line": "{}"}
    connection.execute(insert(slot_energy), [row])


def _slots(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.execute(select(slot_energy.c.slot_start_s)).scalars())
