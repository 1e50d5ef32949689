"""Accepted readings, kept until the store has them.

A reading is accepted when the commit of `accept` returned; from then on only the watermark of the
store removes it. This module knows nothing of MQTT: it keeps, numbers, gives back and prunes.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from collector.reading import Reading, dump_content
from collector.sqlite_file import Layout, SqliteFile


class Kept(NamedTuple):
    """One accepted reading as it lies in the outbox."""

    seq: int
    device: str
    content: str


class Outbox:
    """Keep accepted readings in one SQLite file with one writer."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; its epoch is made with it, so that numbers are never reused."""
        self._file = SqliteFile(path, _layout())
        self.epoch = str(self._meta("epoch"))

    @property
    def last_seq(self) -> int:
        """Return the highest number given so far, 0 before the first."""
        return int(self._meta("last_seq"))

    @property
    def pruned_seq(self) -> int:
        """Return the number up to which the store is known to have everything."""
        return int(self._meta("pruned_seq"))

    def accept(self, readings: Sequence[Reading]) -> range:
        """Keep one cycle's readings in one durable commit and return their numbers.

        Raises UnreachableError when the disk refuses; then none of them is accepted.
        """
        rows = [(reading.device, dump_content(reading)) for reading in readings]
        with self._file.writing() as database:
            (last,) = database.execute("SELECT value FROM meta WHERE name='last_seq'").fetchone()
            numbers = range(last + 1, last + 1 + len(rows))
            database.executemany(
                "INSERT INTO kept VALUES (?, ?, ?)",
                [(seq, *row) for seq, row in zip(numbers, rows, strict=True)],
            )
            database.execute("UPDATE meta SET value=? WHERE name='last_seq'", (numbers.stop - 1,))
        return numbers

    def kept(self, after: int, up_to: int, limit: int) -> list[Kept]:
        """Return readings numbered in (after, up_to], oldest first."""
        with self._file.reading() as database:
            rows = database.execute(
                "SELECT seq, device, content FROM kept WHERE seq > ? AND seq <= ?"
                " ORDER BY seq LIMIT ?",
                (after, up_to, limit),
            ).fetchall()
        return [Kept(*row) for row in rows]

    def prune(self, seq: int) -> int:
        """Forget everything up to a watermark of the store; return how many readings that were."""
        with self._file.writing() as database:
            removed = database.execute("DELETE FROM kept WHERE seq <= ?", (seq,)).rowcount
            database.execute("UPDATE meta SET value=max(value, ?) WHERE name='pruned_seq'", (seq,))
        return removed

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _meta(self, name: str) -> str | int:
        with self._file.reading() as database:
            row = database.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        value: str | int = row[0]
        return value


def _layout() -> Layout:
    return Layout(
        name="outbox",
        mark=0x4D4F7574,
        version=1,
        statements=(
            "CREATE TABLE meta (name TEXT PRIMARY KEY, value)",
            "CREATE TABLE kept (seq INTEGER PRIMARY KEY, device TEXT NOT NULL, content TEXT)",
            f"INSERT INTO meta VALUES ('epoch', '{secrets.token_hex(8)}')",  # noqa: S608  ours
            "INSERT INTO meta VALUES ('last_seq', 0), ('pruned_seq', 0)",
        ),
    )
