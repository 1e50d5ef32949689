"""The stores of a walk: the real ones behind a door that fails on request, and what they hold."""

import bz2
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from collector.errors import UnreachableError
from collector.reading import AcceptedReading, Identity, dump_content
from collector.store_settings import InfluxSettings, SqliteSettings
from collector.stores import Edge, LastReading, ReadingStore, SlotChanges, WriteResult
from collector.stores.influx import InfluxStore
from collector.stores.sqlite import SqliteStore
from tests.collector.stores.fake_influx import FakeInflux
from tests.collector.walk.files import ask
from tests.collector.walk.truth import Stored


class KilledError(Exception):
    """The process ended here; nothing of ours may catch this."""


class Trouble(Enum):
    """What happens to the next write, or until somebody mends it."""

    DOWN = auto()
    """It refuses until it is mended."""
    NO_ANSWER = auto()
    """It stores, and nobody is told."""
    KILL_BEFORE = auto()
    """The process ends before the commit."""
    KILL_AFTER = auto()
    """The process ends after the commit."""


@dataclass
class StoreDoor:
    """A real store that fails as it is told."""

    store: ReadingStore
    trouble: Trouble | None = None

    def write(self, readings: Sequence[AcceptedReading]) -> WriteResult:
        if self.trouble is Trouble.DOWN:
            raise UnreachableError("the store does not answer")
        if self.trouble is Trouble.KILL_BEFORE:
            raise KilledError
        result = self.store.write(readings)
        trouble, self.trouble = self.trouble, None
        if trouble is Trouble.KILL_AFTER:
            raise KilledError
        if trouble is Trouble.NO_ANSWER:
            raise UnreachableError("the store's answer did not come")
        return result

    def stored_seqs(self, collector: str, epoch: str, above: int) -> Iterator[int]:
        return self.store.stored_seqs(collector, epoch, above)

    def readings(self, device: str, start: datetime, end: datetime) -> Iterator[AcceptedReading]:
        return self.store.readings(device, start, end)

    def last(self, devices: Sequence[str]) -> Mapping[str, LastReading]:
        return self.store.last(devices)

    def edges(
        self, counters: Sequence[tuple[str, str]], start: datetime, end: datetime
    ) -> Mapping[tuple[str, str], Sequence[Edge]]:
        return self.store.edges(counters, start, end)

    def changed_slots(self, after_version: int, limit: int = 10_000) -> SlotChanges:
        return self.store.changed_slots(after_version, limit)

    def close(self) -> None:
        self.store.close()


class Storage(Protocol):
    """One kind of store, for the judge."""

    name: str

    def answer_badly(self) -> None:
        """Let the next write be done, and answered with an error."""
        ...

    def mend(self) -> None:
        """Let all answers be right again."""
        ...

    def empty(self) -> None:
        """Forget everything that lies outside the folder."""
        ...

    def open(self, folder: Path) -> ReadingStore:
        """Open the real store."""
        ...

    def stored(self, folder: Path) -> Stored:
        """Return what is durable, one by one, without asking the store's own code."""
        ...

    def said(self, store: ReadingStore, devices: Sequence[str], stored: Stored) -> Stored:
        """Return what the store's own code says it has."""
        ...


class SqliteStorage:
    """The embedded store."""

    name = "sqlite"

    def empty(self) -> None:
        """Nothing lies outside the folder."""

    def answer_badly(self) -> None:
        """Nobody is asked."""

    def mend(self) -> None:
        """Nothing is broken."""

    def open(self, folder: Path) -> ReadingStore:
        return SqliteStore(SqliteSettings(path=folder / "readings.sqlite"))

    def stored(self, folder: Path) -> Stored:
        found = []
        for collector, epoch, body in ask(folder / "readings.sqlite", _BATCHES):
            for line in bz2.decompress(body).decode().split("\n"):
                seq, device, content = line.split("\t", 2)
                found.append((Identity(collector, epoch, device, int(seq)), content))
        return found

    def said(self, store: ReadingStore, devices: Sequence[str], stored: Stored) -> Stored:  # noqa: ARG002  it can be asked
        return [
            (one.identity, dump_content(one.reading))
            for device in devices
            for one in store.readings(device, *EVER)
        ]


@dataclass
class InfluxStorage:
    """InfluxDB's double with the real client and the real index."""

    influx: FakeInflux
    token_file: Path
    name: str = "influxdb"
    points: dict[str, tuple[Identity, str]] = field(default_factory=dict)
    read: int = 0

    def empty(self) -> None:
        self.mend()
        self.influx.writes.clear()
        self.points, self.read = {}, 0

    def answer_badly(self) -> None:
        self.influx.answers.append((503, "{}"))

    def mend(self) -> None:
        self.influx.answers.clear()

    def open(self, folder: Path) -> ReadingStore:
        return InfluxStore(
            InfluxSettings(
                url=self.influx.url,
                bucket="readings",
                token_file=self.token_file,
                index=folder / "index.sqlite",
            )
        )

    def stored(self, folder: Path) -> Stored:  # noqa: ARG002  InfluxDB lies elsewhere
        # What came in is there, whatever was answered.
        for body in self.influx.writes[self.read :]:
            for line in body.decode().split("\n"):
                series, _, rest = line.partition(" ")
                fields, _, time_ns = rest.rpartition(" ")
                # Two points of one series and one time are one point: the later one.
                self.points[f"{series} {time_ns}"] = _read_point(series, fields)
        self.read = len(self.influx.writes)
        return list(self.points.values())

    def said(self, store: ReadingStore, devices: Sequence[str], stored: Stored) -> Stored:  # noqa: ARG002  the double answers no queries
        return stored


EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
_BATCHES = "SELECT collector, epoch, body FROM batches JOIN streams ON streams.id = stream"
_CONTENT = ("taken_at", "boot", "mono_ms", "trusted", "q", "bad")


def _read_point(series: str, fields: str) -> tuple[Identity, str]:
    tags = dict(one.split("=") for one in series.split(",")[1:])
    quoted = fields.partition('message="')[2].rpartition('"')[0]
    said = json.loads(quoted.replace('\\"', '"').replace("\\\\", "\\"))
    content = json.dumps({name: said[name] for name in _CONTENT}, separators=(",", ":"))
    return Identity(tags["collector"], tags["epoch"], tags["device"], said["seq"]), content
