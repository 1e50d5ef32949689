"""A broker that loses, repeats, reorders and delays, and confirms whatever it was given.

Both ends have clean sessions: what waits for a client goes with its connection.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from collector.mqtt import Message


def _nothing(_topic: str, _payload: str) -> None:
    """Look at nothing."""


@dataclass
class Link:
    """One client's connection."""

    broker: "Broker"
    filters: Sequence[str]
    is_connected: bool = False
    unconfirmed: int = 0
    cut_after: int | None = None
    """How many more messages get through before the connection breaks."""
    on_connected: Callable[[], None] = lambda: None
    on_published: Callable[[str, str], None] = _nothing
    waiting: list[Message] = field(default_factory=list)

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> bool:
        if self.is_connected and self.cut_after == 0:
            self.cut()
        if not self.is_connected:
            return False
        if self.cut_after is not None:
            self.cut_after -= 1
        self.unconfirmed += 1
        self.on_published(topic, payload)
        self.broker.take(topic, payload.encode(), retain=retain)
        return True

    def connect(self) -> None:
        if not self.is_connected:
            self.is_connected, self.unconfirmed, self.waiting = True, 0, []
            self.waiting += [
                Message(topic, payload, retained=True)
                for topic, payload in self.broker.retained.items()
                if self.wants(topic)
            ]
            self.on_connected()

    def cut(self) -> None:
        self.is_connected, self.cut_after, self.unconfirmed = False, None, 0
        self.waiting = []

    def wants(self, topic: str | None) -> bool:
        patterns = (one.replace("+", "[^/]+") for one in self.filters)
        return topic is None or any(re.fullmatch(one, topic) for one in patterns)


@dataclass
class Broker:
    """Keeps retained messages, and a queue for each client."""

    links: list[Link] = field(default_factory=list)
    retained: dict[str, bytes] = field(default_factory=dict)
    late: list[Message] = field(default_factory=list)
    """On their way for longer than any connection."""

    def link(self, *filters: str) -> Link:
        made = Link(self, filters)
        self.links.append(made)
        return made

    def take(self, topic: str | None, payload: bytes, *, retain: bool = False) -> None:
        if retain and topic is not None:
            self.retained[topic] = payload
        self.pass_on(Message(topic, payload))

    def pass_on(self, message: Message) -> None:
        for one in self.links:
            if one.is_connected and one.wants(message.topic):
                one.waiting.append(message)

    def delay(self, link: Link, count: int) -> None:
        """Let the next messages for a client come some time later, or never."""
        self.late += [one for one in link.waiting[:count] if not one.retained]
        del link.waiting[:count]

    def deliver_late(self) -> None:
        late, self.late = self.late, []
        for message in late:
            self.pass_on(message)

    def crash(self, *, loses_retained: bool) -> None:
        for one in self.links:
            one.cut()
        if loses_retained:
            self.retained = {}
