"""The embedded broker: QoS 1, retained and will for any paho client, on loopback only."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event, Thread

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from collector.broker import run_broker
from collector.errors import CollectorError

PATIENCE_S = 10.0


class Listener:
    """A client that keeps what it hears until a message ends the wait."""

    def __init__(self, port: int, last: bytes) -> None:
        self.heard: list[tuple[str, bytes, bool]] = []
        self.done, self._subscribed, self._last = Event(), Event(), last
        self.client = paho.Client(CallbackAPIVersion.VERSION2)
        self.client.on_message = self._hear
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.client.subscribe("minga/#", qos=1)
        assert self._subscribed.wait(PATIENCE_S)

    def _hear(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload), message.retain))
        if message.payload == self._last:
            self.done.set()


@pytest.fixture
def port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        number: int = free.getsockname()[1]
    return number


@pytest.fixture
def broker(port: int) -> Iterator[int]:
    ready, stop = Event(), Event()
    thread = Thread(target=run_broker, args=("127.0.0.1", port, stop, ready.set))
    thread.start()
    assert ready.wait(PATIENCE_S)
    yield port
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


@pytest.fixture
def listen(broker: int) -> Iterator[Callable[[bytes], Listener]]:
    made: list[Listener] = []

    def start(last: bytes) -> Listener:
        made.append(Listener(broker, last))
        return made[-1]

    yield start
    for listener in made:
        listener.client.disconnect()
        listener.client.loop_stop()


@pytest.fixture
def speaker(broker: int) -> Iterator[paho.Client]:
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.will_set("minga/status", b"offline", qos=1, retain=True)
    client.connect("127.0.0.1", broker)
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


def test_messages_of_qos_1_arrive_once_and_in_order(
    speaker: paho.Client, listen: Callable[[bytes], Listener]
) -> None:
    listener = listen(b"99")

    sent = [speaker.publish("minga/reading", str(number), qos=1) for number in range(100)]
    sent[-1].wait_for_publish(PATIENCE_S)

    assert listener.done.wait(PATIENCE_S)
    assert [payload for _, payload, _ in listener.heard] == [b"%d" % n for n in range(100)]


def test_a_retained_message_is_there_for_who_comes_later(
    speaker: paho.Client, listen: Callable[[bytes], Listener]
) -> None:
    speaker.publish("minga/status", b"online", qos=1, retain=True).wait_for_publish(PATIENCE_S)

    listener = listen(b"online")

    assert listener.done.wait(PATIENCE_S)
    assert listener.heard[0] == ("minga/status", b"online", True)


def test_the_will_is_sent_when_a_client_vanishes(
    speaker: paho.Client, listen: Callable[[bytes], Listener]
) -> None:
    listener = listen(b"offline")
    speaker.publish("minga/status", b"online", qos=1, retain=True).wait_for_publish(PATIENCE_S)

    speaker.loop_stop()
    speaker._sock_close()

    assert listener.done.wait(PATIENCE_S)


def test_a_port_in_use_is_named(broker: int) -> None:
    with pytest.raises(CollectorError, match=f"cannot listen on 127.0.0.1:{broker}") as raised:
        run_broker("127.0.0.1", broker, Event(), lambda: None)

    assert raised.value.exit_code == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example"])  # noqa: S104  refused
def test_the_broker_stays_on_loopback(host: str, port: int) -> None:
    with pytest.raises(CollectorError, match="is not loopback"):
        run_broker(host, port, Event(), lambda: None)
