"""Wire the parts into the two services `collect` and `ingest`; decides nothing itself."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread

from collector.clock import Clock
from collector.devices import Device, open_devices
from collector.errors import ConfigurationError
from collector.ingest import Ingest, Watermark
from collector.journal import Journal
from collector.mqtt import Broker, Handlers, Message, MqttLink
from collector.outbox import Outbox
from collector.poller import Listeners, Poller
from collector.settings import Installation, MqttSection
from collector.stores import ReadingStore
from collector.topics import INGEST_FILTERS, ack_topic, status_topic
from collector.uplink import OFFLINE, Uplink

log = logging.getLogger(__name__)

QUEUE_MESSAGES = 2_000
BATCH_MESSAGES = 200
REMEMBER_EVERY_S = 5.0
IDLE_S = 0.2


def run_collect(installation: Installation, clock: Clock, stop: Event) -> None:
    """Measure, accept and send until told to stop."""
    section = installation.collector
    devices = open_devices(installation, clock)
    outbox = Outbox(section.state / "outbox.sqlite")
    link, uplink = _connect_uplink(installation, outbox)
    listeners = Listeners(uplink.committed, lambda device, up: uplink.set_state(device, online=up))
    poller = Poller(_by_bus(installation, devices), outbox, clock, section.poll_s, listeners)
    sender = Thread(target=_send, args=(uplink, stop), name="uplink", daemon=True)
    link.start()
    sender.start()
    log.info("collector %s polls %s devices", section.id, len(devices))
    poller.run(stop)
    sender.join()
    link.stop()
    for device in devices:
        device.close()
    outbox.close()


def run_ingest(
    installation: Installation, store: ReadingStore, clock: Clock, stop: Event
) -> None:
    """Take messages, store or quarantine them, acknowledge, until told to stop."""
    journal = Journal(installation.ingest.state / "journal.sqlite")
    ingest = Ingest(store, journal, clock.now)
    inbox: Queue[Message] = Queue(QUEUE_MESSAGES)
    connected = Event()
    handlers = Handlers(connected.set, lambda message: _put(inbox, message, stop))
    section = installation.ingest
    broker = _broker(installation.mqtt, section.username or "ingest", section.password_file)
    link = MqttLink(broker, f"ingest-{time.monotonic_ns()}", INGEST_FILTERS, handlers)
    link.start()
    log.info("ingest listens, store is %s", installation.store)
    _ingest_until(stop, ingest, inbox, connected, link)
    link.stop()
    ingest.remember()
    journal.close()
    store.close()


def _connect_uplink(installation: Installation, outbox: Outbox) -> tuple[MqttLink, Uplink]:
    collector = installation.collector.id
    mqtt = installation.mqtt
    handlers = Handlers(
        lambda: uplink.on_connected(), lambda message: uplink.on_acknowledged(message.payload)
    )
    link = MqttLink(
        _broker(mqtt, mqtt.username or collector, mqtt.password_file),
        f"collector-{collector}",
        [ack_topic(collector)],
        handlers,
        will=(status_topic(collector), OFFLINE),
    )
    uplink = Uplink(collector, outbox, link, time.monotonic)
    return link, uplink


def _send(uplink: Uplink, stop: Event) -> None:
    while not stop.is_set():
        if not _safely(uplink.step, "sending"):
            uplink.wake.wait(IDLE_S)
            uplink.wake.clear()
    _safely(uplink.farewell, "the farewell")


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
            _safely(lambda batch=messages: _publish(link, ingest.take(batch)), "a batch")
        if time.monotonic() - remembered_s > REMEMBER_EVERY_S:
            remembered_s = time.monotonic()
            _safely(ingest.remember, "the journal")


def _safely(work: Callable[[], object], what: str) -> object:
    try:
        return work()
    except Exception:
        log.exception("%s failed; the next one goes on", what)
        return None


def _put(inbox: "Queue[Message]", message: Message, stop: Event) -> None:
    while not stop.is_set():
        try:
            inbox.put(message, timeout=IDLE_S)
            return
        except Full:
            continue


def _take(inbox: "Queue[Message]") -> list[Message]:
    taken: list[Message] = []
    try:
        taken.append(inbox.get(timeout=IDLE_S))
        while len(taken) < BATCH_MESSAGES:
            taken.append(inbox.get_nowait())
    except Empty:
        pass
    return taken


def _publish(link: MqttLink, watermarks: Sequence[Watermark]) -> None:
    for one in watermarks:
        link.publish(ack_topic(one.collector), one.payload(), retain=True)


def _by_bus(
    installation: Installation, devices: Sequence[Device]
) -> dict[str, list[Device]]:
    named = {device.id: device for device in devices}
    return {
        bus.id: [named[one.id] for one in installation.device if one.bus == bus.id]
        for bus in installation.bus
    }


def _broker(mqtt: MqttSection, username: str, password_file: Path | None) -> Broker:
    if password_file is None:
        return Broker(mqtt.host, mqtt.port, tls_ca=mqtt.tls_ca)
    try:
        password = password_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(
            "minga.toml", [f"password_file {password_file} cannot be read ({error.strerror})"]
        ) from error
    return Broker(mqtt.host, mqtt.port, username, password, mqtt.tls_ca)
