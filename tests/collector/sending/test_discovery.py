"""What Home Assistant is told, held by the keys that its documentation requires.

Source: the documentation of the MQTT integration, "MQTT discovery" and "MQTT sensor", of the sensor
entity's device classes with their units, and of its state classes.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import pytest
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, model_validator

from collector.profiles.profile import list_profiles, load_profile
from collector.reading import Reading, dump_content, dump_reading
from collector.sending.discovery import Announced, Discovery, Told

UNITS = {
    "power": {"W"},
    "energy": {"Wh"},
    "voltage": {"V"},
    "current": {"A"},
    "frequency": {"Hz"},
    "temperature": {"°C"},
    "apparent_power": {"VA"},
    "reactive_power": {"var"},
    "power_factor": {None, "%"},
    "battery": {"%"},
    None: {None, "h", "s", "MOhm", "varh", "VAh", "deg", "%", "min", "Ah", "dBm", "kW", "1"},
}


class Strict(BaseModel):
    """A part that has no other keys than those documented."""

    model_config = ConfigDict(extra="forbid")


class Availability(Strict):
    """Where it is said whether a sensor can be believed."""

    topic: str
    value_template: str


class HaDevice(Strict):
    """At least one identifier is required."""

    identifiers: Annotated[list[str], Field(min_length=1)]
    name: str
    model: str


class Origin(Strict):
    """The name is required where an origin is given."""

    name: str
    sw_version: str


class Sensor(Strict):
    """A sensor's discovery message."""

    name: str
    unique_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    state_topic: str
    value_template: str
    availability: Annotated[list[Availability], Field(min_length=1)]
    availability_mode: Literal["all", "any", "latest"]
    expire_after: Annotated[int, Field(ge=1)]
    device: HaDevice
    origin: Origin
    device_class: str | None = None
    state_class: Literal["measurement", "total", "total_increasing"] | None = None
    unit_of_measurement: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Sensor":
        assert self.unit_of_measurement in UNITS[self.device_class]
        assert (self.device_class == "energy") == (self.state_class == "total_increasing")
        return self


def told(profile: str, device: str = "roof-1") -> dict[str, Sensor]:
    """Return what is told of a device of a family, by topic."""
    discovery = Discovery("box", "homeassistant", 10)
    found = dict(discovery.messages([Announced(device, load_profile(profile))]))
    assert all(len(payload.encode()) < 12_000 for payload in found.values())
    return {topic: Sensor.model_validate_json(payload) for topic, payload in found.items()}


@pytest.mark.parametrize("profile", list_profiles())
def test_every_family_is_told_as_the_documentation_requires(profile: str) -> None:
    sensors = told(profile)

    ids = [sensor.unique_id for sensor in sensors.values()]
    assert len(ids) == len(set(ids))
    assert all(topic.startswith("homeassistant/sensor/box/roof-1_") for topic in sensors)


def test_the_energy_dashboard_finds_production_and_consumption() -> None:
    production = told("huawei_sun2000")["homeassistant/sensor/box/roof-1_energy_total/config"]
    meter = told("eastron_sdm")["homeassistant/sensor/box/roof-1_import_energy_total/config"]

    found = [
        (one.device_class, one.state_class, one.unit_of_measurement) for one in (production, meter)
    ]
    assert found == [("energy", "total_increasing", "Wh")] * 2


def rendered(sensor: Sensor, quantities: Mapping[str, int | Decimal | str]) -> str:
    """Return what Home Assistant makes of a reading: its templates are sandboxed Jinja."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    content = dump_content(Reading("roof-1", at, quantities, {}, "boot", 1))
    message = json.loads(dump_reading("abc", 7, content))
    return SandboxedEnvironment().from_string(sensor.value_template).render(value_json=message)


def test_a_value_is_taken_out_of_a_reading() -> None:
    sensor = told("huawei_sun2000")["homeassistant/sensor/box/roof-1_ac_power/config"]

    assert rendered(sensor, {"ac_power": Decimal("1835.5")}) == "1835.5"


def test_a_missing_value_is_none_and_never_zero() -> None:
    sensor = told("huawei_sun2000")["homeassistant/sensor/box/roof-1_ac_power/config"]

    assert rendered(sensor, {"frequency": 60}) == "None"


def test_a_device_is_available_while_it_and_its_collector_are() -> None:
    sensor = told("huawei_sun2000")["homeassistant/sensor/box/roof-1_ac_power/config"]

    assert [one.topic for one in sensor.availability] == [
        "minga/v1/box/status",
        "minga/v1/box/roof-1/status",
    ]
    template = SandboxedEnvironment().from_string(sensor.availability[0].value_template)
    assert template.render(value_json={"v": 1, "state": "online"}) == "online"


def test_nothing_can_be_commanded() -> None:
    profile = load_profile("deye_hybrid_3p")

    payloads = dict(Discovery("box", "ha", 10).messages([Announced("roof-1", profile)])).values()

    assert not any("command" in payload for payload in payloads)


def test_what_is_gone_is_taken_back_at_every_start(tmp_path: Path) -> None:
    path = tmp_path / "state" / "told.json"
    Told(path).replace({"a/config": "{}", "b/config": "{}"})

    found = [Told(path).replace({"a/config": "{}"}) for _ in range(2)]

    assert found == [{"b/config": "", "a/config": "{}"}] * 2


def test_an_unreadable_memory_is_like_none(tmp_path: Path) -> None:
    path = tmp_path / "told.json"
    path.write_text("{broken", encoding="utf-8")

    assert Told(path).replace({"a/config": "{}"}) == {"a/config": "{}"}


def test_a_memory_that_cannot_be_written_does_not_stop_measuring(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")

    told = Told(tmp_path / "file" / "told.json").replace({"a/config": "{}"})

    assert told == {"a/config": "{}"}
    assert "measuring goes on" in caplog.text
