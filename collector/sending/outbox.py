"""Accepted readings, kept until the store has them.

A reading is accepted when the commit of `accept` returned; from then on only the watermark of the
store removes it. One commit is one compressed row. Readings of a clock that nobody has set are held
until their true time is known. This module knows nothing of MQTT.
"""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from collector.reading import Reading, tell
from collector.sending import columns
from collector.sqlite_file import Layout, SqliteFile

MOST_READINGS = 500
"""How many one row holds: bounds what is unpacked to send one of them."""


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
        self._lock = Lock()
        self._unpacked: list[Kept] = []
        self._confirmed = self._pruned = int(self._meta("pruned_seq"))
        self._first_held = self._find_first_held()

    @property
    def last_seq(self) -> int:
        """Return the highest number given so far, 0 before the first."""
        return int(self._meta("last_seq"))

    @property
    def pruned_seq(self) -> int:
        """Return the number up to which the store is known to have everything."""
        return max(int(self._meta("pruned_seq")), self._confirmed)

    def accept(self, readings: Sequence[Reading]) -> range:
        """Keep readings in one durable commit and return their numbers.

        What the store has confirmed goes in the same commit. Raises UnreachableError when the disk
        refuses; then none of the readings is accepted.
        """
        confirmed = self._confirmed
        with self._file.writing() as database:
            (last,) = database.execute("SELECT value FROM meta WHERE name='last_seq'").fetchone()
            numbers = range(last + 1, last + 1 + len(readings))
            if confirmed > self._pruned:
                _forget(database, confirmed)
            groups = [
                _insert(database, numbers.start + start, readings[start : start + MOST_READINGS])
                for start in range(0, len(readings), MOST_READINGS)
            ]
            database.execute("UPDATE meta SET value=? WHERE name='last_seq'", (numbers.stop - 1,))
        self._pruned = max(self._pruned, confirmed)
        is_trusted = all(one.trusted for one in readings)
        with self._lock:
            # They are sent next as they are; held ones still get their true time.
            self._unpacked = groups[-1] if groups and is_trusted else []
        if self._first_held is None and not is_trusted:
            self._first_held = numbers.start
        return numbers

    def kept(self, after: int, up_to: int, limit: int) -> list[Kept]:
        """Return readings numbered in (after, up_to], oldest first; none from the first held on."""
        after = max(after, self._confirmed)
        if self._first_held is not None:
            up_to = min(up_to, self._first_held - 1)
        found: list[Kept] = []
        while len(found) < limit and after < up_to:
            group = self._group_after(after)
            if not group or group[0].seq > up_to:
                break
            found += [one for one in group if after < one.seq <= up_to]
            after = group[-1].seq
        return found[:limit]

    def newest_at(self) -> datetime:
        """Return when the newest kept reading with a true time was taken; 1970 if none is."""
        with self._file.reading() as database:
            groups = database.execute(
                "SELECT first_seq, body FROM groups WHERE boot IS NULL ORDER BY last_seq DESC"
            )
            for group in groups:
                for kept in reversed(_unpack(*group)):
                    said = json.loads(kept.content)
                    # What was released of an earlier boot has a time that nobody knows.
                    if said["trusted"]:
                        return datetime.fromisoformat(said["taken_at"])
        return _EPOCH

    def confirm(self, seq: int) -> None:
        """Take the store's watermark; it reaches the disk with the next commit."""
        self._confirmed = max(self._confirmed, seq)

    def prune(self, seq: int) -> int:
        """Forget everything up to a watermark now; return how many readings that were."""
        before = self._pruned
        self.confirm(seq)
        with self._file.writing() as database:
            _forget(database, self._confirmed)
        self._pruned = self._confirmed
        return max(self._pruned - before, 0)

    def holds(self) -> bool:
        """Say whether readings of an untrusted clock wait for their true time."""
        return self._first_held is not None

    def release(self, boot: str, offset_ms: int) -> int:
        """Let held readings go, in one commit; return how many got their true time.

        Readings of this boot were taken `offset_ms` beyond their monotonic time. Those of an
        earlier boot keep the time they were given and stay untrusted: nobody can know it.
        """
        first_held = self._first_held
        try:
            restored = self._release(boot, offset_ms)
        except BaseException:
            self._first_held = first_held
            raise
        with self._lock:
            self._unpacked = []
        return restored

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _release(self, boot: str, offset_ms: int) -> int:
        restored = 0
        with self._file.writing() as database:
            held = database.execute(
                "SELECT first_seq, last_seq, boot, body FROM groups WHERE boot IS NOT NULL"
            ).fetchall()
            for first_seq, last_seq, held_boot, body in held:
                if held_boot == boot:
                    body, count = _restore(body, offset_ms)  # noqa: PLW2901  the same row's text
                    restored += count
                database.execute(
                    "UPDATE groups SET boot=NULL, body=? WHERE first_seq=? AND last_seq=?",
                    (body, first_seq, last_seq),
                )
            # Before the commit: what another thread accepts right behind it is held again.
            self._first_held = None
        return restored

    def _group_after(self, after: int) -> list[Kept]:
        """Return the group that holds the number after `after`, or the next one there is."""
        with self._lock:
            held = self._unpacked
            if held and held[0].seq <= after + 1 <= held[-1].seq:
                return held
            with self._file.reading() as database:
                row = database.execute(
                    "SELECT first_seq, body FROM groups WHERE last_seq > ?"
                    " ORDER BY last_seq LIMIT 1",
                    (after,),
                ).fetchone()
            self._unpacked = _unpack(*row) if row else []
            return self._unpacked

    def _find_first_held(self) -> int | None:
        with self._file.reading() as database:
            row = database.execute(
                "SELECT min(first_seq) FROM groups WHERE boot IS NOT NULL"
            ).fetchone()
        first: int | None = row[0]
        return first

    def _meta(self, name: str) -> str | int:
        with self._file.reading() as database:
            row = database.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        value: str | int = row[0]
        return value


