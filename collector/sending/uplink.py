"""What the outbox sends when: live readings first, the backlog in batches, and again if need be.

Nothing is taken as delivered before the store's watermark says so. Everything above it is sent
again on each connection, whenever it stands still for 30 s, and when ingest says that it is back.
With a hello the outbox says where it begins, so that a watermark that was lost is said again.
"""

import json
import logging
from collections import deque
from collections.abc import Callable, Mapping
from threading import Event, Lock
from typing import Protocol

from collector.errors import CollectorError
from collector.sending.messages import Message, Messenger
from collector.sending.outbox import Kept
from collector.topics import status_topic

log = logging.getLogger(__name__)

STILL_S = 30.0
WINDOW_READINGS = 5_000
"""How far beyond the watermark the backlog is sent: bounds what a resend costs."""
WINDOW_MESSAGES = 50
LIVE_READINGS = 1_000
"""How many readings of a commit are looked through at once for the newest of each device."""
PRUNE_EVERY_S = 1.0
FULL_S = 0.05
"""How soon to look again whether the broker confirmed something of a full window."""
IDLE_S = 60.0

OFFLINE = json.dumps({"v": 1, "state": "offline"}, separators=(",", ":"))
ONLINE = json.dumps({"v": 1, "state": "online"}, separators=(",", ":"))


class Link(Protocol):
    """What the uplink needs of MQTT."""

    @property
    def is_connected(self) -> bool:
        """Say whether messages can be handed over."""
        ...

    @property
    def unconfirmed(self) -> int:
        """Return how many messages the broker has not confirmed."""
        ...

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> bool:
        """Hand one message over."""
        ...


class Source(Protocol):
    """What the uplink needs of the outbox."""

    epoch: str

    @property
    def last_seq(self) -> int:
        """Return the highest number given."""
        ...

    @property
    def pruned_seq(self) -> int:
        """Return the highest number forgotten."""
        ...

    def kept(self, after: int, up_to: int, limit: int) -> list[Kept]:
        """Return readings in (after, up_to]."""
        ...

    def confirm(self, seq: int) -> None:
        """Take a watermark; it is forgotten with the next commit."""
        ...

    def prune(self, seq: int) -> int:
        """Forget up to a watermark now."""
        ...


