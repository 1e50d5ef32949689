"""The broker's own rules: each collector speaks for itself, ingest hears all, strangers nothing."""

import getpass
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.faults.processes import Program, answers, free_port, wait_until
from tests.requirements import ROOT, require_program

USERS = ("ingest", "pi", "other")
Connect = Callable[[str], tuple[paho.Client, list[str]]]


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    program = require_program("mosquitto")
    chosen = free_port()
    passwords = tmp_path / "minga.passwd"
    passwords.write_text("".join(f"{user}:secret-{user}\n" for user in USERS))
    subprocess.run([require_program("mosquitto_passwd"), "-U", str(passwords)], check=True)
    shipped = (ROOT / "deploy" / "mosquitto" / "minga.conf").read_text()
    config = tmp_path / "minga.conf"
    config.write_text(
        shipped.replace("listener 1883", f"listener {chosen}")
        .replace("/etc/mosquitto/minga.passwd", str(passwords))
        .replace("/etc/mosquitto/minga.acl", str(ROOT / "deploy" / "mosquitto" / "minga.acl"))
    )
    with config.open("a") as more:
        more.write(f"user {getpass.getuser()}\n")
    broker = Program("mosquitto", [program, "-c", str(config)], tmp_path)
    broker.start()
    try:
        wait_until(lambda: answers(chosen), "the broker listens")
        yield chosen
    finally:
        broker.stop()


@pytest.fixture
def connect(port: int) -> Iterator[Connect]:
    clients = []

    def make(user: str) -> tuple[paho.Client, list[str]]:
        client, heard = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"c-{user}"), []
        client.username_pw_set(user, f"secret-{user}")
        client.on_message = lambda _c, _d, message: heard.append(message.topic)
        client.connect("127.0.0.1", port)
        client.loop_start()
        clients.append(client)
        wait_until(client.is_connected, f"{user} is taken")
        client.subscribe("#", qos=1)
        return client, heard

    yield make
    for client in clients:
        client.disconnect()
        client.loop_stop()


def test_a_collector_speaks_for_itself_only(connect: Connect) -> None:
    _, heard = connect("ingest")
    pi, _ = connect("pi")
    pi.publish("minga/v1/other/roof-1/reading", "{}", qos=1)
    pi.publish("minga/v1/ingest/ack/other", "{}", qos=1)
    pi.publish("minga/v1/pi/roof-1/reading", "{}", qos=1)

    wait_until(lambda: "minga/v1/pi/roof-1/reading" in heard, "its own reading is heard")
    assert heard == ["minga/v1/pi/roof-1/reading"]


def test_a_collector_hears_its_own_watermark_only(connect: Connect) -> None:
    _, heard = connect("pi")
    ingest, _ = connect("ingest")
    ingest.publish("minga/v1/ingest/ack/other", "{}", qos=1)
    ingest.publish("minga/v1/ingest/ack/pi", "{}", qos=1)

    wait_until(lambda: bool(heard), "a watermark is heard")
    assert heard == ["minga/v1/ingest/ack/pi"]


def test_a_stranger_is_not_taken(port: int) -> None:
    codes: list[str] = []
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.on_connect = lambda *details: codes.append(str(details[3]))
    client.connect("127.0.0.1", port)
    client.loop_start()

    wait_until(lambda: bool(codes), "the broker answers")
    client.loop_stop()
    client.disconnect()
    assert codes[0] == "Not authorized"
