"""A random walk of everything between measuring and the store, judged after every step.

Two collectors share a broker and an ingest. All parts are the real ones; only the broker, the
clocks and the disk's failures are made here. The judge looks into the files himself.
"""

import shutil
import sys
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from collector.clock import Wrong
from collector.reading import Identity, dump_content
from collector.topics import ack_topic, backlog_topic, reading_topic, status_topic
from tests.collector.walk.broker import Broker, Link
from tests.collector.walk.collector_box import COUNTER, CollectorBox
from tests.collector.walk.intake_box import IntakeBox
from tests.collector.walk.storage import EVER, Storage, Trouble
from tests.collector.walk.sums import count_slots, flat
from tests.collector.walk.times import TICK_MS, BoxClock, TrueTime
from tests.collector.walk.truth import Stored, Stream, Truth

DEVICES = {"hill": ("roof-1", "roof-2", "meter-1"), "lake": ("roof-3", "meter-2")}
HOUR_MS = 3_600_000
ROUNDS = 40
"""In so many rounds of half a minute everything that is whole must be quiet."""

ENDLESS = 1_000
"""Rounds of 20 pieces; whoever sends for longer with nothing new to send does so for ever."""

names = st.sampled_from(sorted(DEVICES))
parts = st.sampled_from([0.0, 0.3, 0.7, 0.99, 1.0])
wrongs = st.sampled_from(
    [
        Wrong(),
        Wrong(-2 * 3_600, trusted=False),
        Wrong(-1_772_300_000, trusted=False),
        Wrong(20 * 3_600, trusted=False),
        Wrong(20 * 365 * 24 * 3_600, trusted=False),
    ]
)
"""How a clock is after a start: right; as at the last stop, in 1970, a day or 20 years ahead."""
garbage = st.sampled_from(
    [
        (reading_topic("hill", "roof-1"), b"}{"),
        (reading_topic("hill", "roof-1"), b"\xff\xfe"),
        (reading_topic("lake", "roof-3"), b'{"v":1,"seq":"7"}'),
        (reading_topic("stranger", "roof-9"), b"[]"),
        (backlog_topic("lake"), b'[null,7,{"epoch":"none","seq":1}]'),
        (backlog_topic("hill"), b"[" * 3_000),
        (status_topic("hill"), b'{"v":1,"state":"online","epoch":7}'),
        (status_topic("lake"), b"nothing"),
        (None, b"a topic that is no text"),
    ]
)
foreign = st.sampled_from(
    [
        b"not json",
        b"[]",
        b'{"v":1,"epoch":"another","seq":3}',
        b'{"v":1,"epoch":"EPOCH","seq":"1"}',
        b'{"v":1,"epoch":"EPOCH","seq":1000000}',
        b'{"v":1,"epoch":"EPOCH","seq":true}',
    ]
)