class Uplink:
    """Decide what is sent next; `step` does a bounded piece of it.

    Other threads only leave word (`on_…`, `committed`); all sending happens in `step`.
    """

    def __init__(
        self,
        collector: str,
        outbox: Source,
        link: Link,
        timer_s: Callable[[], float],
        announced: Mapping[str, str] | None = None,
    ) -> None:
        """Take the parts; `timer_s` is the machine's monotonic time.

        `announced` are retained messages by topic that are said with every hello.
        """
        self._announced = announced or {}
        self._collector, self._outbox, self._link, self._timer_s = collector, outbox, link, timer_s
        self._lock = Lock()
        self.wake = Event()
        self.watermark = self._pruned = outbox.pruned_seq
        self._live = self._backlog = self._backlog_end = self.watermark
        self._newest = outbox.last_seq
        self._newest_cycle = self._newest
        self._progress_s = self._pruned_s = timer_s()
        self._prune_s = PRUNE_EVERY_S
        self._committed_s = 0.0
        self._hello = self._restart = self._says_full = False
        self._messenger = Messenger(collector, outbox.epoch)
        self._messages: deque[Message] = deque()
        self._states: dict[str, bool] = {}

    def committed(self, numbers: range) -> None:
        """Take note of readings that were accepted just now."""
        with self._lock:
            self._newest_cycle, self._newest = numbers.start - 1, numbers.stop - 1
            self._committed_s = self._timer_s()
        self.wake.set()

    def on_connected(self) -> None:
        """Start over: say hello, then send everything above the watermark."""
        with self._lock:
            self._hello = self._restart = True
        self.wake.set()

    def on_acknowledged(self, payload: bytes) -> None:
        """Take the store's watermark; one that does not move means that ingest came back."""
        seq = self._read_ack(payload)
        if seq is None:
            return
        with self._lock:
            if seq > self.watermark:
                self.watermark, self._progress_s = seq, self._timer_s()
                self._outbox.confirm(seq)
            elif seq < self._pruned:
                log.error(
                    "the store says it has readings up to %s, it had confirmed %s: restore its"
                    " newest backup; what it confirmed is no longer in the outbox",
                    seq,
                    self._pruned,
                )
                self._hello = self._restart = True
            else:
                self._restart = True
        self.wake.set()

    def prune_after(self, idle_s: float) -> None:
        """Forget what is confirmed in a commit of its own only when none came for so long."""
        self._prune_s = max(idle_s, PRUNE_EVERY_S)

    def set_state(self, device: str, *, online: bool) -> None:
        """Say whether a device answers."""
        with self._lock:
            self._states[device] = online
        self._publish_state(device, online=online)

    def step(self) -> bool:
        """Send a bounded piece of what is due; return whether more can be sent at once."""
        self._prune()
        if not self._link.is_connected:
            return False
        self._start_over_if_due()
        return self._send_live() or self._send_backlog()

    def idle_s(self) -> float:
        """Return how long nothing is due unless somebody leaves word."""
        if not self._link.is_connected:
            return IDLE_S
        if not self._has_room():
            return FULL_S
        due_s = [self._timer_s() + IDLE_S]
        if self.watermark != self._pruned:
            due_s.append(max(self._pruned_s, self._committed_s) + self._prune_s)
        if self._newest > self.watermark:
            due_s.append(self._progress_s + STILL_S)
        return max(min(due_s) - self._timer_s(), FULL_S)

    def farewell(self) -> None:
        """Say that the collector goes, and prune what the store has."""
        self._prune(at_once=True)
        self._link.publish(status_topic(self._collector), OFFLINE, retain=True)

    def _read_ack(self, payload: bytes) -> int | None:
        try:
            ack = json.loads(payload)
            epoch, seq = ack["epoch"], ack["seq"]
        except (ValueError, TypeError, KeyError, RecursionError):
            epoch, seq = None, None
        is_ours = epoch == self._outbox.epoch
        if is_ours and isinstance(seq, int) and seq is not True and 0 <= seq <= self._newest:
            return seq
        log.warning("ignored a watermark that is not of this outbox: %.200r", payload)
        return None

    def _start_over_if_due(self) -> None:
        with self._lock:
            hello, self._hello = self._hello, False
            still_s = self._timer_s() - self._progress_s
            stands_still = self._newest > self.watermark and still_s >= STILL_S
            restart, self._restart = self._restart or stands_still, False
            if restart:
                self._progress_s = self._timer_s()
                self._messages.clear()
                self._live = max(self._newest_cycle, self.watermark)
                self._backlog, self._backlog_end = self.watermark, self._live
        if hello or stands_still:
            self._say_hello()
        if hello:
            self._say_the_rest()

    def _say_hello(self) -> None:
        hello = {
            "v": 1,
            "state": "online",
            "epoch": self._outbox.epoch,
            "first_seq": self._outbox.pruned_seq + 1,
        }
        self._link.publish(
            status_topic(self._collector), json.dumps(hello, separators=(",", ":")), retain=True
        )

    def _say_the_rest(self) -> None:
        for device, online in self._states.items():
            self._publish_state(device, online=online)
        for topic, payload in self._announced.items():
            self._link.publish(topic, payload, retain=True)

    def _publish_state(self, device: str, *, online: bool) -> None:
        topic = status_topic(self._collector, device)
        self._link.publish(topic, ONLINE if online else OFFLINE, retain=True)

    def _send_live(self) -> bool:
        if not self._messages and self._live < self._newest:
            kept = self._outbox.kept(self._live, self._newest, LIVE_READINGS)
            self._messages.extend(self._messenger.compose_live(kept))
            self._live = kept[-1].seq if kept else self._live
        sent = False
        while self._messages and self._has_room():
            if not self._link.publish(*self._messages[0]):
                return False
            self._messages.popleft()
            sent = True
        return sent

    def _send_backlog(self) -> bool:
        start = max(self._backlog, self.watermark)
        end = min(self._backlog_end, self.watermark + WINDOW_READINGS)
        if start >= end or not self._has_room():
            return False
        kept = self._outbox.kept(start, end, _BATCH_READINGS)
        if not kept:
            return False
        message, count = self._messenger.compose_batch(kept)
        if not self._link.publish(*message):
            return False
        self._backlog = kept[count - 1].seq
        return True

    def _has_room(self) -> bool:
        return self._link.unconfirmed < WINDOW_MESSAGES

    def _prune(self, *, at_once: bool = False) -> None:
        watermark = self.watermark
        # While readings come, their next commit forgets what is confirmed: one write less.
        latest_s = max(self._pruned_s, self._committed_s)
        if watermark == self._pruned or not (
            at_once or self._timer_s() - latest_s >= self._prune_s
        ):
            return
        self._pruned_s = self._timer_s()
        try:
            self._outbox.prune(watermark)
        except CollectorError as error:
            # What cannot be forgotten now can still be sent, and is forgotten later.
            if not self._says_full:
                log.error("%s", error)  # noqa: TRY400  the message says it all
            self._says_full = True
            return
        self._pruned, self._says_full = watermark, False


_BATCH_READINGS = 100
