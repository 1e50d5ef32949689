"""The whole system as real processes around replayed homes, and an independent record of it.

The record is made by SQLite itself: a trigger inside the outbox notes every accepted reading in the
transaction that accepts it. What the devices served is in the simulator's own log.
"""

import json
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from collector.clock import ENVIRONMENT, VirtualClock
from collector.simulator.community import replayed_community
from collector.simulator.stage import Stage, write_stage
from tests.faults.accepted import ask, count_unconfirmed, note_accepted, read_accepted
from tests.faults.household import Household, make_card
from tests.faults.neighbours import register_neighbours
from tests.faults.processes import Program, answers, free_port, minga, mosquitto, wait_until


@dataclass
class World:
    """Simulator, broker, collector, ingest and web, on a clock that the test moves."""

    folder: Path
    measured: Path
    timezone: str
    store: str
    programs: dict[str, Program] = field(default_factory=dict)
    web_port: int = field(default_factory=free_port)
    mqtt_port: int = field(default_factory=free_port)

    def build(self, at: datetime) -> None:
        """Write every file, register the homes, and start all programs with the clock at rest."""
        self.move_clock(at)
        plant = replayed_community(self.measured, self.timezone)
        stage = Stage("Proof", self.timezone, self.web_port, self.mqtt_port, 900, self.store)
        plant_file, self.config = write_stage(self.folder, plant, stage)
        self.devices = {device.id: device.counter for device in plant.device}
        books = self.folder / "state" / "coop.sqlite"
        register_neighbours(books, plant, at)
        home = next(device.name for device in plant.device if device.kind == "home")
        card = f"http://127.0.0.1:{self.web_port}/q/{make_card(str(books), home)}"
        self.household = Household(card)
        note_accepted(self.outbox)
        clock = {ENVIRONMENT: str(self.clock)}
        self.served_log = self.folder / "served.log"
        simulate = ("simulate", str(plant_file), "--log", str(self.served_log))
        self.programs = {
            "mosquitto": mosquitto(self.folder, self.mqtt_port),
            "simulate": minga("simulate", self.folder, *simulate, **clock),
            **{name: self._service(name, clock) for name in ("collect", "ingest", "web")},
        }
        for name in ("mosquitto", "simulate"):
            self.programs[name].start()
        wait_until(lambda: all(answers(bus.port) for bus in plant.bus), "the meters answer", 60)
        for name in ("collect", "ingest", "web"):
            self.programs[name].start()
        wait_until(lambda: answers(self.web_port), "the pages answer", 60)

    @property
    def clock(self) -> Path:
        """Return the file that all processes read the time from."""
        return self.folder / "clock.json"

    @property
    def outbox(self) -> Path:
        """Return the collector's file of accepted readings."""
        return self.folder / "state" / "collector" / "outbox.sqlite"

    @property
    def epoch(self) -> str:
        """Return the id of the outbox."""
        return str(ask(self.outbox, "SELECT value FROM meta WHERE name='epoch'")[0][0])

    def move_clock(self, at: datetime) -> None:
        """Put the clock of all processes to a moment and leave it there."""
        VirtualClock.set(self.clock, at, speed=0)

    def accepted_at(self, at: datetime) -> set[str]:
        """Return the devices with an accepted reading of exactly this moment."""
        stamp = at.strftime('"taken_at":"%Y-%m-%dT%H:%M:%S.000Z"')
        return {device for device, _, content in self.accepted() if stamp in content}

    def accepted(self) -> list[tuple[str, int, str]]:
        """Return everything that was ever accepted: device, number, content; sorted."""
        return read_accepted(self.outbox)

    def unconfirmed(self) -> int:
        """Return how many readings the outbox still holds."""
        return count_unconfirmed(self.outbox)

    def settled_slots(self, day: str) -> int:
        """Return how many slots of a day the page calls settled."""
        slots = self.fetch(f"/community.json?date={day}")["slots"]
        return sum(slot["standing"] == "settled" for slot in slots)

    def settings(self) -> dict[str, Any]:
        """Return the installation's file."""
        return tomllib.loads(self.config.read_text(encoding="utf-8"))

    def strangers(self) -> list[str]:
        """Return accepted counters that the device never served at that moment."""
        served = {
            (line["device"], line["at"][:19], line["value"])
            for line in map(json.loads, self.served_log.read_text(encoding="utf-8").splitlines())
        }
        found = []
        for device, seq, content in self.accepted():
            reading = json.loads(content)
            value = reading["q"].get(self.devices[device])
            if (device, reading["taken_at"][:19], value) not in served:
                found.append(f"{device} {seq} {content}")
        return found

    def fetch(self, path: str) -> Any:  # noqa: ANN401  JSON is what it is
        """Fetch a page's JSON as a household sees it."""
        return self.household.fetch(path)

    def end(self) -> None:
        """End everything that was started."""
        for program in reversed(self.programs.values()):
            program.stop()

    def _service(self, name: str, clock: dict[str, str]) -> Program:
        return minga(name, self.folder, "--config", str(self.config), name, **clock)
