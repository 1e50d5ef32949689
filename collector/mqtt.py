"""The only user of paho: connect, publish with QoS 1, hand messages on.

A PUBACK frees a place in the window here and means nothing else.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

log = logging.getLogger(__name__)

QOS = 1


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came; `topic` is None when its bytes are not UTF-8."""

    topic: str | None
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how to sign in."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls_ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Handlers:
    """What to do when something happens; called on paho's thread, so they must not raise."""

    connected: Callable[[], None]
    message: Callable[[Message], None]


class MqttLink:
    """Keep one connection to the broker, for as long as the service runs."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        topics: Sequence[str],
        handlers: Handlers,
        will: tuple[str, str] | None = None,
    ) -> None:
        """Prepare the client; nothing is opened before `start`."""
        self._broker, self._topics, self._handlers = broker, topics, handlers
        self._down_logged = False
        self._sent: deque[paho.MQTTMessageInfo] = deque()
        self._client = _make_client(broker, client_id, will)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = lambda *_: self._log_down("no answer")
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message

    @property
    def is_connected(self) -> bool:
        """Say whether the broker has taken us."""
        return self._client.is_connected()

    @property
    def unconfirmed(self) -> int:
        """Return how many messages the broker has not confirmed yet."""
        while self._sent and self._sent[0].is_published():
            self._sent.popleft()
        return len(self._sent)

    def start(self) -> None:
        """Connect, and go on trying for ever."""
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=15)
        self._client.loop_start()

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> bool:
        """Hand one message over; False while there is no connection, then nothing is queued."""
        if not self._client.is_connected():
            return False
        info = self._client.publish(topic, payload, qos=QOS, retain=retain)
        if info.rc != paho.MQTT_ERR_SUCCESS:
            return False
        self._sent.append(info)
        return True

    def stop(self) -> None:
        """Say goodbye and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, *details: Any) -> None:  # noqa: ANN401  paho's own callback
        code = details[3]
        if code.is_failure:
            self._log_down(f"refused: {code}")
            return
        if self._down_logged:
            log.info("broker %s:%s is back", self._broker.host, self._broker.port)
        self._down_logged = False
        self._sent.clear()
        for topic in self._topics:
            self._client.subscribe(topic, qos=QOS)
        self._handlers.connected()

    def _on_disconnect(self, *details: Any) -> None:  # noqa: ANN401  paho's own callback
        self._sent.clear()
        if details[3].is_failure:
            self._log_down(f"connection lost: {details[3]}")

    def _on_message(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = None
        self._handlers.message(Message(topic, bytes(message.payload), message.retain))

    def _log_down(self, why: str) -> None:
        if not self._down_logged:
            log.warning(
                "broker %s:%s is not there (%s); trying again until it is",
                self._broker.host,
                self._broker.port,
                why,
            )
        self._down_logged = True


def _make_client(broker: Broker, client_id: str, will: tuple[str, str] | None) -> paho.Client:
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True)
    client.reconnect_delay_set(min_delay=1, max_delay=5)
    client.max_inflight_messages_set(100)
    if broker.username:
        client.username_pw_set(broker.username, broker.password)
    if broker.tls_ca:
        client.tls_set(ca_certs=str(broker.tls_ca))
    if will:
        client.will_set(will[0], will[1], qos=QOS, retain=True)
    return client
