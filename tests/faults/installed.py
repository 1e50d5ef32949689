"""A box as it is on its first day: devices that answer, all services, and nobody entered yet."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.clock import ENVIRONMENT, VirtualClock
from collector.simulator.community import modelled_community
from collector.simulator.stage import Stage, write_stage
from tests.faults.accepted import note_accepted, read_accepted
from tests.faults.processes import Program, answers, free_port, minga, mosquitto, wait_until

QUARTER = timedelta(minutes=15)
HOMES = 5


@dataclass
class Installed:
    """Simulator, broker, collector, ingest and web on a clock that the test moves."""

    folder: Path
    at: datetime
    programs: list[Program] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    def build(self) -> None:
        """Write every file and start every program with the clock at rest."""
        mqtt = free_port()
        since = self.at - timedelta(days=1)
        plant = modelled_community(HOMES, 7, since)
        stage = Stage("Ayllu Solar", "America/Lima", self.port, mqtt, 900)
        plant_file, config = write_stage(self.folder, plant, stage)
        self.counters = {one.id: one.counter for one in plant.device}
        note_accepted(self._outbox)
        clock = self.folder / "clock.json"
        VirtualClock.set(clock, self.at, speed=0)
        told = {ENVIRONMENT: str(clock)}
        self._start(mosquitto(self.folder, mqtt))
        self._start(minga("simulate", self.folder, "simulate", str(plant_file), **told))
        wait_until(lambda: all(answers(bus.port) for bus in plant.bus), "the devices answer", 60)
        for name in ("collect", "ingest", "web"):
            self._start(minga(name, self.folder, "--config", str(config), name, **told))
        wait_until(lambda: answers(self.port), "the pages answer", 60)
        self.wait_for_readings()

    @property
    def address(self) -> str:
        """Return where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def setup_code(self) -> str:
        """Return the code that the console shows while nobody can sign in."""
        found = re.search(r"type ([A-Z0-9-]+);", self.programs[-1].said())
        assert found, "the console shows no code"
        return found[1]

    def live_until(self, until: datetime) -> None:
        """Let time pass, a quarter of an hour at a time; every device is read at each."""
        while self.at < until:
            self.at += QUARTER
            VirtualClock.set(self.folder / "clock.json", self.at, speed=0)
            self.wait_for_readings()

    def wait_for_readings(self) -> None:
        """Wait until every device has an accepted reading of this moment."""
        stamp = f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
        wait_until(
            lambda: {one for one, at in self._accepted() if at == stamp} == {*self.counters},
            f"every device is read at {stamp}",
        )

    def counted_wh(self, device: str, since: datetime, until: datetime) -> int:
        """Return how far a counter rose between two moments at which it was read."""
        held = self._accepted()
        start, end = (
            held[device, f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"] for at in (since, until)
        )
        return end - start

    def end(self) -> None:
        """End everything that was started."""
        for program in reversed(self.programs):
            program.stop()

    @property
    def _outbox(self) -> Path:
        return self.folder / "state" / "collector" / "outbox.sqlite"

    def _accepted(self) -> dict[tuple[str, str], int]:
        found = {}
        for device, _, content in read_accepted(self._outbox):
            reading = json.loads(content)
            found[device, reading["taken_at"]] = reading["q"].get(self.counters[device])
        return found

    def _start(self, program: Program) -> None:
        program.start()
        self.programs.append(program)
