"""The hidden commands as processes: ready line, clean end, one clear line for bad input."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pymodbus.client import ModbusTcpClient

from collector.simulator.commands import broker, simulate
from collector.simulator.community import modelled_community
from tests.requirements import ROOT

PATIENCE_S = 20
SINCE = datetime(2026, 6, 1, 5, tzinfo=UTC)


@pytest.fixture
def plant_file(tmp_path: Path) -> Path:
    path = tmp_path / "plant.json"
    modelled_community(5, 1, SINCE).save(path)
    return path


def start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "minga", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def simulator(plant_file: Path) -> "Iterator[subprocess.Popen[str]]":
    with start("simulate", str(plant_file)) as process:
        yield process
        process.kill()


def first_line(process: "subprocess.Popen[str]") -> dict[str, dict[str, int]]:
    assert process.stdout is not None
    said: dict[str, dict[str, int]] = json.loads(process.stdout.readline())
    return said


def test_the_simulator_says_its_ports_serves_and_ends_with_what_it_was_asked(
    simulator: "subprocess.Popen[str]",
) -> None:
    ports = first_line(simulator)["ready"]

    with ModbusTcpClient("127.0.0.1", port=ports["line-1"], retries=0) as client:
        assert not client.read_input_registers(72, count=2, device_id=3).isError()
    simulator.send_signal(signal.SIGINT)
    rest, complaints = simulator.communicate(timeout=PATIENCE_S)

    assert (simulator.returncode, complaints) == (0, "")
    assert json.loads(rest) == {"asked": {"4": 1}}


def test_the_broker_says_that_it_is_ready_and_ends_cleanly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with start("broker", "--port", str(port)) as process:
        ready = first_line(process)
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=PATIENCE_S)

    assert (ready, process.returncode, complaints) == ({"ready": {"mqtt": port}}, 0, "")


def test_a_port_in_use_is_one_line_and_bad_input() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        start("broker", "--port", str(taken.getsockname()[1])) as process,
    ):
        _, complaints = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 2
    assert complaints.count("\n") == 1
    assert "choose another port" in complaints


def test_an_absent_plant_is_one_line_and_bad_input(tmp_path: Path) -> None:
    with start("simulate", str(tmp_path / "none.json")) as process:
        _, complaints = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 2
    assert (
        complaints == f"minga: {tmp_path}/none.json: cannot be read (No such file or directory)\n"
    )


@pytest.mark.parametrize("command", [broker, simulate])
def test_help_has_an_example(command: object) -> None:
    answer = CliRunner().invoke(command, ["--help"])  # type: ignore[arg-type]  # click's own union

    assert "Example: minga" in answer.output
