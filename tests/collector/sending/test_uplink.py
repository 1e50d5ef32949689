"""The uplink: live first, backlog in batches, again when the watermark stands still."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from collector.errors import UnreachableError
from collector.sending.outbox import Outbox
from collector.sending.uplink import (
    IDLE_S,
    STILL_S,
    WINDOW_MESSAGES,
    WINDOW_READINGS,
    Uplink,
)
from tests.collector.fakes import FakeLink, make_reading


@dataclass
class Timer:
    """Machine seconds that a test moves."""

    at_s: float = 0.0

    def __call__(self) -> float:
        return self.at_s


@dataclass
class Scene:
    """An uplink with its surroundings."""

    outbox: Outbox
    link: FakeLink
    timer: Timer
    uplink: Uplink

    def accept(self, count: int) -> None:
        """Accept a cycle of so many devices."""
        cycle = [make_reading(f"roof-{n}", second=n) for n in range(1, count + 1)]
        self.uplink.committed(self.outbox.accept(cycle))

    def acknowledge(self, seq: int) -> None:
        ack = {"v": 1, "epoch": self.outbox.epoch, "seq": seq}
        self.uplink.on_acknowledged(json.dumps(ack).encode())

    def send_all(self) -> None:
        while self.uplink.step():
            pass

    def backlog(self) -> list[int]:
        batches = [json.loads(payload) for payload in self.link.payloads("/backlog")]
        return [reading["seq"] for batch in batches for reading in batch]

    def live(self) -> list[int]:
        return [json.loads(payload)["seq"] for payload in self.link.payloads("/reading")]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    outbox, link, timer = Outbox(tmp_path / "outbox.sqlite"), FakeLink(), Timer()
    yield Scene(outbox, link, timer, Uplink("pi", outbox, link, timer))
    outbox.close()


def test_a_new_reading_goes_out_at_once_on_its_devices_topic(scene: Scene) -> None:
    scene.accept(1)
    scene.send_all()

    assert scene.link.topics() == ["minga/v1/pi/roof-1/reading"]
    assert scene.live() == [1]


def test_a_connection_says_hello_before_any_reading(scene: Scene) -> None:
    scene.accept(1)
    scene.uplink.on_connected()
    scene.send_all()

    topic, payload, retained = scene.link.sent[0]
    assert (topic, retained) == ("minga/v1/pi/status", True)
    assert json.loads(payload) == {
        "v": 1,
        "state": "online",
        "epoch": scene.outbox.epoch,
        "first_seq": 1,
    }


def test_after_a_connection_the_newest_cycle_goes_first_and_the_backlog_in_batches(
    scene: Scene,
) -> None:
    scene.link.is_connected = False
    scene.accept(100)
    scene.accept(2)
    scene.link.is_connected = True
    scene.uplink.on_connected()
    scene.send_all()

    assert scene.live() == [101, 102]
    assert scene.backlog() == list(range(1, 101))
    assert scene.link.topics()[1:3] == [
        "minga/v1/pi/roof-1/reading",
        "minga/v1/pi/roof-2/reading",
    ]
    assert max(len(payload) for payload in scene.link.payloads("/backlog")) <= 12_000


def test_of_gathered_cycles_the_newest_of_each_device_goes_first_and_the_rest_in_a_batch(
    scene: Scene,
) -> None:
    cycles = [make_reading(device, second) for second in range(3) for device in ("a", "b")]
    scene.uplink.committed(scene.outbox.accept(cycles))
    scene.send_all()

    assert scene.link.topics() == [
        "minga/v1/pi/a/reading",
        "minga/v1/pi/b/reading",
        "minga/v1/pi/backlog",
    ]
    assert (scene.live(), scene.backlog()) == ([5, 6], [1, 2, 3, 4])


def test_the_rest_of_gathered_cycles_waits_for_room_and_is_sent_once(scene: Scene) -> None:
    cycles = [make_reading(device, second) for second in range(3) for device in ("a", "b")]
    scene.uplink.committed(scene.outbox.accept(cycles))
    scene.link.unconfirmed = WINDOW_MESSAGES
    scene.send_all()
    scene.link.unconfirmed = 0
    scene.send_all()

    assert (scene.live(), scene.backlog()) == ([5, 6], [1, 2, 3, 4])


def test_nothing_is_due_while_all_is_confirmed(scene: Scene) -> None:
    scene.accept(2)
    scene.send_all()
    scene.acknowledge(2)
    scene.timer.at_s += 2
    scene.send_all()

    assert scene.uplink.idle_s() == IDLE_S


def test_an_unconfirmed_reading_is_looked_after_when_it_is_due_again(scene: Scene) -> None:
    scene.accept(2)
    scene.send_all()
    scene.timer.at_s += STILL_S - 10

    assert scene.uplink.idle_s() == 10


def test_live_readings_overtake_a_long_backlog(scene: Scene) -> None:
    scene.accept(1000)
    scene.accept(1)
    scene.uplink.on_connected()
    scene.uplink.step()
    scene.uplink.step()
    scene.link.sent.clear()
    scene.accept(1)
    scene.uplink.step()

    assert scene.live() == [1002]


def test_nothing_is_forgotten_without_a_watermark(scene: Scene) -> None:
    scene.accept(5)
    scene.send_all()

    assert len(scene.outbox.kept(0, 10, 10)) == 5


def test_the_watermark_prunes_what_the_store_has(scene: Scene) -> None:
    scene.accept(5)
    scene.send_all()
    scene.acknowledge(3)
    scene.timer.at_s += 2
    scene.uplink.step()

    assert [one.seq for one in scene.outbox.kept(0, 10, 10)] == [4, 5]


def test_a_watermark_that_stands_still_for_30_s_sends_all_above_it_again(scene: Scene) -> None:
    scene.accept(5)
    scene.send_all()
    scene.acknowledge(2)
    scene.send_all()
    scene.link.sent.clear()
    scene.timer.at_s += STILL_S
    scene.send_all()

    assert sorted(scene.live() + scene.backlog()) == [3, 4, 5]


def test_standing_still_asks_for_the_watermark_again(scene: Scene) -> None:
    scene.accept(5)
    scene.uplink.on_connected()
    scene.send_all()
    scene.acknowledge(2)
    scene.send_all()
    scene.link.sent.clear()
    scene.timer.at_s += STILL_S
    scene.send_all()

    (hello,) = scene.link.payloads("/status")
    assert json.loads(hello)["first_seq"] == 3
    assert scene.link.sent[0] == ("minga/v1/pi/status", hello, True)


def test_before_30_s_nothing_is_sent_twice(scene: Scene) -> None:
    scene.accept(5)
    scene.send_all()
    scene.link.sent.clear()
    scene.timer.at_s += STILL_S - 1
    scene.send_all()

    assert scene.link.sent == []


def test_a_watermark_said_again_means_that_ingest_is_back_and_all_is_sent_again(
    scene: Scene,
) -> None:
    scene.accept(5)
    scene.send_all()
    scene.link.sent.clear()
    scene.acknowledge(0)
    scene.send_all()

    assert sorted(scene.live() + scene.backlog()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        b'{"v":1,"epoch":"another","seq":3}',
        b'{"v":1,"seq":3}',
        b"[]",
        b'{"v":1,"epoch":"EPOCH","seq":"3"}',
        b'{"v":1,"epoch":"EPOCH","seq":4000}',
        b'{"v":1,"epoch":"EPOCH","seq":true}',
    ],
)
def test_a_watermark_that_is_not_ours_prunes_nothing(scene: Scene, payload: bytes) -> None:
    scene.accept(5)
    scene.uplink.on_acknowledged(payload.replace(b"EPOCH", scene.outbox.epoch.encode()))
    scene.timer.at_s += 2
    scene.uplink.step()

    assert len(scene.outbox.kept(0, 10, 10)) == 5


def test_the_backlog_goes_no_further_than_a_window_beyond_the_watermark(scene: Scene) -> None:
    scene.accept(WINDOW_READINGS + 500)
    scene.accept(1)
    scene.uplink.on_connected()
    scene.send_all()

    assert max(scene.backlog()) == WINDOW_READINGS


def test_an_advancing_watermark_opens_the_window_further(scene: Scene) -> None:
    scene.accept(WINDOW_READINGS + 500)
    scene.accept(1)
    scene.uplink.on_connected()
    scene.send_all()
    scene.acknowledge(1000)
    scene.send_all()

    assert scene.backlog() == list(range(1, WINDOW_READINGS + 501))


def test_a_broker_that_confirms_nothing_is_not_flooded(scene: Scene) -> None:
    scene.accept(10)
    scene.link.unconfirmed = WINDOW_MESSAGES
    scene.send_all()

    assert scene.link.sent == []


def test_a_store_that_lost_its_files_is_told_where_the_outbox_begins(scene: Scene) -> None:
    scene.accept(5)
    scene.send_all()
    scene.acknowledge(3)
    scene.timer.at_s += 2
    scene.uplink.step()
    scene.link.sent.clear()
    scene.acknowledge(0)
    scene.send_all()

    assert '"first_seq":4' in scene.link.payloads("/status")[0]
    assert sorted(scene.live() + scene.backlog()) == [4, 5]


def test_device_states_are_retained_and_said_again_on_each_connection(scene: Scene) -> None:
    scene.uplink.set_state("roof-1", online=True)
    scene.uplink.on_connected()
    scene.send_all()

    said = [one for one in scene.link.sent if one[0] == "minga/v1/pi/roof-1/status"]
    assert said == [("minga/v1/pi/roof-1/status", '{"v":1,"state":"online"}', True)] * 2


def test_the_farewell_is_retained_and_prunes_what_is_confirmed(scene: Scene) -> None:
    scene.accept(2)
    scene.send_all()
    scene.acknowledge(2)
    scene.uplink.farewell()

    assert scene.link.sent[-1] == ("minga/v1/pi/status", '{"v":1,"state":"offline"}', True)
    assert scene.outbox.kept(0, 10, 10) == []


class FullOutbox(Outbox):
    """An outbox whose card has no room to forget."""

    def prune(self, seq: int) -> int:
        raise UnreachableError(f"cannot write now; {seq} stays")


def test_a_full_card_does_not_stop_the_sending_and_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outbox, link, timer = FullOutbox(tmp_path / "outbox.sqlite"), FakeLink(), Timer()
    scene = Scene(outbox, link, timer, Uplink("pi", outbox, link, timer))
    scene.accept(5)
    scene.acknowledge(3)
    timer.at_s += 2
    scene.send_all()
    timer.at_s += 2
    scene.send_all()
    scene.uplink.farewell()
    outbox.close()

    assert scene.live() == [4, 5]
    assert [one.message for one in caplog.records] == ["cannot write now; 3 stays"]
