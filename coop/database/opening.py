"""Opens the cooperative's database, brings it to today's tables, and hands out transactions.

What is the matter with it is told in words that a steward can act on. It does not know what the
tables mean.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, OperationalError

from coop.database.engine import (
    BUSY_S,
    SQLITE,
    WRITES,
    is_busy,
    is_forbidden,
    make_engine,
    parse_url,
    reading_options,
)
from coop.database.newness import Newness
from coop.database.schema import REVISION
from coop.days import sum_all_days
from coop.errors import StateError, UnreachableError
from coop.settings import CoopSettings


def open_database(settings: CoopSettings) -> "Database":
    """Open the database, making or migrating it first; close it after use.

    Raise StateError for a file that cannot be used, UnreachableError for a server that is away.
    """
    url = parse_url(settings.database)
    _make_folder(url)
    database = Database(make_engine(url), url)
    try:
        _migrate(database, settings.zone)
    except BaseException:
        database.close()
        raise
    return database


class Database:
    """Transactions on the cooperative's tables; safe to share between threads."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._url = url
        self._newness = Newness(engine)

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
        with self._translated(), self._engine.connect() as connection:
            reader = connection.execution_options(**reading_options(self._url))
            with reader.begin():
                yield reader

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all or nothing; it is durable when the block has ended."""
        with self._translated(), self._engine.connect() as connection:
            writer = connection.execution_options(**WRITES)
            with writer.begin():
                yield writer

    def mark(self) -> Hashable:
        """Return what is equal as long as nobody writes anything."""
        with self._translated():
            return self._newness.mark()

    def close(self) -> None:
        """Let go of all connections."""
        self._newness.close()
        self._engine.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return self._url.get_backend_name() == SQLITE

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            if is_busy(error):
                raise StateError(
                    f"{self.name}: another process of Minga has been writing for {BUSY_S} s; "
                    "nothing was written here, try again"
                ) from error
            if self._is_sqlite:
                raise StateError(_advice(self.name, str(error.orig))) from error
            raise UnreachableError(
                f"{self.name}: the cooperative's database does not answer: {_first_line(error)}; "
                "start it, or mend [coop] database"
            ) from error
        except DatabaseError as error:
            if is_forbidden(error):
                raise StateError(
                    f"{self.name}: the role may not do what Minga needs: {_first_line(error)}; "
                    "make it the owner of the database, as docs/postgresql.md says"
                ) from error
            if "not a database" not in str(error.orig) and "malformed" not in str(error.orig):
                raise
            raise StateError(
                f"{self.name}: this file is not a whole database of Minga ({error.orig}); "
                "move it aside, or restore a backup"
            ) from error


def _make_folder(url: URL) -> None:
    if url.get_backend_name() != SQLITE or not url.database:
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(_advice(url.database, f"folder {folder}: {error.strerror}")) from error


def _migrate(database: Database, zone: ZoneInfo) -> None:
    with database.reading() as connection:
        if _revision(connection) == REVISION:
            return
    with database.writing() as connection:
        found = _revision(connection)
        if found == REVISION:
            return
        _upgrade(connection, found, database.name)
        sum_all_days(connection, zone)


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


def _first_line(error: DatabaseError) -> str:
    return str(error.orig).strip().splitlines()[0]
