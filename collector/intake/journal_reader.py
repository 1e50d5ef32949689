"""Looks into ingest's journal from another process: what is in quarantine, how far outboxes are.

It never writes, and makes no file: where there is no journal, nothing is known.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from collector.errors import UnreachableError
from collector.intake.journal import Handled
from collector.intake.reasons import RefusalKind, kind_of

WAIT_S = 1.0


class KindCount(NamedTuple):
    """How much is in quarantine for one kind of reason."""

    kind: RefusalKind
    messages: int
    times: int
    last_at: str


class KeptAside(NamedTuple):
    """One refused message, as it came, and how often."""

    id: int
    first_at: str
    last_at: str
    times: int
    reason: str
    topic: str
    size: int
    payload: bytes
    """Its beginning."""


class JournalReader:
    """Answer what ingest refused and how far it came; safe to share between threads."""

    def __init__(self, path: Path, shown_bytes: int = 2_000) -> None:
        self._path = path
        self._shown_bytes = shown_bytes

    def is_there(self) -> bool:
        """Say whether ingest keeps its journal on this machine."""
        return self._path.exists()

    def kinds(self) -> list[KindCount]:
        """Return how much was refused by kind, the newest first."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT kind(reason), sum(messages), sum(times), max(last_at) FROM ("
                "SELECT reason, count(*) AS messages, sum(times) AS times, max(last_at) AS last_at"
                " FROM quarantine GROUP BY reason) GROUP BY 1 ORDER BY 4 DESC"
            ).fetchall()
        return [KindCount(RefusalKind(row[0]), *row[1:]) for row in rows]

    def kept_aside(
        self, kind: RefusalKind | None, before_id: int | None, limit: int
    ) -> list[KeptAside]:
        """Return what was refused, newest first, from below an id on; of one kind if asked."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT id, first_at, last_at, times, reason, topic, length(payload),"
                " substr(payload, 1, ?) FROM quarantine"
                " WHERE (? IS NULL OR id < ?) AND (? IS NULL OR kind(reason) = ?)"
                " ORDER BY id DESC LIMIT ?",
                (self._shown_bytes, before_id, before_id, kind, kind, limit),
            ).fetchall()
        return [KeptAside(*row) for row in rows]

    def handled(self) -> Sequence[Handled]:
        """Return how far the newest outbox of each collector was handled when last written down."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT collector, epoch, seq FROM handled ORDER BY turn"
            ).fetchall()
        return list({row[0]: Handled(*row) for row in rows}.values())

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        address = f"{self._path.resolve().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(address, uri=True, timeout=WAIT_S)) as database:
                database.create_function("kind", 1, kind_of, deterministic=True)
                yield database
        except sqlite3.Error as error:
            raise UnreachableError(
                f"journal {self._path} cannot be read ({error}); check that ingest runs on this"
                " machine and that its folder may be read"
            ) from error
