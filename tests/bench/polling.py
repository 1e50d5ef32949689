"""CPU of one device poll until it is stored: our services against the loop one would write first.

Both read the same simulated meters over Modbus TCP and use one broker. Ours commits every cycle
durably, stores it and confirms it; the naive loop publishes to itself and writes each message to
InfluxDB with influxdb-client, and keeps nothing.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from collector.sending.outbox import Outbox
from collector.simulator.community import modelled_community
from collector.simulator.stage import Stage, write_stage
from tests.bench.figure import Figure
from tests.collector.stores.influxd import Influxd, running_influxd
from tests.faults.processes import Program, answers, free_port, minga, mosquitto, wait_until
from tests.requirements import ROOT

HOMES = 17
"""With three roofs that makes twenty devices."""
MEASURED_S = 20.0
POLL_S = 0.5


def measure() -> list[Figure]:
    """Return CPU a device poll in milliseconds, and the memory of both services."""
    with tempfile.TemporaryDirectory() as folder, running_influxd(_made(folder, "i")) as server:
        return _measure(_made(folder, "w"), server)


def _measure(folder: Path, server: Influxd) -> list[Figure]:
    mqtt_port = free_port()
    plant = modelled_community(HOMES, 1, datetime.now(UTC))
    stage = Stage("Bench", "UTC", free_port(), mqtt_port, POLL_S)
    plant_file, config = write_stage(folder, plant, stage)
    around = [
        mosquitto(folder, mqtt_port),
        minga("simulate", folder, "simulate", str(plant_file)),
    ]
    ours = [minga(name, folder, "--config", str(config), name) for name in ("ingest", "collect")]
    naive = _naive(folder, config, server)
    try:
        for program in around:
            program.start()
        wait_until(lambda: all(answers(bus.port) for bus in plant.bus), "the plant", 60)
        costs = _our_costs(folder, ours)
        naive_ms = _naive_cost(naive, folder)
    finally:
        for program in (*ours, naive, *around):
            program.stop()
    name = "CPU of a device poll, 20 devices"
    return [
        Figure(f"{name}: measured, accepted, stored", sum(costs.cpu_ms), "ms", naive_ms),
        Figure(f"{name}: the collector's part", costs.cpu_ms[1], "ms"),
        Figure("collect, memory", costs.memory_mb[1], "MB", None, "at most 60"),
    ]


def _made(folder: str, name: str) -> Path:
    made = Path(folder) / name
    made.mkdir()
    return made


def _naive(folder: Path, config: Path, server: Influxd) -> Program:
    bucket = server.create_database("naive")
    arguments = [str(config), server.url, server.token, bucket]
    command = [sys.executable, "-m", "tests.bench.naive_loop", *arguments]
    return Program("naive", command, folder, {"PYTHONPATH": str(ROOT)})


@dataclass(frozen=True, slots=True)
class Costs:
    """What each of some processes took for a device poll."""

    cpu_ms: list[float]
    memory_mb: list[float]


def _our_costs(folder: Path, programs: Sequence[Program]) -> Costs:
    for program in programs:
        program.start()
    outbox = Outbox(folder / "state" / "collector" / "outbox.sqlite")
    wait_until(lambda: outbox.pruned_seq >= 5 * (HOMES + 3), "readings are stored", 60)
    processes = [psutil.Process(program.pid) for program in programs]
    before, seq = [_cpu_s(one) for one in processes], outbox.last_seq
    time.sleep(MEASURED_S)
    polls = outbox.last_seq - seq
    outbox.close()
    used = [_cpu_s(one) - earlier for one, earlier in zip(processes, before, strict=True)]
    memory = [one.memory_info().rss / 1e6 for one in processes]
    for program in programs:
        program.stop()
    return Costs([1000 * cpu_s / polls for cpu_s in used], memory)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _naive_cost(naive: Program, folder: Path) -> float:
    naive.start()
    result = folder / "naive.json"
    wait_until(result.exists, "the naive loop ends", 120)
    figures = json.loads(result.read_text())
    return float(figures["cpu_s"] * 1000 / figures["polls"])
