"""CPU of one device poll: our collector against the loop that one would write first.

Both read the same simulated meters over Modbus TCP and hand each reading to the same kind of broker.
Ours commits every cycle durably and says nothing twice; the naive loop keeps nothing.
"""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from collector.outbox import Outbox
from collector.simulator.community import modelled_community
from collector.simulator.stage import Stage, write_stage
from tests.bench.figure import Figure
from tests.faults.processes import Program, answers, free_port, minga, mosquitto, wait_until

HOMES = 17
"""With three roofs that makes twenty devices."""
MEASURED_S = 20.0
POLL_S = 0.5


def measure() -> list[Figure]:
    """Return CPU a device poll in milliseconds, and the collector's memory."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> list[Figure]:
    mqtt_port = free_port()
    plant = modelled_community(HOMES, 1, datetime.now(UTC))
    stage = Stage("Bench", "UTC", free_port(), mqtt_port, POLL_S)
    plant_file, config = write_stage(folder, plant, stage)
    broker = mosquitto(folder, mqtt_port)
    around = [broker, minga("simulate", folder, "simulate", str(plant_file))]
    ingest = minga("ingest", folder, "--config", str(config), "ingest")
    collect = minga("collect", folder, "--config", str(config), "collect")
    naive = Program("naive", [sys.executable, "-m", "tests.bench.naive_loop", str(config)], folder)
    try:
        for program in (*around, ingest):
            program.start()
        wait_until(lambda: all(answers(bus.port) for bus in plant.bus), "the plant", 60)
        ours_ms, ours_mb = _our_cost(folder, collect)
        naive_ms = _naive_cost(naive, folder)
    finally:
        for program in (collect, naive, ingest, *around):
            program.stop()
    return [
        Figure("CPU of a device poll, 20 devices", ours_ms, "ms", naive_ms),
        Figure("collector, memory", ours_mb, "MB", None, "at most 60"),
    ]


def _our_cost(folder: Path, collect: Program) -> tuple[float, float]:
    collect.start()
    outbox = Outbox(folder / "state" / "collector" / "outbox.sqlite")
    wait_until(lambda: outbox.last_seq >= 5 * (HOMES + 3), "the collector polls", 60)
    process = psutil.Process(collect.pid)
    before, seq = process.cpu_times(), outbox.last_seq
    time.sleep(MEASURED_S)
    after, polls = process.cpu_times(), outbox.last_seq - seq
    memory = process.memory_info().rss / 1e6
    collect.stop()
    outbox.close()
    return 1000 * (after.user + after.system - before.user - before.system) / polls, memory


def _naive_cost(naive: Program, folder: Path) -> float:
    naive.start()
    result = folder / "naive.json"
    wait_until(result.exists, "the naive loop ends", 120)
    figures = json.loads(result.read_text())
    return float(figures["cpu_s"] * 1000 / figures["polls"])