class Walk(RuleBasedStateMachine):
    """Polls, sends, loses, repeats, cuts, kills, mends; in any order."""

    tally: ClassVar[Counter[str]] = Counter()

    def __init__(self, folder: Path, storage: Storage) -> None:
        super().__init__()
        storage.empty()
        self.home = Path(mkdtemp(dir=folder))
        self.time, self.truth, self.broker = TrueTime(), Truth(seen=self.tally), Broker()
        self.boxes = {
            name: CollectorBox(name, devices, self.home, self.broker, self.time, self.truth)
            for name, devices in DEVICES.items()
        }
        self.intake = IntakeBox(self.home, storage, self.broker, self.time, self.truth)

    @initialize(is_trusted=st.booleans())
    def begin(self, *, is_trusted: bool) -> None:
        self.boxes["hill"].clock.trusted = is_trusted
        self.boxes["hill"].clock.error_ms = 0 if is_trusted else -2 * HOUR_MS
        self.connect_all(loses_retained=None)

    # What the services do.

    @rule(name=names, count=st.integers(1, 3), trusted_from=st.sampled_from([9, 9, 9, 0, 1]))
    def poll(self, name: str, count: int, trusted_from: int) -> None:
        box = self.boxes[name]
        box.poll(box.devices[:count], trusted_from=trusted_from)

    @rule(times=st.integers(1, 5), every_s=st.sampled_from([1, 10, 61, 420]))
    def poll_on(self, times: int, every_s: int) -> None:
        for _ in range(times):
            self.advance(every_s)
            for box in self.boxes.values():
                box.poll(box.devices[:2], trusted_from=9)

    @rule(times=st.integers(1, 4), moved=st.integers(1, 6))
    def live(self, times: int, moved: int) -> None:
        """Measure and send; let so many messages through each time."""
        for _ in range(times):
            self.poll_on(1, 61)
            for box in self.boxes.values():
                self.send(box.name, moved, confirms=True)
            self.store(moved)
            for box in self.boxes.values():
                self.hear(box.name, moved)

    @rule(name=names, steps=st.integers(1, 12), confirms=st.booleans())
    def send(self, name: str, steps: int, *, confirms: bool) -> None:
        self.boxes[name].send(steps)
        if confirms:
            self.boxes[name].link.unconfirmed = 0

    @rule(count=st.integers(1, 9))
    def store(self, count: int) -> None:
        self.intake.work(count)

    @rule(name=names, count=st.integers(1, 3))
    def hear(self, name: str, count: int) -> None:
        self.boxes[name].hear(count)

    @rule()
    def flow(self) -> None:
        """Let everything that can move come through."""
        for box in self.boxes.values():
            for _ in range(ENDLESS):
                if not box.send(20) and not box.link.unconfirmed:
                    break
                box.link.unconfirmed = 0
            else:
                raise AssertionError(f"{box.name} never stops to send")
        self.store(200)
        for box in self.boxes.values():
            box.hear(9)

    @rule(seconds=st.sampled_from([1, 11, 31, 900]))
    def advance(self, seconds: int) -> None:
        self.time.at_ms += seconds * 1_000 + TICK_MS

    @rule()
    def remember(self) -> None:
        self.intake.remember()

    # What goes wrong at the broker and on the network.

    @rule(data=st.data(), which=st.integers(0, 2))
    def reorder(self, data: st.DataObject, which: int) -> None:
        link = self._links()[which]
        link.waiting = data.draw(st.permutations(link.waiting))

    @rule(
        how=st.sampled_from(["repeat", "lose", "delay", "late"]),
        which=st.integers(0, 2),
        position=st.integers(0, 6),
        count=st.integers(1, 4),
    )
    def trouble_messages(self, how: str, which: int, position: int, count: int) -> None:
        link = self._links()[which]
        some = slice(position, position + count)
        if how == "repeat":
            link.waiting += link.waiting[some]
        elif how == "lose":
            del link.waiting[some]
        elif how == "delay":
            self.broker.delay(link, count)
        else:
            self.broker.deliver_late()

    @rule(which=st.integers(0, 2), after=st.sampled_from([None, None, 0, 1, 2]))
    def cut(self, which: int, after: int | None) -> None:
        """Cut a connection now, or behind some more messages."""
        link = self._links()[which]
        if after is None:
            link.cut()
        else:
            link.cut_after = after

    @rule(loses_retained=st.sampled_from([None, None, False, True]))
    def connect_all(self, *, loses_retained: bool | None) -> None:
        """Let everybody be connected, now and then because the broker was started again."""
        if loses_retained is not None:
            self.broker.crash(loses_retained=loses_retained)
        for link in self._links():
            link.connect()

    @rule(message=garbage, name=names, payload=foreign)
    def send_garbage(self, message: tuple[str | None, bytes], name: str, payload: bytes) -> None:
        epoch = self.boxes[name].outbox.epoch.encode()
        self.broker.take(*message)
        self.broker.take(ack_topic(name), payload.replace(b"EPOCH", epoch))

    @precondition(lambda self: self._confirmed())
    @rule(data=st.data())
    def send_another_value(self, data: st.DataObject) -> None:
        """Send a different reading under the number of one that the store confirmed."""
        one = data.draw(st.sampled_from(self._confirmed()))
        other = dump_content(self.truth.accepted[one].reading).replace('"q":{', '"q":{"x":1,')
        message = f'{{"v":1,"epoch":"{one.epoch}","seq":{one.seq},{other[1:]}'
        self.truth.forged.add(one)
        self.broker.take(reading_topic(one.collector, one.device), message.encode())

    # What goes wrong at the collectors.

    @rule(name=names, how=st.sampled_from(["kill", "stop", "card"]), wrong=wrongs)
    def end_collector(self, name: str, how: str, wrong: Wrong) -> None:
        box = self.boxes[name]
        if how == "kill":
            box.kill()
        elif how == "stop":
            box.stop()
        else:
            box.replace_card(self._clock_after_boot(wrong))
        box.link.connect()

    @rule(
        name=names, during=st.sampled_from(["accept", "release", "prune"]), part=parts, wrong=wrongs
    )
    def cut_power_of_collector(self, name: str, during: str, part: float, wrong: Wrong) -> None:
        box = self.boxes[name]
        for _ in range(2):
            # The first may fill a commit; the second is gathered for the one that is cut.
            box.poll(box.devices, trusted_from=9)
        if during == "release":
            box.clock.gain_trust()
        box.cut_power(during, part, self._clock_after_boot(wrong))
        box.link.connect()

    @rule(name=names, by_ms=st.sampled_from([None, -3 * HOUR_MS, -2_000, 2_000, 3 * HOUR_MS]))
    def set_clock(self, name: str, by_ms: int | None) -> None:
        """Set a clock wrong, or for good."""
        clock = self.boxes[name].clock
        if by_ms is None:
            clock.gain_trust()
        elif not clock.trusted or abs(clock.error_ms + by_ms) < 20 * HOUR_MS:
            clock.error_ms += by_ms
            self.boxes[name].is_steady &= not clock.trusted

    @rule(name=names, is_full=st.booleans())
    def fill_card(self, name: str, *, is_full: bool) -> None:
        self.boxes[name].set_full(is_full=is_full)

    # What goes wrong at ingest and the store.

    @rule(trouble=st.sampled_from([None, *Trouble]))
    def trouble_store(self, trouble: Trouble | None) -> None:
        self.intake.door.trouble = trouble

    @rule()
    def answer_badly(self) -> None:
        self.intake.storage.answer_badly()

    @rule(count=st.integers(0, 9), acknowledged=st.integers(0, 1))
    def kill_ingest_before_the_ack(self, count: int, acknowledged: int) -> None:
        for box in self.boxes.values():
            box.send(count)
        self.intake.work(count, acknowledged)
        self.intake.kill()
        self.intake.link.connect()

    @rule(count=st.integers(1, 9), part=parts, wrong=wrongs)
    def cut_power_of_ingest(self, count: int, part: float, wrong: Wrong) -> None:
        for box in self.boxes.values():
            box.send(count)
        self.intake.cut_power(count, part, self._clock_after_boot(wrong))
        self.intake.link.connect()

    # What must hold whatever happened.

    @invariant()
    def nothing_is_lost_repeated_or_changed(self) -> None:
        Walk.tally["steps"] += 1
        stored, quarantined = self.intake.stored(), self.intake.quarantined()
        kept = {box.name: box.kept() for box in self.boxes.values()}
        for box in self.boxes.values():
            self.truth.check_outbox(box.stream, kept[box.name])
            self.truth.check_floor(box.outbox.newest_at())
        self.truth.check_store(stored)
        self.truth.check_quarantine(quarantined)
        waiting = {identity for one in kept.values() for identity, _ in one}
        self.truth.check_nothing_is_lost(stored, quarantined | waiting)

    @rule()
    def heal(self) -> None:
        """Mend everything, and wait until all is quiet."""
        self._mend()
        for _ in range(ROUNDS):
            self.advance(31)
            self.flow()
            if not any(box.kept() for box in self.boxes.values()):
                break
        else:
            left = {box.name: [one.seq for one, _ in box.kept()] for box in self.boxes.values()}
            raise AssertionError(f"the outboxes are not quiet: {left}")
        self._check_the_end()

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.heal()
                self.nothing_is_lost_repeated_or_changed()
                Walk.tally["ends"] += 1
        finally:
            for box in self.boxes.values():
                box.close()
            self.intake.close()
            shutil.rmtree(self.home)

    def _confirmed(self) -> list[Identity]:
        confirmed = self.truth.confirmed
        stored = [identity for identity, _ in self.intake.stored()]
        return [one for one in stored if one.seq <= confirmed.get((one.collector, one.epoch), 0)]

    def _clock_after_boot(self, wrong: Wrong) -> BoxClock:
        error_ms = round(wrong.offset_s * 1_000)
        return BoxClock(self.time, self.time.at_ms - 20_000, error_ms, wrong.trusted)

    def _links(self) -> list[Link]:
        return [self.intake.link, *(box.link for box in self.boxes.values())]

    def _mend(self) -> None:
        self.intake.door.trouble = None
        self.intake.storage.mend()
        self.intake.clock.gain_trust()
        for box in self.boxes.values():
            box.set_full(is_full=False)
            box.clock.gain_trust()
            box.flush()
        for link in self._links():
            link.cut_after = None
        self.connect_all(loses_retained=None)

    def _check_the_end(self) -> None:
        stored = self.intake.stored()
        found = {identity for identity, _ in stored}
        missing = {
            one
            for one, known in self.truth.accepted.items()
            if one not in found and not known.is_lost and not self.truth.is_odd(one)
        }
        assert not missing, f"accepted and not stored: {missing}"
        self._check_what_the_store_says()

    def _check_what_the_store_says(self) -> None:
        """Hold that the store answers what lies in its files, and that its sums are true."""
        stored, door = self.intake.stored(), self.intake.door
        devices = sorted({one.device for one, _ in stored})
        said = self.intake.storage.said(door, devices, stored)
        assert sorted(said, key=repr) == sorted(stored, key=repr)
        known = [
            (one, content)
            for stream in {(one.collector, one.epoch) for one, _ in stored}
            for one, content in self._known(stream, stored)
        ]
        found = door.edges([(name, COUNTER) for name in devices], *EVER)
        assert flat(found) == self.truth.edges(known)
        steady = [one for box in self.boxes.values() if box.is_steady for one in box.devices]
        for device in steady:
            Walk.tally["slots"] += count_slots(found.get((device, COUNTER), ()))

    def _known(self, stream: Stream, stored: Stored) -> Stored:
        """Return what the store says it has of an outbox.

        What a server stored and did not confirm is known when it comes again. From a card that was
        changed nothing comes again: then it stays unknown, and is never wrongly known.
        """
        mine = [held for held in stored if (held[0].collector, held[0].epoch) == stream]
        numbers = list(self.intake.door.stored_seqs(*stream, 0))
        assert numbers == sorted(set(numbers))
        unknown = {one.seq for one, _ in mine} ^ set(numbers)
        may_miss = stream not in {box.stream for box in self.boxes.values()}
        assert not unknown or (may_miss and not unknown & set(numbers))
        return [held for held in mine if held[0].seq not in unknown]
