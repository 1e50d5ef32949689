"""A real collector tells a real broker what Home Assistant needs, under the broker's own rules."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2.sandbox import SandboxedEnvironment

from collector.mqtt import Broker, Handlers, Message, MqttLink
from tests.collector.sending.test_discovery import Sensor
from tests.faults.processes import wait_until
from tests.faults.test_outages import Box


class Listener:
    """Keeps the newest message of each topic."""

    def __init__(self, port: int) -> None:
        self.newest: dict[str, bytes] = {}
        handlers = Handlers(lambda: None, self._take)
        filters = ["homeassistant/#", "minga/v1/#"]
        self._link = MqttLink(Broker("127.0.0.1", port), "home-assistant", filters, handlers)
        self._link.start()

    def _take(self, message: Message) -> None:
        self.newest[message.topic or "?"] = message.payload

    def sensors(self) -> dict[str, Sensor]:
        """Return all that was told."""
        return {
            topic: Sensor.model_validate_json(payload)
            for topic, payload in self.newest.items()
            if topic.startswith("homeassistant/") and payload
        }

    def close(self) -> None:
        """Go."""
        self._link.stop()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    made.start("mosquitto", "simulate", "collect")
    yield made
    made.end()


@pytest.fixture
def listener(box: Box) -> Iterator[Listener]:
    made = Listener(box.mqtt_port)
    yield made
    made.close()


def test_production_and_consumption_arrive_as_home_assistant_reads_them(
    box: Box, listener: Listener
) -> None:
    def energies() -> list[Sensor]:
        told = [one for one in listener.sensors().values() if one.device_class == "energy"]
        return [one for one in told if one.state_topic in listener.newest]

    wait_until(lambda: len(energies()) >= len(box.ports), "sensors and readings", 30)

    sensor = energies()[0]
    reading = json.loads(listener.newest[sensor.state_topic])
    rendered = SandboxedEnvironment().from_string(sensor.value_template).render(value_json=reading)
    quantity = (
        sensor.unique_id.rpartition("_energy_total")[0] and sensor.value_template.split("'")[1]
    )
    assert rendered == str(reading["q"][quantity])
    assert all(one.topic in listener.newest for one in sensor.availability)


def test_switched_off_it_takes_back_what_it_told(box: Box, listener: Listener) -> None:
    wait_until(lambda: len(listener.sensors()) > 0, "sensors", 30)
    box.programs["collect"].stop()
    text = box.config.read_text(encoding="utf-8").replace(
        "[mqtt]", "[mqtt]\nhome_assistant = false"
    )
    box.config.write_text(text, encoding="utf-8")

    box.programs["collect"].start()

    wait_until(lambda: listener.sensors() == {}, "nothing is told any more", 30)
