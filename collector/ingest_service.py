"""Wire the parts of storing into the service `ingest`; decides nothing itself."""

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from queue import Empty, Full, Queue
from threading import Event

from collector.clock import Clock
from collector.clock_trust import Trust, choose_trust
from collector.guard import run_safely
from collector.intake.ingest import Ingest, Watermark
from collector.intake.journal import Journal
from collector.mqtt import Handlers, Message, MqttLink
from collector.settings import Installation
from collector.stores import ReadingStore
from collector.topics import INGEST_FILTERS, ack_topic

log = logging.getLogger(__name__)

QUEUE_MESSAGES = 2_000
BATCH_MESSAGES = 200
REMEMBER_EVERY_S = 5.0
IDLE_S = 0.2
LULL_S = 0.03
"""So long nothing comes behind the last message of a collector's commit."""
END_OF_TIME = datetime(2200, 1, 1, tzinfo=UTC)


def run_ingest(installation: Installation, store: ReadingStore, clock: Clock, stop: Event) -> None:
    """Take messages, store or quarantine them, acknowledge, until told to stop."""
    journal = Journal(installation.ingest.state / "journal.sqlite")
    trust = choose_trust(clock, installation.collector.clock)
    ingest = Ingest(store, journal, partial(_latest_now, clock, trust))
    inbox: Queue[Message] = Queue(QUEUE_MESSAGES)
    connected = Event()
    handlers = Handlers(connected.set, lambda message: _put(inbox, message, stop))
    broker = installation.ingest_broker()
    link = MqttLink(broker, f"ingest-{time.monotonic_ns()}", INGEST_FILTERS, handlers)
    link.start()
    log.info("ingest listens, store is %s", installation.store)
    _ingest_until(stop, ingest, inbox, connected, link)
    link.stop()
    ingest.remember()
    journal.close()
    store.close()


def _latest_now(clock: Clock, trust: Trust) -> datetime:
    """Return the latest that it can be now: a clock that nobody has set judges no reading."""
    return clock.now() if trust.is_trusted() else END_OF_TIME


def _ingest_until(
    stop: Event, ingest: Ingest, inbox: "Queue[Message]", connected: Event, link: MqttLink
) -> None:
    remembered_s = time.monotonic()
    while not stop.is_set():
        if connected.is_set():
            connected.clear()
            _publish(link, ingest.watermarks())
        messages = _take(inbox)
        if messages:
            run_safely(partial(_handle, ingest, link, messages), "a batch")
        if time.monotonic() - remembered_s > REMEMBER_EVERY_S:
            remembered_s = time.monotonic()
            run_safely(ingest.remember, "the journal")


def _put(inbox: "Queue[Message]", message: Message, stop: Event) -> None:
    while not stop.is_set():
        try:
            inbox.put(message, timeout=IDLE_S)
        except Full:
            continue
        return


def _take(inbox: "Queue[Message]") -> list[Message]:
    """Return what comes together: a commit costs a card more than what is in it."""
    taken: list[Message] = []
    try:
        taken.append(inbox.get(timeout=IDLE_S))
        while len(taken) < BATCH_MESSAGES:
            taken.append(inbox.get(timeout=LULL_S))
    except Empty:
        pass
    return taken


def _handle(ingest: Ingest, link: MqttLink, messages: Sequence[Message]) -> None:
    _publish(link, ingest.take(messages))


def _publish(link: MqttLink, watermarks: Sequence[Watermark]) -> None:
    for one in watermarks:
        link.publish(ack_topic(one.collector), one.payload(), retain=True)
