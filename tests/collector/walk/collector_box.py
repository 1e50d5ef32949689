"""The machine that runs collect: the real parts, wired as the service wires them."""

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from collector.errors import NotAcceptedError, UnreachableError
from collector.moments import Moments
from collector.reading import Identity, Reading
from collector.sending.acceptance import Acceptance
from collector.sending.outbox import Outbox
from collector.sending.uplink import Uplink
from collector.topics import ack_topic
from tests.collector.walk.broker import Broker
from tests.collector.walk.files import ask, copy_as_it_is, cut_power_during
from tests.collector.walk.times import NOON_MS, TICK_MS, BoxClock, TrueTime
from tests.collector.walk.truth import Stored, Stream, Truth
from tests.outbox_body import read_body

GATHER_S = 60
COUNTER = "energy_total"
WH_A_TICK = 1


class CardOutbox(Outbox):
    """An outbox on a card that can be full."""

    is_full = False

    def accept(self, readings: Sequence[Reading]) -> range:
        self._need_room()
        return super().accept(readings)

    def prune(self, seq: int) -> int:
        self._need_room()
        return super().prune(seq)

    def release(self, boot: str, offset_ms: int) -> int:
        self._need_room()
        return super().release(boot, offset_ms)

    def _need_room(self) -> None:
        if self.is_full:
            raise UnreachableError("the card is full; nothing was stored")


