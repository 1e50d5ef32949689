"""Reads over a simulated serial line at 9600 baud: ours and pymodbus' own client, beside the wire.

The wire's time is that of all characters and silences: request, 3.5, answer, 3.5.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from pymodbus.client import ModbusSerialClient

from collector.devices.modbus import Bus
from tests.bench.figure import Figure
from tests.bench.paced_device import SILENT_CHARACTERS
from tests.requirements import ROOT

BAUDRATE = 9_600
BITS = 10
"""Start, eight of data, no parity, one stop."""
CHARACTER_S = BITS / BAUDRATE
MEASURED_S = 5.0
COUNTS = (10, 30, 125)


def measure() -> list[Figure]:
    """Return the time of a read beside the wire's, and its CPU, for reads of several lengths."""
    with _line() as port:
        return [figure for count in COUNTS for figure in _measure(port, count)]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one read took."""

    wall_ms: float
    cpu_ms: float


def _measure(port: str, count: int) -> list[Figure]:
    wire_ms = 1_000 * _wire_s(count)
    with closing(Bus(f"rtu://{port}?baudrate={BAUDRATE}")) as bus:
        ours = _cost(lambda: bus.read(1, 3, 100, count), count)
    client = ModbusSerialClient(port, baudrate=BAUDRATE, timeout=2, retries=0)
    client.connect()
    ask = client.read_holding_registers
    theirs = _cost(lambda: ask(100, count=count, device_id=1).registers, count)
    client.close()
    what = f"9600 baud, {count} registers"
    return [
        Figure(f"{what}: ours and the wire", ours.wall_ms, "ms", wire_ms, "at most 1.15 times"),
        Figure(f"{what}: pymodbus' client and the wire", theirs.wall_ms, "ms", wire_ms),
        Figure(f"{what}: CPU of a read, ours and pymodbus'", ours.cpu_ms, "ms", theirs.cpu_ms),
    ]


def _wire_s(count: int) -> float:
    request, answer = 8, 5 + 2 * count
    return CHARACTER_S * (request + SILENT_CHARACTERS + answer + SILENT_CHARACTERS)


def _cost(read: Callable[[], list[int]], count: int) -> Cost:
    reads = max(round(MEASURED_S / _wire_s(count)), 12)
    expected = list(range(1_100, 1_100 + count))
    assert read() == expected
    begun, used = time.perf_counter(), _cpu_s()
    for _ in range(reads):
        assert read() == expected
    wall_s, cpu_s = time.perf_counter() - begun, _cpu_s() - used
    return Cost(1_000 * wall_s / reads, 1_000 * cpu_s / reads)


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _line() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.paced_device", str(CHARACTER_S)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as device:
        assert device.stdin is not None
        assert device.stdout is not None
        yield device.stdout.readline().strip()
        device.stdin.close()
