"""Opens the cooperative's database, brings it to today's tables, and hands out transactions.

It knows how SQLite must be set to survive a power cut; it does not know what the tables mean.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from coop.errors import StateError, UnreachableError
from coop.schema import REVISION
from coop.settings import CoopSettings

_BUSY_MS = 10_000
_IMMEDIATE = "minga_writes"


def open_database(settings: CoopSettings) -> "Database":
    """Open the database, making or migrating it first; close it after use.

    Raise StateError for a file that cannot be used, UnreachableError for a server that is away.
    """
    url = _url(settings.database)
    _make_folder(url)
    database = Database(_engine(url), url)
    try:
        _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


class Database:
    """Transactions on the cooperative's tables; safe to share between threads."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._url = url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """Return what a person calls this database: its file, or its URL without the password."""
        return self._url.database or "" if self._is_sqlite else self._url.render_as_string()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Hold one consistent view for some statements."""
        with self._translated(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all or nothing; it is durable when the block has ended."""
        with self._translated(), self._engine.connect() as connection:
            writer = connection.execution_options(**{_IMMEDIATE: True})
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            if self._is_sqlite:
                raise StateError(_advice(self.name, str(error.orig))) from error
            raise UnreachableError(
                f"{self.name}: the cooperative's database does not answer: {_first_line(error)}; "
                "start it, or mend [coop] database"
            ) from error
        except DatabaseError as error:
            if "not a database" not in str(error.orig) and "malformed" not in str(error.orig):
                raise
            raise StateError(
                f"{self.name}: this file is not a whole database of Minga ({error.orig}); "
                "move it aside, or restore a backup"
            ) from error


def _url(told: str) -> URL:
    if "://" not in told:
        return URL.create("sqlite", database=told)
    try:
        url = make_url(told)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StateError(
            f"[coop] database: {error}; allowed: a file name, or postgresql+psycopg://user@host/name"
        ) from error
    return url


def _make_folder(url: URL) -> None:
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(_advice(url.database, f"folder {folder}: {error.strerror}")) from error


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as error:
        raise StateError(
            f"[coop] database: {url.drivername} needs the Python package {error.name}; "
            f"install it beside Minga"
        ) from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  the driver's own type
    connection.isolation_level = None  # we say BEGIN, else the driver commits before a CREATE
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: SQLite refuses to turn a reader whose view is old into one.
    writes = connection.get_execution_options().get(_IMMEDIATE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(database: Database) -> None:
    with database.reading() as connection:
        if _revision(connection) == REVISION:
            return
    with database.writing() as connection:
        found = _revision(connection)
        if found == REVISION:
            return
        _upgrade(connection, found, database.name)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: Connection, found: str | None, name: str) -> None:
    from alembic import command  # noqa: PLC0415  0.2 s that only a first start needs
    from alembic.config import Config  # noqa: PLC0415  as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415  as above

    folder = Path(__file__).parent / "migrations"
    known = {script.revision for script in ScriptDirectory(folder).walk_revisions()}
    if found is not None and found not in known:
        raise StateError(
            f"{name}: the database has version {found}, this Minga knows up to {REVISION}; "
            "it was opened by a newer Minga: install that one, or restore a backup from before"
        )
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")


def _advice(name: str, reason: str) -> str:
    return (
        f"{name}: the cooperative's database cannot be used: {reason}; "
        "check that the folder exists, may be written by this user and has space"
    )


def _first_line(error: OperationalError) -> str:
    return str(error.orig).strip().splitlines()[0]
