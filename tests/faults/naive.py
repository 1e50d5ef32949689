"""The naive pipeline under the same faults: what it measured, and what arrived of it."""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.collector.stores.fake_influx import FakeInflux
from tests.faults.known_gateway import KnownGateway, Manners
from tests.faults.processes import Program, free_port, mosquitto, wait_until
from tests.requirements import ROOT

_POINT = re.compile(r"device=(k\d+) wh=(\d+)i")


@dataclass
class NaivePipeline:
    """Gateway, broker, the naive collector and the naive ingest."""

    folder: Path
    influx: FakeInflux
    units: int = 10
    poll_s: float = 0.1
    timeout_s: float = 1.0
    manners: Manners = field(default_factory=Manners)
    mqtt_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.gateway = KnownGateway(self.units, self.manners)
        self.gateway.start()
        self.notes = self.folder / "measured.log"
        self.notes.touch()
        self.programs = {
            "mosquitto": mosquitto(self.folder, self.mqtt_port),
            "collect": self._python("collect", *self._collect_arguments()),
            "ingest": self._python("ingest", str(self.mqtt_port), self.influx.url),
        }

    def start(self, *names: str) -> None:
        """Start programs by name."""
        for name in names:
            self.programs[name].start()

    def measured(self) -> list[tuple[str, int]]:
        """Return all that was measured: device and counter."""
        rows = (row.split() for row in self.notes.read_text(encoding="utf-8").splitlines())
        return [(row[0], int(row[1])) for row in rows if len(row) == 2]

    def wait_measured(self, more: int, within_s: float = 120) -> None:
        """Wait until so much more was measured."""
        target = len(self.measured()) + more
        wait_until(lambda: len(self.measured()) >= target, f"{more} more measured", within_s)

    def wait_stored(self) -> None:
        """Wait until anything arrives."""
        before = len(self.stored())
        wait_until(lambda: len(self.stored()) > before, "something is stored", 30)

    def stored(self) -> set[tuple[str, int]]:
        """Return all that arrived."""
        text = b"\n".join(self.influx.stored).decode()
        return {(device, int(wh)) for device, wh in _POINT.findall(text)}

    def settle_down(self) -> None:
        """Stop measuring, and wait until nothing arrives any more."""
        self.programs["collect"].stop()
        seen = [-1]

        def is_quiet() -> bool:
            seen.append(len(self.stored()))
            return len(seen) > 400 and len(set(seen[-400:])) == 1

        wait_until(is_quiet, "nothing arrives any more", 60)

    def said(self) -> str:
        """Say what it came to."""
        measured, stored = set(self.measured()), self.stored()
        served = {f"k{unit}": set(values) for unit, values in self.gateway.served.items()}
        wrong = sum(wh not in served[device] for device, wh in stored)
        return f"lost {len(measured - stored):,} of {len(measured):,}, wrong {wrong:,}"

    def end(self) -> None:
        """End everything that was started."""
        for program in reversed(self.programs.values()):
            program.resume()
            program.kill()
        self.gateway.stop()

    def _collect_arguments(self) -> tuple[str, ...]:
        port, units = str(self.gateway.port), str(self.units)
        return (
            port,
            units,
            str(self.poll_s),
            str(self.mqtt_port),
            str(self.timeout_s),
            str(self.notes),
        )

    def _python(self, name: str, *arguments: str) -> Program:
        script = str(ROOT / "tests" / "naive" / f"{name}.py")
        return Program(name, [sys.executable, script, *arguments], self.folder)
