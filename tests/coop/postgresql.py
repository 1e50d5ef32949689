"""A real PostgreSQL of its own: in a temporary folder, on a unix socket, ended by its pid.

Its language sorts otherwise than code points do, as a server's may. A database is a copy of one
that was migrated once.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from coop.database.opening import open_database
from coop.settings import CoopSettings
from tests.faults.processes import wait_until
from tests.requirements import absent

DEBIAN = Path("/usr/lib/postgresql")
OWNER = "postgres"
MIGRATED = "migrated"
EMPTY = "template0"


class PostgreSQL:
    """A server that runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://{OWNER}@/{name}?host={self._folder}"

    @staticmethod
    def name_in(url: str) -> str:
        """Return the name of the database in a URL."""
        return url.partition("@/")[2].partition("?")[0]

    @contextmanager
    def copy(self, template: str = MIGRATED) -> Iterator[str]:
        """Return the URL of a copy of a database that nobody uses, for a time."""
        name = f"test_{next(self._numbers)}"
        self.run("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self.run("DROP DATABASE {} WITH (FORCE)", name)

    def run(self, statement: str, *names: str) -> None:
        """Run one statement as the server's owner, outside any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]  # a test's own text


@contextmanager
def run_postgresql() -> Iterator[PostgreSQL]:
    """Start a server, skip where Debian's is not installed, and end it."""
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="minga-pg-"))
    who = OWNER if os.geteuid() == 0 else None  # initdb refuses root
    if who is not None:
        shutil.chown(folder, who, pwd.getpwnam(who).pw_gid)
    try:
        server = _start(programs, folder, who)
        try:
            yield _prepared(folder, server)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)
    finally:
        shutil.rmtree(folder)


def find_programs() -> Path:
    """Return the folder of the newest server's programs, or skip the test."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else absent("program postgres (Debian's postgresql-15)")


def _start(programs: Path, folder: Path, who: str | None) -> "subprocess.Popen[bytes]":
    options = ["--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--no-sync"]
    language = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=es-PE"]
    subprocess.run(
        [programs / "initdb", f"--pgdata={folder}/data", *options, *language],
        user=who, cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    quiet = ["-F", "-c", "listen_addresses=", "-c", "max_connections=50"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *quiet],
            user=who, cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip


def _prepared(folder: Path, server: "subprocess.Popen[bytes]") -> PostgreSQL:
    pid_file = folder / "data" / "postmaster.pid"
    wait_until(lambda: server.poll() is not None or _is_ready(pid_file), "PostgreSQL is ready")
    if server.poll() is not None:
        raise AssertionError((folder / "log").read_text(encoding="utf-8"))
    running = PostgreSQL(folder)
    running.run("CREATE DATABASE {} TEMPLATE {}", MIGRATED, EMPTY)
    open_database(CoopSettings(database=running.url(MIGRATED))).close()
    return running


def _is_ready(pid_file: Path) -> bool:
    return pid_file.is_file() and pid_file.read_text(encoding="utf-8").rstrip().endswith("ready")
