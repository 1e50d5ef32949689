"""Tells Home Assistant which sensors there are: one retained message for each polled quantity.

Nothing can be commanded: there are sensors only, and no command topic exists.
"""

import importlib.metadata
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector.profiles.profile import Profile
from collector.profiles.register import Register
from collector.topics import reading_topic, status_topic

log = logging.getLogger(__name__)

FEWEST_EXPIRE_S = 60
POLLS_TO_EXPIRE = 5
"""A value is shown as unknown when it did not come again for so many polls."""

_CLASSES: Mapping[str, str] = {
    "W": "power",
    "Wh": "energy",
    "V": "voltage",
    "A": "current",
    "Hz": "frequency",
    "°C": "temperature",
    "VA": "apparent_power",
    "var": "reactive_power",
}
_STATE = "{{ value_json.state }}"


@dataclass(frozen=True, slots=True)
class Announced:
    """A device as Home Assistant is told of it."""

    id: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one collector tells, and under which prefix Home Assistant listens."""

    collector: str
    prefix: str
    poll_s: float

    def messages(self, devices: Iterable[Announced]) -> Iterator[tuple[str, str]]:
        """Yield topic and payload for every sensor."""
        for device in devices:
            for register in _numbered_once(device.profile):
                topic = self._topic(device.id, register.quantity)
                yield topic, json.dumps(self._sensor(device, register), ensure_ascii=False)

    def _topic(self, device: str, quantity: str) -> str:
        return f"{self.prefix}/sensor/{self.collector}/{device}_{quantity}/config"

    def _sensor(self, device: Announced, register: Register) -> dict[str, Any]:
        quantity, is_text = register.quantity, _is_text(register)
        sensor = {
            "name": quantity.replace("_", " "),
            "unique_id": f"minga_{self.collector}_{device.id}_{quantity}",
            "state_topic": reading_topic(self.collector, device.id),
            # `get` gives none where the reading has no value: unknown, and never zero.
            "value_template": f"{{{{ value_json.q.get('{quantity}') }}}}",
            "availability": [
                {"topic": status_topic(self.collector), "value_template": _STATE},
                {"topic": status_topic(self.collector, device.id), "value_template": _STATE},
            ],
            "availability_mode": "all",
            "expire_after": max(round(self.poll_s * POLLS_TO_EXPIRE), FEWEST_EXPIRE_S),
            "device": self._device(device),
            "origin": {"name": "Minga", "sw_version": importlib.metadata.version("minga")},
        }
        return sensor if is_text else sensor | _measured(quantity, register.unit)

    def _device(self, device: Announced) -> dict[str, Any]:
        return {
            "identifiers": [f"minga_{self.collector}_{device.id}"],
            "name": device.id,
            "model": device.profile.title,
        }


class Told:
    """Which topics were ever told, kept in a file, so that what is gone is taken back."""

    def __init__(self, path: Path) -> None:
        """Remember the file; it need not exist."""
        self._path = path

    def replace(self, messages: Mapping[str, str]) -> dict[str, str]:
        """Return all that is to be published now: what is gone gets an empty message, each time."""
        ever = self._topics()
        if messages.keys() - ever:
            self._keep(ever | messages.keys())
        return {**dict.fromkeys(sorted(ever - messages.keys()), ""), **messages}

    def _keep(self, topics: Iterable[str]) -> None:
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(sorted(topics)), encoding="utf-8")
            beside.replace(self._path)
        except OSError as error:
            log.warning("%s cannot be written (%s); measuring goes on", self._path, error.strerror)

    def _topics(self) -> set[str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return set()
        return {one for one in found if isinstance(one, str)} if isinstance(found, list) else set()


def _numbered_once(profile: Profile) -> Iterator[Register]:
    """Yield the polled registers whose names are known before the device is asked."""
    known = profile.by_quantity
    return (known[name] for name in profile.poll if not known[name].repeat)


def _is_text(register: Register) -> bool:
    return register.type.is_text or register.codes is not None


def _measured(quantity: str, unit: str) -> dict[str, Any]:
    """Return what makes a number more than a number: its unit, its class, how it adds up."""
    if unit == "Wh":
        # A meter that was replaced begins a new cycle; that is what increasing totals are for.
        return {
            "device_class": "energy",
            "state_class": "total_increasing",
            "unit_of_measurement": unit,
        }
    said = {"state_class": "measurement"}
    if quantity.startswith("power_factor"):
        return said | {"device_class": "power_factor"}
    if quantity == "battery_soc":
        return said | {"device_class": "battery", "unit_of_measurement": "%"}
    if unit in _CLASSES:
        return said | {"device_class": _CLASSES[unit], "unit_of_measurement": unit}
    return said if unit == "1" else said | {"unit_of_measurement": unit}
