"""Served devices: real Modbus, one moment an answer, each answer on the disk before it leaves."""

import json
import socket
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pymodbus.client import ModbusTcpClient

from collector.errors import StateError
from collector.simulator.building import build_plant
from collector.simulator.community import modelled_community, replayed_community
from collector.simulator.plant import Plant
from collector.simulator.served import ServedLog
from collector.simulator.service import OpenPlant, serve_plant
from tests.collector.fakes import FakeClock
from tests.requirements import shared_data

HOST = "127.0.0.1"
SINCE = datetime(2026, 6, 1, 5, tzinfo=UTC)
NOON = SINCE + timedelta(days=2, hours=12)
MAY_DAY = datetime(2017, 5, 1, 20, 30, tzinfo=UTC)
IMPORT_KWH, ENERGY_TOTAL = 72, 32106


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "served.jsonl"


@pytest.fixture
def plant() -> Plant:
    return build_plant(modelled_community(5, 1, SINCE))


@pytest.fixture
def served(plant: Plant, clock: FakeClock, log_file: Path) -> Iterator[OpenPlant]:
    with ServedLog(log_file) as log, serve_plant(plant, HOST, clock, log) as opened:
        yield opened


@pytest.fixture
def line(served: OpenPlant) -> Iterator[ModbusTcpClient]:
    with ModbusTcpClient(HOST, port=served.ports["line-1"], retries=0) as client:
        yield client


def test_a_float_meter_serves_what_it_says(line: ModbusTcpClient, plant: Plant) -> None:
    words = line.read_input_registers(IMPORT_KWH, count=2, device_id=1).registers

    kwh = struct.unpack(">f", struct.pack(">HH", *words))[0]

    assert round(kwh * 1_000) == plant.buses[3].devices[1].counter_wh(NOON)


def test_a_counter_follows_the_clock(served: OpenPlant, clock: FakeClock, plant: Plant) -> None:
    with ModbusTcpClient(HOST, port=served.ports["roof-school"], retries=0) as client:
        before = client.read_holding_registers(ENERGY_TOTAL, count=2).registers
        clock.at += timedelta(hours=2)
        after = client.read_holding_registers(ENERGY_TOTAL, count=2).registers

    roof = plant.buses[0].devices[1]
    tens = [high * 65_536 + low for high, low in (before, after)]
    assert tens == [
        roof.counter_wh(NOON) // 10,
        roof.counter_wh(NOON + timedelta(hours=2)) // 10,
    ]


def test_every_answer_is_on_the_disk_when_it_arrives(
    line: ModbusTcpClient, log_file: Path, plant: Plant
) -> None:
    line.read_input_registers(IMPORT_KWH, count=2, device_id=1)

    [entry] = [json.loads(text) for text in log_file.read_text().splitlines()]

    assert entry == {
        "at": "2026-06-03T17:00:00.000000+00:00",
        "device": "home-01",
        "function_code": 4,
        "address": 72,
        "count": 2,
        "counter": "import_energy_total",
        "value": plant.buses[3].devices[1].counter_wh(NOON),
    }


def test_nobody_answers_for_a_unit_that_is_not_there(line: ModbusTcpClient, log_file: Path) -> None:
    answer = line.read_input_registers(IMPORT_KWH, count=2, device_id=200)

    assert (answer.isError(), log_file.read_text()) == (True, "")


def test_a_register_that_the_device_does_not_have_is_refused(line: ModbusTcpClient) -> None:
    assert line.read_input_registers(20_000, count=2, device_id=1).exception_code == 2


def test_a_write_is_refused_and_counted(line: ModbusTcpClient, served: OpenPlant) -> None:
    answer = line.write_register(IMPORT_KWH, 1, device_id=1)

    assert (answer.exception_code, served.function_codes) == (1, {6: 1})


def test_a_port_in_use_is_named(plant: Plant, clock: FakeClock) -> None:
    port = plant.buses[0].port

    with (
        socket.create_server((HOST, port)),
        ServedLog(None) as log,
        pytest.raises(StateError, match=str(port)),
        serve_plant(plant, HOST, clock, log),
    ):
        pass


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be written"):
        ServedLog(tmp_path / "absent" / "log")


@pytest.mark.parametrize(("unit", "offset"), [(1, 46), (2, 38)])
def test_a_replayed_home_serves_two_sunspec_meters_that_count_whole_watt_hours(
    unit: int, offset: int
) -> None:
    replayed = build_plant(replayed_community(shared_data() / "fontana"))
    meter = replayed.buses[0].devices[unit]

    with (
        ServedLog(None) as log,
        serve_plant(replayed, HOST, FakeClock(MAY_DAY), log) as opened,
        ModbusTcpClient(HOST, port=opened.ports["h01-gateway"], retries=0) as client,
    ):
        head = client.read_holding_registers(40_000, count=4, device_id=unit).registers
        model_at = 40_004 + head[3]
        model = client.read_holding_registers(model_at, count=107, device_id=unit).registers

    assert head[:2] == [0x5375, 0x6E53]
    assert model[:2] == [203, 105]
    assert model[54] == 0
    assert model[offset] * 65_536 + model[offset + 1] == meter.counter_wh(MAY_DAY)
