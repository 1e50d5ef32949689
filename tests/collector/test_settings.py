"""Settings: every rule that needs two entries at once, and names that cannot be."""

import pytest
from pydantic import ValidationError

from collector.settings import Installation

BUS = {"id": "gateway", "url": "tcp://127.0.0.1:5020"}
DEVICE = {"id": "roof-1", "bus": "gateway", "unit": 1, "profile": "huawei_sun2000"}


def test_an_empty_file_is_a_working_installation() -> None:
    installation = Installation()

    assert (installation.store, installation.collector.poll_s) == ("sqlite", 10)


def test_two_devices_with_one_unit_on_one_bus_are_refused() -> None:
    other = DEVICE | {"id": "roof-2"}

    with pytest.raises(ValidationError, match="unit 1 on bus gateway; each may stand once"):
        Installation.model_validate({"bus": [BUS], "device": [DEVICE, other]})


def test_a_device_on_a_bus_that_is_not_there_is_refused() -> None:
    with pytest.raises(
        ValidationError, match="device roof-1 is on bus 'gateway', known buses: none"
    ):
        Installation.model_validate({"device": [DEVICE]})


@pytest.mark.parametrize("name", ["Roof 1", "", "a" * 33, "ingest", "ack", "reading", "status"])
def test_a_device_name_that_mqtt_could_not_carry_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Installation.model_validate({"bus": [BUS], "device": [DEVICE | {"id": name}]})


@pytest.mark.parametrize(
    "told", [{"timezone": "America/Lma"}, {"rated_power_w": 0}, {"serial": ""}]
)
def test_what_cannot_be_true_of_a_device_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Installation.model_validate({"bus": [BUS], "device": [DEVICE | told]})


def test_influxdb_without_its_section_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"needs a section \[influxdb\]"):
        Installation.model_validate({"store": "influxdb"})


def test_all_rules_are_told_at_once() -> None:
    broken = {"bus": [BUS, BUS], "device": [DEVICE, DEVICE]}

    with pytest.raises(ValidationError) as caught:
        Installation.model_validate(broken)

    assert "bus id stands 2 times" in str(caught.value)
    assert "device id stands 2 times" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://host", "is not understood; allowed: tcp://host:port"),
        ("tcp://host:502/unit", "holds more than a host and a port"),
        ("rtu:///dev/ttyUSB0?baud=9600", "baud=9600 is not understood"),
        ("rtu:///dev/ttyUSB0?parity=X", "parity=X is not understood"),
    ],
)
def test_a_bus_url_that_makes_no_sense_is_known_before_anything_starts(
    url: str, problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        Installation.model_validate({"bus": [BUS | {"url": url}]})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tcp://gate", "tcp://gate:502"),
        ("tcp://gate:4196", "rtu+tcp://gate:4196"),
        ("rtu:///dev/ttyUSB0", "rtu:///dev/ttyUSB0?baudrate=9600"),
    ],
)
def test_one_gateway_or_port_carries_one_bus(one: str, other: str) -> None:
    with pytest.raises(ValidationError, match="gateway stands 2 times"):
        Installation.model_validate({"bus": [{"id": "a", "url": one}, {"id": "b", "url": other}]})


@pytest.mark.parametrize(
    "told", [{"gap_ms": -1}, {"gap_ms": 1_001}, {"budget_s": 0}, {"timeout_s": 61}]
)
def test_what_cannot_be_asked_of_a_bus_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Installation.model_validate({"bus": [BUS | told]})
