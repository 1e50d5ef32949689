"""The embedded store: readings, edges and changes in one SQLite file.

Nothing else runs for it. The pages read the same file from their own process while ingest writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from collector.reading import AcceptedReading, Identity, dump_content
from collector.sqlite_file import Layout, SqliteFile
from collector.store_settings import SqliteSettings
from collector.stores import batches, slot_edges
from collector.stores.content import first_millisecond, parse_content
from collector.stores.protocol import Counter, EdgeRow, LastReading, SlotChanges, WriteResult

LAYOUT = Layout(
    name="store of readings",
    mark=0x4D5F5244,
    version=2,
    statements=(*batches.TABLES, *slot_edges.TABLES),
    page_size=512,
)


class SqliteStore:
    """Keep readings in one file; see `ReadingStore` for what each method promises."""

    def __init__(self, settings: SqliteSettings) -> None:
        """Open or make the file."""
        self._file = SqliteFile(settings.path, LAYOUT)

    def write(self, readings: Sequence[AcceptedReading]) -> WriteResult:
        """Store a batch in one durable commit."""
        contents = [dump_content(one.reading) for one in readings]
        with self._file.writing() as database:
            outcome = batches.insert_new(database, readings, contents)
            slot_edges.update_edges(database, [readings[position] for position in outcome.new])
        return outcome.result(readings)

    def readings(self, device: str, start: datetime, end: datetime) -> Iterator[AcceptedReading]:
        """Yield a device's readings of [start, end) by (taken_at, seq)."""
        span = (first_millisecond(start), first_millisecond(end))
        with self._file.reading() as database:
            for kept in batches.read_range(database, device, *span):
                yield _unpacked(kept)

    def last(self, devices: Sequence[str]) -> Mapping[str, LastReading]:
        """Return the newest reading of each device that has one."""
        with self._file.reading() as database:
            newest = batches.read_newest(database, devices)
        found = {device: _unpacked(kept) for device, kept in newest.items()}
        return {device: LastReading(one.identity, one.reading) for device, one in found.items()}

    def edges(
        self, counters: Sequence[Counter], start: datetime, end: datetime
    ) -> Mapping[Counter, Sequence[EdgeRow]]:
        """Return each counter's edges of the slots in [start, end) and the nearest around them."""
        with self._file.reading() as database:
            return slot_edges.read_edges(database, counters, start, end)

    def changed_slots(self, after_version: int, limit: int = 10_000) -> SlotChanges:
        """Return slots that got samples after a version."""
        with self._file.reading() as database:
            return slot_edges.read_changed_slots(database, after_version, limit)

    def stored_seqs(self, collector: str, epoch: str, above: int) -> Iterator[int]:
        """Yield the sequence numbers stored above `above`, ascending."""
        with self._file.reading() as database:
            yield from batches.read_stored_seqs(database, collector, epoch, above)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _unpacked(kept: batches.Kept) -> AcceptedReading:
    packed = kept.packed
    return parse_content(
        Identity(kept.collector, kept.epoch, packed.device, packed.seq), packed.content
    )
