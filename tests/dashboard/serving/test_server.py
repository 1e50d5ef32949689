"""`minga web` as a process: it starts, says where, ends at once, and refuses in one line."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.serving.errors import AddressError
from dashboard.serving.server import listen
from tests.requirements import ROOT

CONFIG = """
[coop]
database = "coop.sqlite"
[sqlite]
path = "readings.sqlite"
[web]
port = {port}
"""
ENDS_WITHIN_S = 5
"""A deadline for a busy machine, not a figure."""


def command(folder: Path, port: int = 0) -> list[str]:
    """Write a configuration, and return the command that serves it."""
    config = folder / "minga.toml"
    config.write_text(CONFIG.format(port=port), encoding="utf-8")
    return [sys.executable, "-m", "minga", "--config", str(config), "web"]


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the pages; give the process and its address."""
    process = subprocess.Popen(command(folder), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "pages at" in line)
        yield process, re.findall(r"http://\S+/", told)[0]
    finally:
        process.kill()
        process.communicate()


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310  our own server
        body: bytes = answer.read()
    return body.decode()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_ends_cleanly(tmp_path: Path, told: signal.Signals) -> None:
    with serving(tmp_path) as (process, address):
        assert get(f"{address}health") == "ok"
        assert "Todavía no hay datos" in get(f"{address}tv?lang=es")

        process.send_signal(told)

        assert process.wait(ENDS_WITHIN_S) == 0


def test_its_port_is_free_afterwards(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, address):
        get(f"{address}health")
        port = int(address.rstrip("/").rsplit(":", 1)[1])
        process.send_signal(signal.SIGTERM)
        process.wait(ENDS_WITHIN_S)

    listen("127.0.0.1", port).close()


def test_a_port_in_use_is_one_line_and_exit_2(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            command(tmp_path, port),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert ended.returncode == 2
    assert ended.stderr == (
        f"minga: [web] 127.0.0.1:{port} cannot be listened on: Address already in use; "
        "stop the program that uses it, or set another host or port in [web]\n"
    )


def test_a_database_of_a_newer_version_is_one_line_and_exit_2(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "coop.sqlite")
    database.execute("CREATE TABLE alembic_version (version_num TEXT)")
    database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.commit()
    database.close()

    ended = subprocess.run(
        command(tmp_path), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 2
    assert "newer Minga" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("host", ["203.0.113.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(AddressError, match=r"set another host or port in \[web\]"):
        listen(host, 0)


def test_an_address_of_the_newer_kind_can_be_listened_on() -> None:
    with listen("::1", 0) as listening:
        assert listening.family is socket.AF_INET6
