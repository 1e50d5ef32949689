"""Opens the file or the server that holds the cooperative's books, and begins its transactions.

On both, who reads sees one state, one process writes at a time, and what was written survives a
power cut.
"""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from coop.errors import StateError

SQLITE, POSTGRESQL = "sqlite", "postgresql"

BUSY_S: float = 10
"""How long a writer waits for the one before it."""

WRITES = {"minga_writes": True}
"""Options of a connection that is going to write."""

_DRIVER = "postgresql+psycopg"
_CONNECT_S = 10
_WRITERS_LOCK = 0x4D49_4E47_41
"""Any number, as long as every Minga takes the same."""


def parse_url(told: str) -> URL:
    """Read what stands as `database` in the configuration: a file's name or a URL."""
    if "://" not in told:
        return URL.create(SQLITE, database=told)
    try:
        url = make_url(told)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise _odd_url(str(error)) from error
    if url.get_backend_name() not in {SQLITE, POSTGRESQL}:
        raise _odd_url(f"found {url.drivername}")
    return url.set(drivername=_DRIVER) if url.get_backend_name() == POSTGRESQL else url


def make_engine(url: URL) -> Engine:
    """Return the engine of a database; nothing is opened yet."""
    if url.get_backend_name() == SQLITE:
        engine = create_engine(url)
        event.listen(engine, "connect", _set_up_file)
        event.listen(engine, "begin", _begin_in_file)
        return engine
    try:
        engine = create_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,  # a server that was restarted is found again
            connect_args={"connect_timeout": _CONNECT_S, "application_name": "minga"},
        )
    except ModuleNotFoundError as error:
        raise StateError(
            f"[coop] database: {POSTGRESQL} needs the Python package {error.name}; "
            "install Minga with its extra `postgres`, or name a file"
        ) from error
    event.listen(engine, "begin", _begin_on_server)
    return engine


def reading_options(url: URL) -> dict[str, Any]:
    """Return the options of a connection whose statements shall all see one state."""
    if url.get_backend_name() == SQLITE:
        return {}  # that is how it reads
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def is_busy(error: OperationalError) -> bool:
    """Say whether another process held the books for too long."""
    told = getattr(error.orig, "sqlstate", None) or str(error.orig)
    return told in {"55P03", "database is locked"}


def is_forbidden(error: DatabaseError) -> bool:
    """Say whether the server's role may not do what was asked of it."""
    return getattr(error.orig, "sqlstate", None) == "42501"


def _set_up_file(connection: Any, _record: object) -> None:  # noqa: ANN401  the driver's own type
    connection.isolation_level = None  # we say BEGIN, else the driver commits before a CREATE
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {round(BUSY_S * 1_000)}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_in_file(connection: Connection) -> None:
    # A writer takes its lock at once: SQLite refuses to turn a reader whose view is old into one.
    writes = connection.get_execution_options().get(*WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_on_server(connection: Connection) -> None:
    # Each statement of a writer sees what was committed before it, and nobody else can commit: so
    # the one before has ended when the first statement of this one looks.
    if connection.get_execution_options().get(*WRITES):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = '{round(BUSY_S * 1_000)}ms'; "
            "SET LOCAL synchronous_commit = on; "
            f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})"
        )


def _odd_url(found: str) -> StateError:
    return StateError(
        f"[coop] database: {found}; allowed: a file name, or postgresql://user@host/name"
    )
