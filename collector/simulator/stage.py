"""The installation around a simulated plant: its minga.toml, and its past fed through ingest."""

import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from collector.errors import CollectorError, StateError
from collector.intake.ingest import Ingest
from collector.mqtt import Message
from collector.reading import Reading, dump_content, dump_reading
from collector.simulator.description import DevicePart, PlantDescription, SunFlow
from collector.topics import backlog_topic

COLLECTOR = "demo"
PAST = "history"
EPOCH = "rehearsal"
BATCH_READINGS = 30
BATCH_MESSAGES = 100

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Stage:
    """What an installation on loopback needs to be told."""

    name: str
    timezone: str
    web_port: int
    mqtt_port: int
    poll_s: float
    store: str = 'store = "sqlite"'


def installation_toml(plant: PlantDescription, stage: Stage) -> str:
    """Write the minga.toml that reads every device of a plant."""
    coop = f'id = "demo"\nname = "{stage.name}"\ntimezone = "{stage.timezone}"\n'
    parts = [
        f"{stage.store}\n",
        f'[coop]\n{coop}database = "state/coop.sqlite"\n',
        f'address = "http://127.0.0.1:{stage.web_port}"\n',
        f'[collector]\nid = "{COLLECTOR}"\nstate = "state/collector"\n',
        f"poll_s = {stage.poll_s}\ncommit_s = 0\n",
        f'[mqtt]\nhost = "127.0.0.1"\nport = {stage.mqtt_port}\n',
        '[ingest]\nstate = "state/ingest"\n',
        f'[web]\nhost = "127.0.0.1"\nport = {stage.web_port}\n',
    ]
    parts += [
        f'[[bus]]\nid = "{bus.id}"\nurl = "tcp://127.0.0.1:{bus.port}"\n' for bus in plant.bus
    ]
    parts += [
        f'[[device]]\nid = "{device.id}"\nbus = "{device.bus}"\nunit = {device.unit}\n'
        f'profile = "{device.profile}"\n{_rating(device)}'
        for device in plant.device
    ]
    return "\n".join(parts)


def _rating(device: DevicePart) -> str:
    """Write what stands on the plate of a modelled roof's inverter."""
    flow = device.flow
    return f"rated_power_w = {flow.inverter_w}\n" if isinstance(flow, SunFlow) else ""


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def refuse_taken(port: int) -> None:
    """Raise CollectorError if somebody listens on a port of this machine."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise CollectorError(f"demo: port {port} is in use; choose another with --port")


def feed(past: Iterable[Reading], ingest: Ingest, progress: Callable[[int], None]) -> int:
    """Hand past readings to ingest as a collector's backlog; return how many it took."""
    numbered = enumerate(past, start=1)
    seq = 0
    for messages in _in_batches(_as_messages(numbered), BATCH_MESSAGES):
        told = ingest.take(messages)
        if not told:
            raise StateError("the past could not be stored; its own message stands above")
        seq = told[-1].seq
        progress(seq)
    ingest.remember()
    return seq


def write_stage(folder: Path, plant: PlantDescription, stage: Stage) -> tuple[Path, Path]:
    """Write plant.json and minga.toml into a folder; return both."""
    plant_file, config = folder / "plant.json", folder / "minga.toml"
    plant.save(plant_file)
    config.write_text(installation_toml(plant, stage), encoding="utf-8")
    return plant_file, config


def _as_messages(numbered: Iterator[tuple[int, Reading]]) -> Iterator[Message]:
    for batch in _in_batches(numbered, BATCH_READINGS):
        texts = [
            dump_reading(EPOCH, seq, dump_content(reading), reading.device)
            for seq, reading in batch
        ]
        yield Message(backlog_topic(PAST), f"[{','.join(texts)}]".encode())


def _in_batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    each = iter(items)
    while batch := list(islice(each, size)):
        yield batch
