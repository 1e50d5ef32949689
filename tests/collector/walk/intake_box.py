"""The machine that runs ingest: the real parts, wired as the service wires them."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from collector.ingest_service import _latest_now
from collector.intake.ingest import Ingest
from collector.intake.journal import Journal
from collector.mqtt import Message
from collector.reading import Identity
from collector.topics import INGEST_FILTERS, ack_topic
from tests.collector.walk.broker import Broker
from tests.collector.walk.files import ask, copy_as_it_is, cut_power_during
from tests.collector.walk.storage import KilledError, Storage, StoreDoor, Trouble
from tests.collector.walk.times import BoxClock, TrueTime
from tests.collector.walk.truth import Stored, Truth


@dataclass
class IntakeBox:
    """Ingest with its journal and its store, from one start to the next."""

    home: Path
    storage: Storage
    broker: Broker
    time: TrueTime
    truth: Truth
    starts: int = 0
    door: StoreDoor = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.home / "ingest-0"
        self.folder.mkdir(parents=True)
        self.link = self.broker.link(*INGEST_FILTERS)
        self.link.on_connected = lambda: self._connected.append(None)
        self._connected: list[None] = []
        self.clock = BoxClock(self.time, self.time.at_ms)
        self._start(None)

    def work(self, count: int, acknowledged: int | None = None) -> None:
        """Do one round of the service's loop with so many messages.

        With `acknowledged`, no more than so many watermarks are published.
        """
        if self._connected:
            self._connected.clear()
            self._publish()
        messages = self.link.waiting[:count]
        del self.link.waiting[: len(messages)]
        if messages:
            self._handle(messages, acknowledged)

    def remember(self) -> None:
        self.ingest.remember()

    def kill(self) -> None:
        """End the process, and start it again."""
        self._go_on_with(lambda to: copy_as_it_is(self.folder, to))

    def cut_power(self, count: int, part: float, clock: BoxClock) -> None:
        """Cut the power while a batch is written; the machine comes back with another clock."""
        messages = self.link.waiting[:count]

        def write() -> None:
            with suppress(KilledError):
                self.ingest.take(messages)

        self.clock = clock
        self._go_on_with(lambda to: cut_power_during(self.folder, to, write, part))

    def stored(self) -> Stored:
        """Return what is durable in the store."""
        return self.storage.stored(self.folder)

    def quarantined(self) -> set[Identity]:
        """Return the numbers of good readings that are durable in quarantine, as identities."""
        found = set(ask(self.folder / "journal.sqlite", _QUARANTINED))
        return {one for one in self.truth.accepted if (one.collector, one.epoch, one.seq) in found}

    def close(self) -> None:
        self.journal.close()
        self.door.close()

    def _start(self, trouble: Trouble | None) -> None:
        self.journal = Journal(self.folder / "journal.sqlite")
        self.door = StoreDoor(self.storage.open(self.folder), trouble)
        now = partial(_latest_now, self.clock, self.clock)
        self.ingest = Ingest(self.door, self.journal, now)

    def _go_on_with(self, copy: Callable[[Path], object]) -> None:
        """Start again on a copy of the files; what the old process had in memory is gone."""
        self.starts += 1
        found, left = self.home / f"ingest-{self.starts}", self.folder
        copy(found)
        self.link.cut()
        self.close()
        shutil.rmtree(left)
        self.folder = found
        self._start(self.door.trouble if self.door.trouble is Trouble.DOWN else None)

    def _handle(self, messages: Sequence[Message], acknowledged: int | None) -> None:
        try:
            told = self.ingest.take(messages)
        except KilledError:
            self.kill()
            return
        for one in told[:acknowledged]:
            self._acknowledge(one.collector, one.epoch, one.seq, one.payload())

    def _publish(self) -> None:
        for one in self.ingest.watermarks():
            self._acknowledge(one.collector, one.epoch, one.seq, one.payload())

    def _acknowledge(self, collector: str, epoch: str, seq: int, payload: str) -> None:
        handled = {one.seq for one, _ in self.stored() if one.epoch == epoch}
        found = ask(self.folder / "journal.sqlite", _QUARANTINED)
        handled |= {number for _, other, number in found if other == epoch}
        self.truth.check_watermark((collector, epoch), seq, handled)
        self.link.publish(ack_topic(collector), payload, retain=True)


_QUARANTINED = "SELECT collector, epoch, seq FROM quarantine WHERE seq IS NOT NULL"
