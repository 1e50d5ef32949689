"""One SQLite file: its layout's version, its one writer, its readers, and what its errors mean.

Knows nothing of readings. A commit that returned survives a power cut (WAL, synchronous=FULL).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from collector.errors import StateError, UnreachableError

BUSY_TIMEOUT_S = 5.0
CHECKPOINT_BYTES = 8_000_000
"""How long the log grows before its pages go to the file: one that changes often goes once."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds; `mark` tells it from the files of other programs and other purposes."""

    name: str
    mark: int
    version: int
    statements: tuple[str, ...]
    page_size: int = 4_096
    """Small pages cost a memory card less where single rows change."""
    oldest: int | None = None
    """The oldest version whose rows are still understood: such a file is taken over as it is."""


class SqliteFile:
    """Keep one writing connection, and reading ones for as many threads as ask at once.

    Other processes may use the same file: they read beside the writer and wait for each other's
    commits.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        """Open the file, or make it; raise StateError when it cannot be used as it is."""
        self._path, self._layout = path, layout
        self._write_lock, self._pool_lock = Lock(), Lock()
        self._readers: list[sqlite3.Connection] = []
        self._is_closed = False
        self._writer: sqlite3.Connection | None = self._open()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the writer inside a transaction that is durable when the block was left.

        Whatever is raised inside undoes all of it.
        """
        with self._write_lock, self._translated("write"):
            database = self._writer or self._connect()
            self._writer = None
            try:
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")
            except BaseException:
                # After a failed fsync the connection may believe pages that never reached the disk.
                database.close()
                raise
            self._writer = database

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees what is committed."""
        with self._translated("read"):
            database = self._borrow()
            try:
                yield database
            finally:
                self._give_back(database)

    def close(self) -> None:
        """Let go of the file."""
        with self._write_lock, self._pool_lock:
            self._is_closed = True
            for database in [*self._readers, *([self._writer] if self._writer else [])]:
                database.close()
            self._readers, self._writer = [], None

    def _borrow(self) -> sqlite3.Connection:
        with self._pool_lock:
            if self._readers:
                return self._readers.pop()
        database = self._connect()
        database.execute("PRAGMA query_only=ON")
        return database

    def _give_back(self, database: sqlite3.Connection) -> None:
        with self._pool_lock:
            if not self._is_closed:
                self._readers.append(database)
                return
        database.close()

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            database = self._connect()
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
        try:
            self._prepare(database)
        except BaseException as error:
            database.close()
            if isinstance(error, sqlite3.Error):
                raise self._unusable(error) from error
            raise
        return database

    def _connect(self) -> sqlite3.Connection:
        # The locks above see to it that no two threads use one connection at once.
        database = sqlite3.connect(
            self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            database.execute("PRAGMA synchronous=FULL")
            database.execute(
                f"PRAGMA wal_autocheckpoint={CHECKPOINT_BYTES // self._layout.page_size}"
            )
        except BaseException:
            database.close()
            raise
        return database

    def _prepare(self, database: sqlite3.Connection) -> None:
        database.execute(f"PRAGMA page_size={self._layout.page_size}")
        if not self._is_ready(database):
            database.execute("BEGIN IMMEDIATE")
            # Another process may have been quicker.
            if not self._is_ready(database):
                self._lay_out(database)
            database.execute("COMMIT")
        database.execute("PRAGMA journal_mode=WAL")

    def _lay_out(self, database: sqlite3.Connection) -> None:
        for statement in self._layout.statements:
            database.execute(statement)
        database.execute(f"PRAGMA application_id={self._layout.mark}")
        database.execute(f"PRAGMA user_version={self._layout.version}")

    def _is_ready(self, database: sqlite3.Connection) -> bool:
        # Tables first: whoever makes them commits them together with the mark and the version.
        (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            return False
        (mark,) = database.execute("PRAGMA application_id").fetchone()
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if mark != self._layout.mark:
            raise StateError(
                f"{self._path} is a database of something else, not the {self._layout.name};"
                " set another path, nothing was changed"
            )
        if version > self._layout.version:
            raise StateError(
                f"{self._layout.name} {self._path} has version {version}, this program knows up to"
                f" {self._layout.version}; install the newer program again, nothing was changed"
            )
        if (
            self._layout.oldest is not None
            and self._layout.oldest <= version < self._layout.version
        ):
            database.execute(f"PRAGMA user_version={self._layout.version}")
            return True
        if version < self._layout.version:
            raise StateError(
                f"{self._layout.name} {self._path} has version {version}, this program writes"
                f" version {self._layout.version}; move the file aside and start again, or install"
                " the program that made it; nothing was changed"
            )
        return True

    def _unusable(self, error: Exception) -> StateError:
        return StateError(
            f"{self._layout.name} {self._path} cannot be used ({error});"
            " make its folder writable for this user, free disk space, or restore a backup"
        )

    @contextmanager
    def _translated(self, verb: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise UnreachableError(
                f"{self._layout.name} {self._path}: cannot {verb} now ({error});"
                " nothing was stored; free disk space, check the card and the folder's permissions"
            ) from error
        except sqlite3.DatabaseError as error:
            raise StateError(
                f"{self._layout.name} {self._path}: cannot {verb} ({error});"
                " put the file aside and restore a backup"
            ) from error