def _forget(database: sqlite3.Connection, seq: int) -> None:
    database.execute("DELETE FROM groups WHERE last_seq <= ?", (seq,))
    database.execute("UPDATE meta SET value=max(value, ?) WHERE name='pruned_seq'", (seq,))


def _insert(
    database: sqlite3.Connection, first_seq: int, readings: Sequence[Reading]
) -> list[Kept]:
    told = [(one.device, tell(one)) for one in readings]
    kept = [Kept(seq, device, one.content) for seq, (device, one) in enumerate(told, first_seq)]
    untrusted = next((one.boot for one in readings if not one.trusted), None)
    database.execute(
        "INSERT INTO groups VALUES (?, ?, ?, ?, ?)",
        (kept[-1].seq, first_seq, len(kept), untrusted, columns.pack(told)),
    )
    return kept


def _unpack(first_seq: int, body: bytes) -> list[Kept]:
    return [Kept(seq, *line) for seq, line in enumerate(columns.unpack(body), first_seq)]


def _restore(body: bytes, offset_ms: int) -> tuple[bytes, int]:
    """Give the untrusted readings of a group their true time; return how many those were."""
    readings = [_read(device, content) for device, content in columns.unpack(body)]
    restored = [one if one.trusted else _restored(one, offset_ms) for one in readings]
    packed = columns.pack((one.device, tell(one)) for one in restored)
    return packed, sum(not one.trusted for one in readings)


def _read(device: str, content: str) -> Reading:
    said: dict[str, Any] = json.loads(content, parse_float=Decimal)
    taken_at = datetime.fromisoformat(said["taken_at"])
    clock = said["boot"], said["mono_ms"], said["trusted"]
    return Reading(device, taken_at, said["q"], said["bad"], *clock)


def _restored(reading: Reading, offset_ms: int) -> Reading:
    taken_at = _EPOCH + timedelta(milliseconds=reading.mono_ms + offset_ms)
    return replace(reading, taken_at=taken_at, trusted=True)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _layout() -> Layout:
    return Layout(
        name="outbox",
        mark=0x4D4F7574,
        version=3,
        oldest=2,
        statements=(
            "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID",
            """CREATE TABLE groups (
                 last_seq INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, count INTEGER NOT NULL,
                 boot TEXT, body BLOB NOT NULL)""",
            f"INSERT INTO meta VALUES ('epoch', '{secrets.token_hex(8)}')",  # noqa: S608  ours
            "INSERT INTO meta VALUES ('last_seq', 0), ('pruned_seq', 0)",
        ),
        page_size=512,
    )
