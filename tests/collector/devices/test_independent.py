"""Ours against programs of others: mbpoll asks what we serve, we ask what pymodbus serves."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from click.testing import CliRunner
from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from collector.devices.commands import device
from collector.profiles.profile import load_profile
from tests.collector.scanning.roofs import at_noon, image_of
from tests.collector.scanning.test_scan_command import NoFile
from tests.requirements import ROOT, require_program

CAPTURE = {"blocks": [{"function_code": 3, "start_address": 30127, "registers": [7, 1835, 65535]}]}
METER = "eastron_sdm"


def minga(*arguments: str) -> Any:  # noqa: ANN401  JSON
    """Run `minga device … --json`; return what it answers."""
    told = CliRunner().invoke(device, [*arguments, "--json"], obj=NoFile(), catch_exceptions=False)
    return json.loads(told.stdout)


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Write a capture."""
    file = tmp_path / "capture.jsonl"
    file.write_text(json.dumps(CAPTURE), encoding="utf-8")
    return file


@pytest.fixture
def line(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Join two serial ports by a wire."""
    ends = (tmp_path / "ours", tmp_path / "theirs")
    wire = subprocess.Popen(
        [require_program("socat"), *(f"pty,raw,echo=0,link={end}" for end in ends)],
        stderr=subprocess.PIPE,
    )
    with wire:
        while not all(end.exists() for end in ends):
            assert wire.poll() is None
        yield ends
        wire.terminate()


@contextmanager
def serving(file: Path, listen: str, *options: str) -> Iterator[str]:
    """Run `minga device serve`; yield where it says that it serves."""
    command = [sys.executable, "minga.py", "device", "serve", str(file), "--listen", listen]
    with subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield process.stdout.readline().split()[2].rstrip(",")
        process.send_signal(signal.SIGINT)


def mbpoll(*where: str) -> str:
    """Read three holding registers from 30127 on."""
    told = subprocess.run(
        [require_program("mbpoll"), "-0", "-r", "30127", "-c", "3", "-t", "4:hex", "-1", *where],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return told.stdout + told.stderr


WORDS = ["[30127]: \t0x0007", "[30128]: \t0x072B", "[30129]: \t0xFFFF"]


def test_mbpoll_reads_what_is_served_over_tcp(capture: Path) -> None:
    with serving(capture, "tcp://127.0.0.1:0") as url:
        told = mbpoll("-m", "tcp", "-p", url.rpartition(":")[2], "-a", "9", "127.0.0.1")

    assert [word for word in WORDS if word not in told] == []


def test_mbpoll_reads_what_is_served_on_a_serial_line(
    capture: Path, line: tuple[Path, Path]
) -> None:
    ours, theirs = line
    with serving(capture, f"rtu://{ours}?baudrate=19200", "--unit", "9"):
        told = mbpoll("-m", "rtu", "-b", "19200", "-P", "none", "-a", "9", str(theirs))

    assert [word for word in WORDS if word not in told] == []


def test_a_unit_that_is_not_served_does_not_answer(capture: Path) -> None:
    with serving(capture, "tcp://127.0.0.1:0", "--unit", "9") as url:
        told = mbpoll("-m", "tcp", "-p", url.rpartition(":")[2], "-a", "8", "127.0.0.1")

    assert "Target device failed to respond" in told


Server = ModbusTcpServer | ModbusSerialServer


@contextmanager
def pymodbus_server(make: Callable[[list[SimDevice]], Server]) -> Iterator[str]:
    """Run pymodbus' own simulator with a meter as unit 5; yield its port, if it has one."""
    ready, port = Event(), [""]
    loop = asyncio.new_event_loop()
    done = asyncio.Event()

    async def run() -> None:
        async with _running(make([simulated_meter(5)])) as server:
            if isinstance(server.transport, asyncio.Server):
                port[0] = str(server.transport.sockets[0].getsockname()[1])
            ready.set()
            await done.wait()

    thread = Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        assert ready.wait(30)
        yield port[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


@asynccontextmanager
async def _running(server: Server) -> AsyncIterator[Server]:
    await server.serve_forever(background=True)
    try:
        yield server
    finally:
        await server.shutdown()
        await asyncio.sleep(0)


def simulated_meter(unit: int) -> SimDevice:
    """Give pymodbus' simulator the input registers of a meter at noon."""
    image = image_of(METER, at_noon(load_profile(METER)))
    words = [
        SimData(address, values=word, datatype=DataType.REGISTERS)
        for (code, address), word in sorted(image.items())
        if code == 4
    ]
    empty = [SimData(0, datatype=DataType.REGISTERS)]
    bits = [SimData(0, values=False, datatype=DataType.BITS)]
    return SimDevice(unit, (bits, bits, empty, words))


def read_and_scan(url: str) -> tuple[Mapping[str, object], Sequence[object]]:
    """Read the meter, and look for it."""
    quick = ("--gap-ms", "0", "--timeout", "0.5")
    answer = minga("read", "--profile", METER, url, "--unit", "5")
    found = minga("scan", url, "--units", "4-6", *quick)
    values = {one["quantity"]: one["value"] for one in answer["quantities"]}
    fits = [(one["unit"], one["profiles"][0]["profile"]) for one in found["units"]]
    return values, fits


def test_pymodbus_server_is_read_and_found_over_tcp() -> None:
    with pymodbus_server(lambda meters: ModbusTcpServer(meters, address=("127.0.0.1", 0))) as port:
        values, fits = read_and_scan(f"tcp://127.0.0.1:{port}")

    assert (values["grid_power"], values["frequency"]) == (420, 59.98)
    assert fits == [(5, METER)]


def test_pymodbus_server_is_read_and_found_in_rtu_frames_over_tcp() -> None:
    with pymodbus_server(
        lambda meters: ModbusTcpServer(
            meters, framer=FramerType.RTU, address=("127.0.0.1", 0), ignore_missing_devices=True
        )
    ) as port:
        values, fits = read_and_scan(f"rtu+tcp://127.0.0.1:{port}")

    assert (values["grid_power"], values["frequency"]) == (420, 59.98)
    assert fits == [(5, METER)]


def test_pymodbus_server_is_read_and_found_on_a_serial_line(line: tuple[Path, Path]) -> None:
    ours, theirs = line
    with pymodbus_server(
        lambda meters: ModbusSerialServer(
            meters, port=str(theirs), baudrate=115_200, ignore_missing_devices=True
        )
    ):
        values, fits = read_and_scan(f"rtu://{os.path.realpath(ours)}?baudrate=115200")

    assert (values["grid_power"], values["frequency"]) == (420, 59.98)
    assert fits == [(5, METER)]