@dataclass
class CollectorBox:
    """A collector with its devices, from one start of the machine to the next."""

    name: str
    devices: tuple[str, ...]
    home: Path
    broker: Broker
    time: TrueTime
    truth: Truth
    gathered: list[Reading] = field(default_factory=list)
    """What was measured and is not accepted yet, as the observer counts."""
    starts: int = 0
    boots: int = 1
    is_full: bool = False
    is_steady: bool = True
    """No trusted clock of it was ever set to a wrong time."""

    def __post_init__(self) -> None:
        self.folder = self.home / f"{self.name}-0"
        self.folder.mkdir(parents=True)
        self.link = self.broker.link(ack_topic(self.name))
        self.link.on_published = self._check_sent
        self.link.on_connected = lambda: self.uplink.on_connected()  # noqa: PLW0108  it comes later
        self.clock = BoxClock(self.time, self.time.at_ms)
        self._start()

    @property
    def stream(self) -> Stream:
        """Return which outbox this is."""
        return self.name, self.outbox.epoch

    def poll(self, devices: Sequence[str], *, trusted_from: int) -> None:
        """Measure once; the clock is set when so many devices were read."""
        readings = []
        for position, device in enumerate(devices):
            if position == trusted_from:
                self.clock.gain_trust()
            readings.append(self._measure(device))
        self.gathered += readings
        self._accept(lambda: self.acceptance.accept(readings))

    def flush(self) -> None:
        """Accept what was gathered."""
        self._accept(self.acceptance.flush)

    def send(self, steps: int) -> int:
        """Do rounds of the service's sending loop while there is work; return how many."""
        for step in range(steps):
            self._release()
            if not self.uplink.step():
                return step
        return steps

    def hear(self, count: int) -> None:
        """Take acknowledgements that wait at the broker."""
        messages = self.link.waiting[:count]
        del self.link.waiting[: len(messages)]
        for message in messages:
            self.uplink.on_acknowledged(message.payload)

    def kill(self) -> None:
        """End the process without goodbye; the machine goes on."""
        self._go_on_with(lambda to: copy_as_it_is(self.folder, to))

    def stop(self) -> None:
        """End the process as a steward does."""
        self.flush()
        self.uplink.farewell()
        self.kill()

    def cut_power(self, during: str, part: float, clock: BoxClock) -> None:
        """Cut the power during a commit; the machine comes back with another clock."""
        held, boot, offset_ms = self.outbox.holds(), self.moments.boot, self.clock.offset_ms
        writes = {"accept": self._flush_unheard, "release": self._release_unheard}
        write = writes.get(during, self.uplink.farewell)
        self._go_on_with(lambda to: cut_power_during(self.folder, to, write, part), clock)
        if held and not self.outbox.holds():
            self.truth.release(self.stream, boot, offset_ms)

    def replace_card(self, clock: BoxClock) -> None:
        """Start with an empty card: what the old outbox still had is gone."""
        self.truth.lose_card(self.stream)
        self.is_full = False
        self._go_on_with(Path.mkdir, clock)

    def set_full(self, *, is_full: bool) -> None:
        self.is_full = self.outbox.is_full = is_full

    def kept(self) -> Stored:
        """Return what is durable in the outbox, one by one, without asking its code."""
        return _read_outbox(self.folder, self.stream)

    def close(self) -> None:
        self.outbox.close()

    def _measure(self, device: str) -> Reading:
        moment = self.moments.now()
        energy_wh = (self.time.at_ms - NOON_MS) // TICK_MS * WH_A_TICK + 1_000_000
        power_w = Decimal(self.time.at_ms % 9_999) / 8
        return Reading(
            device,
            moment.taken_at,
            {COUNTER: energy_wh, "ac_power": power_w, "status": 'on "line"\\'},
            {"ac_voltage": "implausible"},
            moment.boot,
            moment.mono_ms,
            moment.trusted,
        )

    def _accept(self, accept: Callable[[], range]) -> None:
        refused, numbers = 0, range(0)
        try:
            numbers = accept()
        except NotAcceptedError as error:
            refused = error.refused
        self._note(numbers)
        if numbers:
            self.uplink.committed(numbers)
        if refused:
            self.truth.check_refused(refused, len(self.gathered))
            self.gathered = []

    def _note(self, numbers: range) -> None:
        accepted, self.gathered = self.gathered[: len(numbers)], self.gathered[len(numbers) :]
        if numbers:
            self.truth.accept(self.stream, numbers, accepted)

    def _release(self) -> None:
        held = self.outbox.holds()
        self.acceptance.release_if_trusted()
        if held and not self.outbox.holds():
            self.truth.release(self.stream, self.moments.boot, self.clock.offset_ms)

    def _flush_unheard(self) -> None:
        with suppress(NotAcceptedError):
            self.acceptance.flush()

    def _release_unheard(self) -> None:
        self.acceptance.release_if_trusted()

    def _start(self) -> None:
        self.outbox = CardOutbox(self.folder / "outbox.sqlite")
        self.outbox.is_full = self.is_full
        self.moments = Moments(self.clock, f"boot-{self.boots}", self.clock)
        self.acceptance = Acceptance(self.outbox, self.moments, GATHER_S)
        self.uplink = Uplink(self.name, self.outbox, self.link, self.time.timer_s)
        self.uplink.prune_after(1.5 * GATHER_S)

    def _go_on_with(self, copy: Callable[[Path], object], clock: BoxClock | None = None) -> None:
        """Start again on a copy of the files; what the old process had in memory is gone."""
        self.starts += 1
        found, left = self.home / f"{self.name}-{self.starts}", self.folder
        copy(found)
        self.link.cut()
        self.outbox.close()
        shutil.rmtree(left)
        self.folder = found
        if clock:
            self.clock, self.boots = clock, self.boots + 1
        self._start()
        self._find_what_was_cut()

    def _find_what_was_cut(self) -> None:
        """Note a commit that reached the disk though nobody was told; else it never was."""
        last = self.truth.given.get(self.stream, 0)
        cut = [one.seq for one, _ in self.kept() if one.seq > last]
        assert len(cut) in {0, len(self.gathered)}, "a part of a commit"
        if self.gathered:
            self.truth.seen["cut commit survived" if cut else "cut commit gone"] += 1
        if cut:
            self._note(range(cut[0], cut[-1] + 1))
        self.gathered = []

    def _check_sent(self, topic: str, payload: str) -> None:
        if topic.endswith(("/reading", "/backlog")):
            said = json.loads(payload)
            for one in said if isinstance(said, list) else [said]:
                device = one.pop("device", topic.split("/")[-2])
                content = payload_content(payload, one["seq"])
                self.truth.check_sent(Identity(*self.stream, device, one["seq"]), content)


def payload_content(payload: str, seq: int) -> str:
    """Return the text of one reading inside a message, behind its number."""
    return "{" + payload.partition(f'"seq":{seq},')[2].partition(_END)[0] + _END


def _read_outbox(folder: Path, stream: Stream) -> Stored:
    found = []
    for first_seq, body in ask(folder / "outbox.sqlite", "SELECT first_seq, body FROM groups"):
        for seq, (device, content) in enumerate(read_body(body), first_seq):
            found.append((Identity(*stream, device, seq), content))
    return found


_END = '"bad":{"ac_voltage":"implausible"}}'
