"""The books on a server: they refuse changes there too, and outages are told in one line."""

import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from coop.database.opening import Database, open_database
from coop.errors import StateError, UnreachableError
from coop.members.community import Member
from coop.members.registry import read_community, registration
from coop.settings import CoopSettings
from tests.coop.postgresql import EMPTY, PostgreSQL

BOOKS = {
    "slot_energy": "line",
    "slot_allocation": "line",
    "slot_late": "line",
    "slot_reason": "reason",
    "manual_reading": "device",
    "tariff": "kind",
    "ledger_entry": "line",
    "month_event": "text",
    "month_file": "content",
}
"""Tables that are only added to, each with a column."""

ENTRY = "INSERT INTO ledger_entry VALUES (1, 'slot', '2026-03', 'dWh', 900, '{}', 'x')"


@pytest.fixture(scope="module")
def url(postgresql: PostgreSQL) -> Iterator[str]:
    with postgresql.copy() as name:
        yield name


@pytest.fixture
def server(url: str) -> Iterator[Database]:
    with open_database(CoopSettings(database=url)) as opened:
        yield opened


@pytest.mark.parametrize(("table", "column"), BOOKS.items(), ids=BOOKS)
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"]
)
def test_the_books_can_not_be_edited(
    server: Database, table: str, column: str, statement: str
) -> None:
    with (
        pytest.raises(IntegrityError, match=f"{table} is insert-only"),
        server.writing() as connection,
    ):
        connection.execute(text(statement.format(table, column)))


def test_an_entry_can_not_be_replaced_by_inserting_it_again(server: Database) -> None:
    replacing = text(f"{ENTRY} ON CONFLICT (number) DO UPDATE SET line = 'other'")

    with server.writing() as connection:
        connection.execute(text(ENTRY))
        with pytest.raises(IntegrityError, match="ledger_entry is insert-only"):
            connection.execute(replacing)


def test_every_text_sorts_by_code_point_whatever_the_language_of_the_server(
    server: Database,
) -> None:
    other = text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'text' "
        "AND table_schema = 'public' AND collation_name IS DISTINCT FROM 'C'"
    )

    with registration(server, 900, ZoneInfo("America/Lima")) as entered:
        for name in ("ab", "a-c", "b", "a0"):
            entered.add_member(Member(name, name, 0))

    with server.reading() as connection:
        assert connection.execute(other).all() == []
        assert [one.id for one in read_community(connection).members] == ["a-c", "a0", "ab", "b"]


def test_a_server_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    settings = CoopSettings(database=f"postgresql://minga:geheim@/books?host={tmp_path}")

    with pytest.raises(UnreachableError, match=r"does not answer: .*No such file") as raised:
        open_database(settings)

    assert raised.value.exit_code == 3
    assert "geheim" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_database_that_is_not_there_is_named(postgresql: PostgreSQL) -> None:
    with pytest.raises(UnreachableError, match='database "nothing" does not exist'):
        open_database(CoopSettings(database=postgresql.url("nothing")))


def test_a_role_that_may_not_make_tables_is_told_what_it_takes(postgresql: PostgreSQL) -> None:
    postgresql.run("CREATE ROLE {} LOGIN", "visitor")

    with (
        postgresql.copy(EMPTY) as url,
        pytest.raises(StateError, match="denied for schema public; make it the owner") as raised,
    ):
        open_database(CoopSettings(database=url.replace("postgres@", "visitor@")))

    assert "\n" not in str(raised.value)


def test_a_writer_whose_server_goes_away_writes_nothing(server: Database, url: str) -> None:
    with pytest.raises(UnreachableError, match="does not answer"):
        _write_while_the_server_ends_the_session(server, url)

    with server.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM slot_energy")).scalar() == 0


def test_a_server_that_was_restarted_is_found_again(server: Database, url: str) -> None:
    with server.reading() as connection:
        connection.execute(text("SELECT 1"))
    _end_all_sessions(url)

    with server.writing() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StateError, match=r"package psycopg; install Minga with its extra `postg"):
        open_database(CoopSettings(database="postgresql://minga@host/books"))


def _write_while_the_server_ends_the_session(server: Database, url: str) -> None:
    with server.writing() as connection:
        connection.execute(text("INSERT INTO slot_energy VALUES (900, 1, 0, '{}')"))
        _end_all_sessions(url)
        connection.execute(text("INSERT INTO slot_energy VALUES (1800, 1, 0, '{}')"))


def _end_all_sessions(url: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    ending = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        connection.execute(ending).all()
    engine.dispose()
