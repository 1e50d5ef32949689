"""The pages of a town, served as in production on one core, and a browser on another."""

import gzip
import http.client
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import local

from collector.clock import SystemClock
from coop.database.opening import open_database
from coop.doors.door import Doors
from coop.doors.visits import Guest
from coop.settings import CoopSettings
from tests.faults.processes import Program, answers, free_port, minga, wait_until

SERVER, CLIENT = {0}, {1}
"""The cores of the two."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how many bytes of it were sent."""

    status: int
    body: bytes
    sent: int
    tag: str | None
    wait_ms: float


class Browser:
    """Looks at pages as one home; each thread keeps its connection, as browsers do."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.cookie = f"minga={token}"
        self._kept = local()

    def get(self, path: str, tag: str | None = None) -> Answer:
        """Ask for a page, and wait for all of it."""
        begun = time.perf_counter()
        try:
            found, sent = self._ask(path, tag)
        except (http.client.HTTPException, ConnectionError):
            # The server closed a connection that was idle.
            self._kept.connection = None
            found, sent = self._ask(path, tag)
        wait_ms = (time.perf_counter() - begun) * 1_000
        is_packed = found.getheader("Content-Encoding") == "gzip"
        body = gzip.decompress(sent) if is_packed else sent
        return Answer(found.status, body, len(sent), found.getheader("ETag"), wait_ms)

    def _ask(self, path: str, tag: str | None) -> tuple[http.client.HTTPResponse, bytes]:
        connection = getattr(self._kept, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._kept.connection = connection
        headers = {"Accept-Encoding": "gzip", "Cookie": self.cookie}
        connection.request(
            "GET", path, headers={**headers, **({"If-None-Match": tag} if tag else {})}
        )
        answer = connection.getresponse()
        return answer, answer.read()


def worker_of(web: Program) -> int:
    """Return the process id of the one worker behind gunicorn's master."""
    children = Path(f"/proc/{web.pid}/task/{web.pid}/children")
    [worker] = children.read_text(encoding="ascii").split()
    return int(worker)


def worker_cpu_s(web: Program) -> float:
    """Return the CPU time that the worker spent."""
    return time.clock_gettime((~worker_of(web) << 3) | 2)


@contextmanager
def served(
    folder: Path, home: str, steward: str | None = None
) -> Iterator[tuple[Program, Browser]]:
    """Serve the books in a folder; give the program, and a browser of a home or of a steward."""
    port = free_port()
    guest = Guest(home_id=None if steward else home, steward_id=steward)
    config = folder / "minga.toml"
    config.write_text(
        '[coop]\ndatabase = "coop.db"\n[sqlite]\npath = "readings.sqlite"\n'
        f"[web]\nport = {port}\nsettle_every_s = 3600\n",
        encoding="utf-8",
    )
    web = _on_one_core(minga("web", folder, "--config", str(config), "web"))
    web.start()
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, CLIENT & before or before)
    try:
        wait_until(lambda: answers(port), "the pages", 60)
        browser = Browser(port, _come_in(folder, guest))
        browser.get("/health")  # the port is open before there is a worker
        yield web, browser
    finally:
        os.sched_setaffinity(0, before)
        web.stop()


def _come_in(folder: Path, guest: Guest) -> str:
    clock = SystemClock()
    with open_database(CoopSettings().resolved(folder)) as database:
        return Doors(database, clock, clock).begin(guest).token


def _on_one_core(program: Program) -> Program:
    cores = ",".join(map(str, SERVER))
    command = ["taskset", "-c", cores, *program.command]
    return Program(program.name, command, program.folder, program.environment)
