"""What the benches run: a broker, simulated inverters, and an installation that reads them."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.processes import Program, answers, free_port, minga, mosquitto, wait_until
from tests.requirements import ROOT

PROFILES = Path(__file__).with_name("profiles")


@dataclass(frozen=True)
class Scene:
    """One folder with everything in it; collectors by name, each with some of the inverters."""

    folder: Path
    inverters: int
    environment: dict[str, str] = field(default_factory=dict)
    mqtt_port: int = field(default_factory=free_port)
    ports: list[int] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run broker and inverters."""
        self.ports.extend(free_port() for _ in range(self.inverters))
        fleet = self.python("fleet", "tests.bench.fleet", *map(str, self.ports))
        with running(mosquitto(self.folder, self.mqtt_port), fleet):
            wait_until(lambda: all(answers(port) for port in self.ports), "the inverters", 60)
            yield

    def service(self, name: str, collector: str, inverters: int, settings: str) -> Program:
        """Return `collect` or `ingest` of an installation with the first of the inverters."""
        config = self.folder / f"{collector}.toml"
        config.write_text(self._toml(collector, inverters, settings), encoding="utf-8")
        arguments = ("--config", str(config), name)
        return minga(f"{name}-{collector}", self.folder, *arguments, **self.environment)

    def outbox(self, collector: str) -> Path:
        """Return the file of accepted readings."""
        return self.folder / collector / "outbox.sqlite"

    def python(self, name: str, module: str, *arguments: str) -> Program:
        """Return a program of the benches."""
        command = [sys.executable, "-m", module, *arguments]
        return Program(name, command, self.folder, {"PYTHONPATH": str(ROOT), **self.environment})

    def _toml(self, collector: str, inverters: int, settings: str) -> str:
        devices = "".join(
            f'[[bus]]\nid = "b{number}"\nurl = "tcp://127.0.0.1:{port}"\n'
            f'[[device]]\nid = "inverter-{number:02}"\nbus = "b{number}"\nprofile = "twenty"\n'
            "rated_power_w = 8000\n"
            for number, port in enumerate(self.ports[:inverters])
        )
        return (
            f'[collector]\nid = "{collector}"\nstate = "{collector}"\nprofiles = "{PROFILES}"\n'
            f"{settings}\n"
            f'[mqtt]\nport = {self.mqtt_port}\n[ingest]\nstate = "ingest"\n'
            f'[sqlite]\npath = "readings.sqlite"\n{devices}'
        )


@contextmanager
def running(*programs: Program) -> Iterator[None]:
    """Run some programs, and end all of them."""
    try:
        for program in programs:
            program.start()
        yield
    finally:
        for program in reversed(programs):
            program.stop()


def cpu_s(program: Program) -> float:
    """Return the CPU time of all threads of a running program, to the nanosecond."""
    # What clock_getcpuclockid(3) makes of a process id; psutil counts in hundredths of a second.
    return time.clock_gettime((~program.pid << 3) | 2)


def cpus_s(programs: Sequence[Program]) -> list[float]:
    """Return the CPU time of each of some programs."""
    return [cpu_s(program) for program in programs]
