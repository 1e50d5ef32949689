"""Real programs on loopback, each started, killed and ended by its own process id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.requirements import ROOT, require_program

PATIENCE = 4
"""How much slower than planned a shared machine may be before waiting is given up."""


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], bool], what: str, within_s: float = 60.0) -> None:
    """Look again and again until something is so; fail and name it when it never is."""
    until_s = time.monotonic() + within_s * PATIENCE
    while not is_so():
        if time.monotonic() > until_s:
            raise AssertionError(f"{what}: not within {within_s * PATIENCE:.0f} s")
        time.sleep(0.01)


def answers(port: int) -> bool:
    """Say whether somebody listens on a port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Program:
    """One real program that can be killed and started again."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    kills: int = 0
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; what it says goes to a file beside the others."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        """Return the id of the running process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)
        self.kills += 1

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """Let it hang."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on, if it hangs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)

    def wait(self, within_s: float) -> None:
        """Wait until it has ended by itself."""
        assert self._process is not None
        self._process.wait(within_s)

    def said(self) -> str:
        """Return everything it wrote."""
        return (self.folder / f"{self.name}.log").read_text(encoding="utf-8", errors="replace")

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(number)
        self._process.wait(timeout=20)
        self._process = None


def minga(name: str, folder: Path, *arguments: str, **environment: str) -> Program:
    """Return one of our own services."""
    command = [sys.executable, "-m", "minga", *arguments]
    return Program(name, command, folder, {"PYTHONPATH": str(ROOT), **environment})


def mosquitto(folder: Path, port: int) -> Program:
    """Return a real broker with its defaults, open on loopback."""
    program = require_program("mosquitto")
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")
    return Program("mosquitto", [program, "-c", str(settings)], folder)
