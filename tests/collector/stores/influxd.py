"""A real influxd on loopback: its own folder, free ports, an administrator and databases."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.requirements import require_program

USER = "minga"
PASSWORD = "only-on-loopback"  # noqa: S105  a server that lives as long as one test run
READY_S = 30.0

_CONFIG = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc_port}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  index-version = "inmem"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:{http_port}"
  auth-enabled = true
  flux-enabled = true
  log-enabled = false
[monitor]
  store-enabled = false
[logging]
  level = "error"
"""


@dataclass(slots=True)
class Influxd:
    """One server, which may be stopped and started again on the same files and ports."""

    folder: Path
    http_port: int
    rpc_port: int
    token: str = f"{USER}:{PASSWORD}"
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.http_port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        config = self.folder / "influxdb.conf"
        config.write_text(
            _CONFIG.format(folder=self.folder, http_port=self.http_port, rpc_port=self.rpc_port)
        )
        with (self.folder / "influxd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [require_program("influxd"), "-config", str(config)], stdout=log, stderr=log
            )
        deadline_s = time.monotonic() + READY_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline_s:
                raise AssertionError((self.folder / "influxd.log").read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        """End it as a power cut of the server does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def create_database(self, name: str) -> str:
        """Make a database and return the bucket by which the v2 API knows it."""
        self.query(f'CREATE DATABASE "{name}"')
        return f"{name}/autogen"

    def query(self, text: str, database: str = "") -> object:
        """Ask the v1 API, which is how a test sees points without the store."""
        form = urllib.parse.urlencode({"q": text, "db": database}).encode()
        signed_in = {"Authorization": f"Token {self.token}"}
        request = urllib.request.Request(f"{self.url}/query", form, signed_in)  # noqa: S310  the address is ours
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  the address is ours
            return json.load(answer)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/ping", timeout=1) as answer:  # noqa: S310  the address is ours
                return bool(answer.status == 204)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@contextmanager
def running_influxd(folder: Path) -> Iterator[Influxd]:
    """Run an influxd of its own in a folder, with an administrator; skip where there is none."""
    require_program("influxd")
    http_port, rpc_port = _free_ports()
    server = Influxd(folder, http_port, rpc_port)
    try:
        server.start()
        server.query(f"CREATE USER {USER} WITH PASSWORD '{PASSWORD}' WITH ALL PRIVILEGES")
        yield server
    finally:
        server.stop()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
