"""Poison among good readings, through a real broker into a real ingest: nobody stops."""

import json
import socket
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from collector.intake.journal import Journal
from collector.reading import dump_content, dump_reading
from collector.topics import ack_topic
from tests.collector.fakes import make_reading
from tests.collector.intake.test_wire import POISON
from tests.faults.conftest import Report
from tests.faults.processes import Program, answers, free_port, minga, mosquitto, wait_until
from tests.faults.report import Row

GOOD = 1_000
TOPIC = "minga/v1/pi/roof-1/reading"

pytestmark = pytest.mark.faults


@dataclass
class Scene:
    """A real broker, a real ingest, and a client that may publish anything."""

    folder: Path
    port: int
    ingest: Program
    client: paho.Client
    acknowledged: list[int]

    def stored(self) -> int:
        """Count what lies in the store."""
        path = self.folder / "readings.sqlite"
        if not path.exists():
            return 0
        database = sqlite3.connect(path, timeout=10)
        try:
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            if "batches" not in tables:
                return 0
            return int(database.execute("SELECT total(count) FROM batches").fetchone()[0])
        finally:
            database.close()

    def quarantined(self) -> list[str]:
        """Return the reasons of everything that was refused."""
        journal = Journal(self.folder / "i" / "journal.sqlite")
        try:
            return [one.reason for one in journal.quarantined(limit=1_000)]
        finally:
            journal.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    port = free_port()
    broker = mosquitto(tmp_path, port)
    config = tmp_path / "minga.toml"
    config.write_text(
        f'[mqtt]\nport = {port}\n[ingest]\nstate = "i"\n[sqlite]\npath = "readings.sqlite"\n'
    )
    ingest = minga("ingest", tmp_path, "--config", str(config), "ingest")
    client = paho.Client(CallbackAPIVersion.VERSION2)
    acknowledged: list[int] = []
    client.on_message = lambda _c, _d, ack: acknowledged.append(json.loads(ack.payload)["seq"])
    try:
        broker.start()
        wait_until(lambda: answers(port), "the broker listens")
        ingest.start()
        client.connect("127.0.0.1", port)
        client.subscribe(ack_topic("pi"), qos=1)
        client.loop_start()
        wait_until(client.is_connected, "the client is connected")
        made = Scene(tmp_path, port, ingest, client, acknowledged)
        _wait_for_ingest(made)
        yield made
    finally:
        client.disconnect()
        client.loop_stop()
        ingest.stop()
        broker.stop()


def good(seq: int) -> str:
    """Make a good reading."""
    return dump_reading("e1", seq, dump_content(make_reading(second=seq)))


def test_poison_is_quarantined_while_a_thousand_good_readings_are_stored(
    scene: Scene, report: Report
) -> None:
    kinds = [payload for payload in POISON.values() if len(payload) < 1_000_000]
    before = scene.ingest.pid
    for seq in range(1, GOOD + 1):
        scene.client.publish(TOPIC, good(seq), qos=1)
        if seq % 20 == 0:
            scene.client.publish(TOPIC, kinds[(seq // 20) % len(kinds)], qos=1)
    for topic in ("minga/v1/PI/roof-1/reading", "minga/v1/pi/roof_1/reading"):
        scene.client.publish(topic, good(5), qos=1)
    scene.client.publish("minga/v1/pi/backlog", f"[{good(6)}]", qos=1)

    wait_until(lambda: GOOD in scene.acknowledged, "all good readings are acknowledged")
    wait_until(lambda: len(scene.quarantined()) >= len(kinds), "all poison is quarantined")

    stored = scene.stored()
    lost, doubled = max(GOOD - stored, 0), max(stored - GOOD, 0)
    report(Row("F24 poison among good readings", len(kinds) + 3, GOOD, lost, doubled, 0))
    assert (lost, doubled) == (0, 0)
    assert len(kinds) >= 30
    assert (scene.ingest.pid, "Traceback" in scene.ingest.said()) == (before, False)
    assert all(scene.quarantined())


def test_ten_megabytes_are_refused_and_the_next_reading_is_stored(scene: Scene) -> None:
    scene.client.publish(TOPIC, b"x" * 10_000_000, qos=1)
    scene.client.publish(TOPIC, good(2), qos=1)

    wait_until(lambda: scene.stored() == 2, "the good reading is stored")
    wait_until(
        lambda: "larger than 64000 bytes" in scene.quarantined(), "the large one is quarantined"
    )


def test_a_retained_reading_is_refused_when_ingest_meets_it_again(scene: Scene) -> None:
    scene.client.publish(TOPIC, good(2), qos=1, retain=True).wait_for_publish(10)
    scene.ingest.kill()
    scene.ingest.start()

    wait_until(
        lambda: "retained: a reading is never retained" in scene.quarantined(), "it is refused"
    )


def test_a_topic_that_is_not_text_does_not_stop_ingest(scene: Scene) -> None:
    publish_raw(scene.port, b"minga/v1/pi/\xff\xfe/reading", b"{}")
    scene.client.publish(TOPIC, good(2), qos=1)

    wait_until(lambda: scene.stored() == 2, "the good reading is stored")
    assert "Traceback" not in scene.ingest.said()


def publish_raw(port: int, topic: bytes, payload: bytes) -> None:
    """Speak MQTT 3.1.1 by hand: CONNECT, then one PUBLISH with QoS 0."""
    connect = b"\x00\x04MQTT\x04\x02\x00\x3c" + struct.pack(">H", 3) + b"raw"
    publish = struct.pack(">H", len(topic)) + topic + payload
    with socket.create_connection(("127.0.0.1", port), timeout=5) as link:
        link.sendall(bytes([0x10, len(connect)]) + connect)
        link.recv(4)
        link.sendall(bytes([0x30, len(publish)]) + publish)


def _wait_for_ingest(scene: Scene) -> None:
    """Send the first reading again and again until ingest has subscribed and stored it."""
    never = Event()

    def is_stored() -> bool:
        scene.client.publish(TOPIC, good(1), qos=1)
        never.wait(0.1)
        return scene.stored() == 1

    wait_until(is_stored, "ingest listens")
