"""Wire the parts of measuring into the service `collect`; decides nothing itself."""

import logging
import time
from collections.abc import Mapping, Sequence
from threading import Event, Thread

from collector.clock import Clock
from collector.clock_trust import choose_trust
from collector.devices.device import Device, open_devices
from collector.devices.device_state import DeviceState
from collector.devices.poller import Listeners, Poller
from collector.devices.rounds import BusDevices
from collector.guard import run_safely
from collector.moments import Moments, boot_of
from collector.mqtt import Handlers, MqttLink
from collector.sending.acceptance import Acceptance
from collector.sending.discovery import Announced, Discovery, Told
from collector.sending.outbox import Outbox
from collector.sending.uplink import OFFLINE, Uplink
from collector.settings import Installation
from collector.topics import ack_topic, status_topic

log = logging.getLogger(__name__)

HELD_S = 0.2
"""How soon to look again whether the clock was set, while readings wait for it."""


def run_collect(installation: Installation, clock: Clock, stop: Event) -> None:
    """Measure, accept and send until told to stop."""
    section = installation.collector
    state = DeviceState(section.state / "devices.sqlite")
    outbox = Outbox(section.state / "outbox.sqlite")
    moments = Moments(clock, boot_of(clock), choose_trust(clock, section.clock, outbox.newest_at()))
    devices = open_devices(installation, moments, state)
    acceptance = Acceptance(outbox, moments, section.gather_s)
    link, uplink = _connect_uplink(installation, outbox, _announce(installation, devices))
    listeners = Listeners(uplink.committed, lambda device, up: uplink.set_state(device, online=up))
    poller = Poller(_by_bus(installation, devices), acceptance, clock, section.poll_s, listeners)
    uplink.prune_after(1.5 * section.gather_s)
    sender = Thread(target=_send, args=(uplink, acceptance, stop), name="uplink", daemon=True)
    link.start()
    sender.start()
    log.info("collector %s polls %s devices", section.id, len(devices))
    poller.run(stop)
    run_safely(acceptance.flush, "the last commit")
    uplink.wake.set()
    sender.join()
    link.stop()
    for device in devices:
        device.close()
    state.close()
    outbox.close()


def _announce(installation: Installation, devices: Sequence[Device]) -> Mapping[str, str]:
    """Return what Home Assistant is told; switched off, what it was told is taken back."""
    section, mqtt = installation.collector, installation.mqtt
    discovery = Discovery(section.id, mqtt.home_assistant_prefix, section.poll_s)
    told = [Announced(device.id, device.profile) for device in devices]
    messages = dict(discovery.messages(told if mqtt.home_assistant else ()))
    return Told(section.state / "home-assistant.json").replace(messages)


def _connect_uplink(
    installation: Installation, outbox: Outbox, announced: Mapping[str, str]
) -> tuple[MqttLink, Uplink]:
    collector = installation.collector.id
    mqtt = installation.mqtt
    handlers = Handlers(
        lambda: uplink.on_connected(),  # noqa: PLW0108  the uplink is made after the link
        lambda message: uplink.on_acknowledged(message.payload),
    )
    link = MqttLink(
        mqtt.broker(collector),
        f"collector-{collector}",
        [ack_topic(collector)],
        handlers,
        will=(status_topic(collector), OFFLINE),
    )
    uplink = Uplink(collector, outbox, link, time.monotonic, announced)
    return link, uplink


def _send(uplink: Uplink, acceptance: Acceptance, stop: Event) -> None:
    while not stop.is_set():
        run_safely(acceptance.release_if_trusted, "releasing held readings")
        if not run_safely(uplink.step, "sending"):
            uplink.wake.wait(HELD_S if acceptance.holds() else uplink.idle_s())
            uplink.wake.clear()
    run_safely(uplink.farewell, "the farewell")


def _by_bus(installation: Installation, devices: Sequence[Device]) -> dict[str, BusDevices]:
    named = {device.id: device for device in devices}
    return {
        bus.id: BusDevices(
            [named[one.id] for one in installation.device if one.bus == bus.id],
            bus.budget_s or installation.collector.poll_s,
        )
        for bus in installation.bus
    }
