"""What InfluxDB cannot say: which identities it has, with which value, and the slots' edges.

One SQLite file beside InfluxDB. It holds nothing that the points do not hold too, so a lost file is
made again from them.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from collector.reading import AcceptedReading, Identity, milliseconds
from collector.sqlite_file import Layout, SqliteFile
from collector.stores import identities, slot_edges
from collector.stores.content import parse_content
from collector.stores.identities import Outcome
from collector.stores.points import SEQS_PER_MS
from collector.stores.protocol import Counter, EdgeRow, LastReading, SlotChanges

LAYOUT = Layout(
    name="index beside InfluxDB",
    mark=0x4D5F4958,
    version=2,
    statements=(
        *identities.TABLES,
        # InfluxDB merges two points of one time: the second one must not get there.
        f"""CREATE UNIQUE INDEX readings_point
             ON readings (stream, device, taken_ms, seq % {SEQS_PER_MS})""",
        *slot_edges.TABLES,
        """CREATE TABLE newest (
             device TEXT PRIMARY KEY, taken_ms INTEGER NOT NULL, seq INTEGER NOT NULL,
             collector TEXT NOT NULL, epoch TEXT NOT NULL, content TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE TABLE completed (is_complete INTEGER NOT NULL)",
        "INSERT INTO completed VALUES (0)",
    ),
)


class Index:
    """Keep the index in one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._file = SqliteFile(path, LAYOUT)

    def is_complete(self) -> bool:
        """Say whether the index knows all points; one just made does not."""
        with self._file.reading() as database:
            (is_complete,) = database.execute("SELECT is_complete FROM completed").fetchone()
        return bool(is_complete)

    def mark_complete(self) -> None:
        """Take note that all points are known."""
        with self._file.writing() as database:
            database.execute("UPDATE completed SET is_complete = 1")

    @contextmanager
    def storing(
        self, readings: Sequence[AcceptedReading], contents: Sequence[str]
    ) -> Iterator[Outcome]:
        """Take a batch in and say what is new of it; durable when the block was left.

        The points are written inside the block: when that fails, the index forgets the batch.
        """
        with self._file.writing() as database:
            outcome = identities.insert_new(database, readings, [_digest(one) for one in contents])
            slot_edges.update_edges(database, [readings[position] for position in outcome.new])
            database.executemany(_NEWER, _newest_of(readings, contents, outcome.new))
            yield outcome

    def last(self, devices: Sequence[str]) -> Mapping[str, LastReading]:
        """Return the newest reading of each device that has one."""
        newest: dict[str, LastReading] = {}
        with self._file.reading() as database:
            for device in devices:
                for collector, epoch, seq, content in database.execute(_NEWEST, (device,)):
                    found = parse_content(Identity(collector, epoch, device, seq), content)
                    newest[device] = LastReading(found.identity, found.reading)
        return newest

    def edges(
        self, counters: Sequence[Counter], start: datetime, end: datetime
    ) -> Mapping[Counter, Sequence[EdgeRow]]:
        """Return each counter's edges of the slots in [start, end) and the nearest around them."""
        with self._file.reading() as database:
            return slot_edges.read_edges(database, counters, start, end)

    def changed_slots(self, after_version: int, limit: int) -> SlotChanges:
        """Return slots that got samples after a version."""
        with self._file.reading() as database:
            return slot_edges.read_changed_slots(database, after_version, limit)

    def stored_seqs(self, collector: str, epoch: str, above: int) -> Iterator[int]:
        """Yield the sequence numbers stored above `above`, ascending."""
        with self._file.reading() as database:
            yield from identities.read_stored_seqs(database, collector, epoch, above)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


Newest = tuple[str, int, int, str, str, str]

_NEWER = """
INSERT INTO newest VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (device) DO UPDATE
SET taken_ms = excluded.taken_ms, seq = excluded.seq, collector = excluded.collector,
    epoch = excluded.epoch, content = excluded.content
WHERE (excluded.taken_ms, excluded.seq, excluded.collector, excluded.epoch)
    > (taken_ms, seq, collector, epoch)
"""
_NEWEST = "SELECT collector, epoch, seq, content FROM newest WHERE device = ?"


def _digest(content: str) -> bytes:
    return hashlib.sha256(content.encode()).digest()


def _newest_of(
    readings: Sequence[AcceptedReading], contents: Sequence[str], positions: Sequence[int]
) -> list[Newest]:
    newest: dict[str, Newest] = {}
    for position in positions:
        identity, reading = readings[position].identity, readings[position].reading
        row = (
            identity.device,
            milliseconds(reading.taken_at),
            identity.seq,
            identity.collector,
            identity.epoch,
            contents[position],
        )
        newest[identity.device] = max(newest.get(identity.device, row), row)
    return list(newest.values())
