"""Bad input through the command line: a clear line a problem, the right exit code."""

import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.processes import free_port
from tests.requirements import ROOT

GOOD = """
[collector]
id = "pi"
[[bus]]
id = "line"
url = "tcp://127.0.0.1:5020"
[[device]]
id = "roof-1"
bus = "line"
profile = "huawei_sun2000"
"""

pytestmark = pytest.mark.faults


def minga(*arguments: str, folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "minga", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def written(folder: Path, text: str) -> str:
    """Write a minga.toml and return its path."""
    path = folder / "minga.toml"
    path.write_text(text)
    return str(path)


PROBLEMS = {
    "unknown key": (GOOD.replace('id = "pi"', 'id = "pi"\npol_s = 3'), "did you mean 'poll_s'?"),
    "unknown section": (GOOD + "\n[colector]\n", "did you mean 'collector'?"),
    "wrong type": (GOOD.replace('id = "pi"', 'id = "pi"\npoll_s = "often"'), "a number"),
    "two devices with one unit": (
        GOOD + '[[device]]\nid = "roof-2"\nbus = "line"\nprofile = "huawei_sun2000"\n',
        "unit 1 on bus line",
    ),
    "unknown profile": (GOOD.replace("huawei_sun2000", "huawei_sun200"), "huawei_sun2000"),
    "unknown bus": (GOOD.replace('bus = "line"', 'bus = "lane"'), "known buses: line"),
    "bad address": (GOOD.replace("tcp://127", "http://127"), "allowed: tcp://host:port"),
    "reserved id": (GOOD.replace('"roof-1"', '"ingest"'), "is reserved"),
    "id that no topic can carry": (GOOD.replace('"roof-1"', '"Roof 1"'), "device"),
    "unknown store": ('store = "oracle"\n' + GOOD, "'sqlite' or 'influxdb'"),
    "store without its section": ('store = "influxdb"\n' + GOOD, "[influxdb]"),
    "time zone": (GOOD + '\n[coop]\ntimezone = "Mars/Olympus"\n', "not a time zone"),
    "port": (GOOD + "\n[web]\nport = 99999\n", "65535"),
    "not TOML": ("collector = [", "is not TOML"),
}


@pytest.mark.parametrize(("text", "said"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_check_names_the_problem(text: str, said: str, tmp_path: Path) -> None:
    done = minga("--config", written(tmp_path, text), "check")

    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert said in done.stdout


@pytest.mark.parametrize("service", ["collect", "ingest", "web", "run"])
def test_a_service_with_a_wrong_file_says_every_problem_and_starts_nothing(
    service: str, tmp_path: Path
) -> None:
    broken = GOOD.replace('id = "pi"', 'pol_s = 3\nid = "Pi"') + "\n[web]\nport = 0.5\n"

    done = minga("--config", written(tmp_path, broken), service)

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert len(done.stderr.splitlines()) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["minga.toml"]


def test_check_answers_programs_too(tmp_path: Path) -> None:
    good = minga("--config", written(tmp_path, GOOD), "check", "--json")
    bad = minga("--config", written(tmp_path, GOOD + "\n[colector]\n"), "check", "--json")

    assert (good.returncode, json.loads(good.stdout)["problems"]) == (0, [])
    assert (bad.returncode, len(json.loads(bad.stdout)["problems"])) == (1, 1)


@pytest.mark.parametrize("service", ["collect", "ingest", "web", "run", "settle", "check"])
def test_a_file_that_is_not_there_is_bad_usage(service: str, tmp_path: Path) -> None:
    done = minga("--config", str(tmp_path / "absent.toml"), service)

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "absent.toml: cannot be read" in done.stderr


COMMANDS = [
    *(["check"], ["collect"], ["demo"], ["ingest"], ["run"], ["settle"], ["web"]),
    *(["device", name] for name in ("profiles", "read", "decode", "record", "serve")),
    *(["member", name] for name in ("add", "list")),
    *(["key", name] for name in ("add", "list", "show")),
    *(["share", name] for name in ("allocate", "try")),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_shows_an_example(command: list[str]) -> None:
    done = minga(*command, "--help")

    assert (done.returncode, "Example" in done.stdout) == (0, True)


def test_the_front_page_names_every_command() -> None:
    done = minga("--help")

    assert done.returncode == 0
    assert {"check", "collect", "demo", "device", "ingest", "key", "member", "run", "share"} <= set(
        done.stdout.split()
    )


def test_an_unknown_command_is_bad_usage() -> None:
    done = minga("colect")

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_a_port_in_use_ends_the_pages_with_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = minga("--config", written(tmp_path, f"[web]\nport = {port}\n"), "web")

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert f"127.0.0.1:{port} cannot be listened on" in done.stderr


NOT_A_FOLDER = {
    "collect": '[collector]\nstate = "file/state"\n',
    "ingest": '[ingest]\nstate = "file/state"\n',
    "web": '[coop]\ndatabase = "file/coop.sqlite"\n',
}


@pytest.mark.parametrize(("service", "text"), NOT_A_FOLDER.items(), ids=NOT_A_FOLDER.keys())
def test_a_state_folder_that_cannot_be_written_ends_the_service_with_one_line(
    service: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    config = written(tmp_path, f"{text}[mqtt]\nport = {free_port()}\n")

    done = minga("--config", config, service)

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "file" in done.stderr


NEWER = {
    "collect": "c/outbox.sqlite",
    "ingest": "i/journal.sqlite",
    "web": "readings.sqlite",
    "settle": "readings.sqlite",
}


@pytest.mark.parametrize(("service", "file"), NEWER.items(), ids=NEWER.keys())
def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(
    service: str, file: str, tmp_path: Path
) -> None:
    config = written(
        tmp_path,
        '[collector]\nstate = "c"\n[ingest]\nstate = "i"\n[sqlite]\npath = "readings.sqlite"\n'
        f'[coop]\ndatabase = "coop.sqlite"\n[mqtt]\nport = {free_port()}\n[web]\nport = 0\n',
    )
    (tmp_path / file).parent.mkdir(exist_ok=True)
    make_newer(tmp_path / file)
    before = (tmp_path / file).read_bytes()

    done = minga("--config", config, service)

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "version 99" in done.stderr
    assert "newer program" in done.stderr
    assert (tmp_path / file).read_bytes() == before


def make_newer(path: Path) -> None:
    """Make a file as a later program might leave it."""
    marks = {"outbox": 0x4D4F7574, "journal": 0x4D4A6F75}
    from collector.stores.sqlite import LAYOUT  # noqa: PLC0415  its mark is the store's own

    database = sqlite3.connect(path)
    database.execute("CREATE TABLE something (more)")
    database.execute(f"PRAGMA application_id={marks.get(path.stem, LAYOUT.mark)}")
    database.execute("PRAGMA user_version=99")
    database.commit()
    database.close()
