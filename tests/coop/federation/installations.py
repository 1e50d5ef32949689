"""Small cooperatives in folders, each with file, readings and books; and one that gets stuck."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy import inspect, text

import coop.settling.settle
from collector.reading import AcceptedReading, Identity, Reading
from collector.stores import ReadingStore
from coop.database.opening import open_database
from coop.members.example import ExampleHome, ExamplePlan, ExampleRoof, create_example
from coop.metering.readings import Counter
from minga import Front
from tests.faults.processes import wait_until

BEGIN = datetime(2026, 3, 30, 5, tzinfo=UTC)
"""Two days of March, and one of April."""
SLOTS = 3 * 96
NOW = BEGIN + SLOTS * timedelta(minutes=15) + timedelta(minutes=2)
HOMES = ("h1", "h2", "h3")


def found(folder: Path, place: int) -> Front:
    """Make an installation; its energy differs from that of the others."""
    folder.mkdir(parents=True)
    front = Front(folder / "minga.toml")
    front.config.write_text(
        f'[coop]\nid = "coop-{place}"\ndatabase = "books.sqlite"\n'
        '[sqlite]\npath = "readings.sqlite"\n',
        encoding="utf-8",
    )
    store = front.open_store()
    store.write(list(_readings(place)))
    store.close()
    with open_database(front.coop()) as database:
        homes = [ExampleHome(one, (one, "import_energy_total")) for one in HOMES]
        roofs = [ExampleRoof("school", "School", ("roof", "energy_total"))]
        create_example(database, homes, roofs, ExamplePlan(int(BEGIN.timestamp())))
    return front


def books(front: Front) -> Mapping[str, list[Any]]:
    """Return every row of every table."""
    with open_database(front.coop()) as database, database.reading() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608  our own names
            for table in sorted(inspect(connection).get_table_names())
            if table != "settle_state"
        }


def _readings(place: int) -> Iterable[AcceptedReading]:
    for border in range(SLOTS + 1):
        taken_at = BEGIN + border * timedelta(minutes=15)
        for step, device in enumerate(("roof", *HOMES)):
            quantity = "import_energy_total" if step else "energy_total"
            wh = border * (70 + 11 * place - 17 * step) + border % 7
            reading = Reading(device, taken_at, {quantity: wh}, {}, "boot", border)
            yield AcceptedReading(Identity("c", "e", device, border * 10 + step), reading)


class StuckStore:
    """Reads as a store does, until the third chunk of the first worker: there it stays."""

    def __init__(self, store: ReadingStore, pid_file: Path) -> None:
        self._store = store
        self._pid_file = pid_file
        self._calls = 0
        self._is_first = not pid_file.exists()

    def edges(
        self, counters: Sequence[Counter], start: datetime, end: datetime
    ) -> Mapping[Counter, Sequence[Any]]:
        self._calls += 1
        if self._is_first and self._calls == 4:
            self._pid_file.write_text(str(os.getpid()), encoding="utf-8")
            wait_until(lambda: False, "this worker is killed")
        return self._store.edges(counters, start, end)

    def changed_slots(self, after_version: int, limit: int = 10_000) -> Any:  # noqa: ANN401  handed through
        return self._store.changed_slots(after_version, limit)

    def close(self) -> None:
        self._store.close()


class StuckFront(Front):
    """Opens a store that gets stuck, and settles in small chunks."""

    def at(self, config: Path) -> Self:
        return type(self)(config)

    def open_store(self) -> Any:  # noqa: ANN401  what a settler needs of a store
        coop.settling.settle.CHUNK_SLOTS = 40
        return StuckStore(super().open_store(), self.config.parent / "worker.pid")
