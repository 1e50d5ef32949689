"""Workers settle many cooperatives as one process does; one that is killed loses nothing."""

import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from distributed import LocalCluster

import coop.federation.cluster
from collector.clock import ENVIRONMENT, VirtualClock
from coop.database.opening import open_database
from coop.federation.cluster import Where, settle_all
from coop.federation.partition import Failure, Settled
from coop.settling.settle import Settler
from minga import Front, cli
from tests.coop.federation.installations import NOW, StuckFront, books, found
from tests.faults.processes import wait_until


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Return the address of a cluster of two workers."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


def settle_alone(front: Front) -> None:
    """Settle as `minga settle` does, in this process."""
    with open_database(front.coop()) as database, closing(front.open_store()) as store:
        Settler(database, store, front.coop()).settle(NOW)


@pytest.fixture(autouse=True)
def clock(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line live on the second of April."""
    path = tmp_path_factory.mktemp("clock") / "clock.json"
    VirtualClock.set(path, NOW, speed=0)
    monkeypatch.setenv(ENVIRONMENT, str(path))


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["federation", "settle", *words])


def test_workers_write_what_one_process_writes(tmp_path: Path, scheduler: str) -> None:
    alone = [found(tmp_path / f"alone-{place}", place) for place in range(4)]
    apart = [found(tmp_path / f"apart-{place}", place) for place in range(4)]
    for front in alone:
        settle_alone(front)

    told = list(settle_all(apart, NOW, Where(scheduler)))

    assert [books(front) for front in apart] == [books(front) for front in alone]
    settled = {(one.coop, one.month, one.settled) for one in told if isinstance(one, Settled)}
    assert settled == {
        ("coop-0", "2026-03", 192), ("coop-0", "2026-04", 96),
        ("coop-1", "2026-03", 192), ("coop-1", "2026-04", 96),
        ("coop-2", "2026-03", 192), ("coop-2", "2026-04", 96),
        ("coop-3", "2026-03", 192), ("coop-3", "2026-04", 96),
    }  # fmt: skip


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    alone = [found(tmp_path / f"alone-{place}", place) for place in range(2)]
    apart = [found(tmp_path / f"apart-{place}", place) for place in range(2)]
    for front in alone:
        settle_alone(front)
    stuck = [StuckFront(apart[0].config), apart[1]]

    with ThreadPoolExecutor(1) as killer:
        killed = killer.submit(_kill, tmp_path / "apart-0" / "worker.pid")
        told = list(settle_all(stuck, NOW, Where(workers=2)))

    assert killed.result() > 0
    assert [books(front) for front in apart] == [books(front) for front in alone]
    assert [one for one in told if isinstance(one, Failure)] == []


def test_doing_it_twice_changes_nothing(tmp_path: Path, scheduler: str) -> None:
    front = found(tmp_path / "one", 1)
    list(settle_all([front], NOW, Where(scheduler)))
    before = books(front)

    again = list(settle_all([front], NOW, Where(scheduler)))

    assert (again, books(front)) == ([], before)


def test_one_cooperative_that_fails_does_not_stop_the_others(
    tmp_path: Path, scheduler: str
) -> None:
    fronts = [found(tmp_path / f"coop-{place}", place) for place in range(2)]
    (tmp_path / "coop-0" / "books.sqlite").write_bytes(b"no database" * 999)

    told = run(*(str(one.config.parent) for one in fronts), "--scheduler", scheduler, "--json")

    said = json.loads(told.stdout)
    assert [one["month"] for one in said["partitions"]] == ["2026-03", "2026-04"]
    assert {one["coop"] for one in said["partitions"]} == {"coop-1"}
    assert [one["config"] for one in said["failures"]] == [str(fronts[0].config)]
    assert "not a whole database of Minga" in told.stderr
    assert told.exit_code == 2


def test_people_are_told_how_each_month_stands(tmp_path: Path, scheduler: str) -> None:
    front = found(tmp_path / "coop-1", 1)

    told = run(str(front.config.parent), "--scheduler", scheduler)

    lines = told.stdout.splitlines()
    assert lines[0].startswith(
        "coop-1 2026-03: 192 settled, 0 provisional, 0 unsettled; 192 entries"
    )
    assert lines[1:] == [lines[1], "1 cooperatives, 1 of them had something due; 2 months"]
    assert (told.stderr, told.exit_code) == ("", 0)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "Missing argument 'DIR...'"),
        (["nowhere"], "nowhere/minga.toml: cannot be read (No such file or directory)"),
        (["one", "one"], "one/minga.toml: [coop] database: found "),
        (["one", "other"], "other/minga.toml: [coop] id: found coop-1, as in "),
        (["one", "--workers", "2", "--scheduler", "tcp://x:1"], "--workers is for this machine"),
        (["one", "--workers", "0"], "0 is not in the range"),
    ],
)
def test_odd_input_is_refused_before_anything_is_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], problem: str
) -> None:
    found(tmp_path / "one", 1)
    found(tmp_path / "other", 1)
    monkeypatch.chdir(tmp_path)

    told = run(*words)

    assert problem in f"{told.exception} {told.stderr}"
    assert [path for path in tmp_path.rglob("books.sqlite") if _has_slots(path)] == []


def test_a_scheduler_that_is_away_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coop.federation.cluster, "CONNECT_S", 1)
    front = found(tmp_path / "one", 1)

    told = run(str(front.config.parent), "--scheduler", "tcp://127.0.0.1:1")

    assert "no scheduler of Dask answers" in str(told.exception)


def _has_slots(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as file:
        return bool(file.execute("SELECT count(*) FROM slot_energy").fetchone()[0])


def _kill(pid_file: Path) -> int:
    wait_until(lambda: pid_file.is_file() and pid_file.read_text(encoding="utf-8") != "", "a pid")
    pid = int(pid_file.read_text(encoding="utf-8"))
    os.kill(pid, signal.SIGKILL)
    return pid
