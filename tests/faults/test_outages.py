"""Something is away: the services that can go on do, and nothing accepted is lost."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from collector.simulator.community import modelled_community
from collector.simulator.stage import Stage, write_stage
from tests.collector.stores.influxd import running_influxd
from tests.faults.processes import Program, answers, free_port, minga, mosquitto, wait_until
from tests.requirements import require_namespaces, require_program

HOMES = 5
DEVICES = HOMES + 3

pytestmark = pytest.mark.faults


@dataclass
class Box:
    """One installation with simulated devices, its programs started one by one."""

    folder: Path
    store: str = 'store = "sqlite"'
    mqtt_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    programs: dict[str, Program] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plant = modelled_community(HOMES, 1, datetime.now(UTC))
        self.ports = [bus.port for bus in plant.bus]
        stage = Stage("Box", "UTC", self.web_port, self.mqtt_port, 0.5, self.store)
        self.plant_file, self.config = write_stage(self.folder, plant, stage)
        self.programs["simulate"] = minga("simulate", self.folder, "simulate", str(self.plant_file))
        for name in ("collect", "ingest", "web", "run"):
            arguments = ("--config", str(self.config), name)
            self.programs[name] = minga(name, self.folder, *arguments)

    def start(self, *names: str) -> None:
        """Start programs; the simulator is waited for."""
        for name in names:
            if name == "mosquitto":
                self.programs[name] = mosquitto(self.folder, self.mqtt_port)
            self.programs[name].start()
            if name == "simulate":
                wait_until(lambda: all(answers(port) for port in self.ports), "the plant", 60)

    def end(self) -> None:
        """End everything."""
        for program in self.programs.values():
            program.stop()

    def outbox(self, question: str) -> int:
        """Ask the outbox for a number, 0 while there is none."""
        path = self.folder / "state" / "collector" / "outbox.sqlite"
        return ask(path, question)

    def accepted(self) -> int:
        """Return how many readings were ever accepted."""
        return self.outbox("SELECT value FROM meta WHERE name='last_seq'")

    def waiting(self) -> int:
        """Return how many readings the store has not confirmed."""
        return self.outbox("SELECT total(count) FROM groups")

    def stored(self) -> int:
        """Return how many readings the embedded store holds."""
        return ask(self.folder / "state" / "readings.sqlite", "SELECT total(count) FROM batches")


def ask(path: Path, question: str) -> int:
    """Ask a database for a number."""
    if not path.exists():
        return 0
    database = sqlite3.connect(path, timeout=10)
    try:
        return int(database.execute(question).fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        database.close()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    made.end()


def test_without_a_broker_the_measuring_goes_on_and_all_arrives_later(box: Box) -> None:
    box.start("simulate", "collect", "ingest")
    wait_until(lambda: box.accepted() >= 5 * DEVICES, "readings are accepted")
    assert box.waiting() == box.accepted()

    box.start("mosquitto")
    wait_until(lambda: box.stored() >= 5 * DEVICES, "readings are stored")

    assert box.programs["collect"].said().count("is not there") == 1
    assert box.programs["collect"].said().count("is back") == 1


def test_devices_that_do_not_answer_leave_the_others_alone(box: Box) -> None:
    silent = '\n[[bus]]\nid = "gone"\nurl = "tcp://127.0.0.1:9"\ntimeout_s = 0.2\n'
    absent = '[[device]]\nid = "gone-1"\nbus = "gone"\nprofile = "huawei_sun2000"\n'
    refusing = '[[device]]\nid = "nobody"\nbus = "line-1"\nunit = 99\nprofile = "eastron_sdm"\n'
    with box.config.open("a") as more:
        more.write(silent + absent + refusing)

    box.start("mosquitto", "simulate", "ingest", "collect")
    wait_until(lambda: box.stored() >= 3 * DEVICES, "the others are stored")

    said = box.programs["collect"].said()
    assert said.count("device gone-1 does not answer") == 1
    assert said.count("device nobody does not answer") == 1
    assert "Traceback" not in said


def test_an_influxdb_that_is_away_confirms_nothing_and_gets_all_when_it_is_back(
    tmp_path: Path,
) -> None:
    require_program("influxd")
    (tmp_path / "influx").mkdir()
    with ExitStack() as held:
        server = held.enter_context(running_influxd(tmp_path / "influx"))
        token, bucket = tmp_path / "token", server.create_database("box")
        token.write_text(server.token)
        box = Box(
            tmp_path,
            f'store = "influxdb"\n[influxdb]\nurl = "{server.url}"\nbucket = "{bucket}"\n'
            f'token_file = "{token}"\nindex = "state/index.sqlite"',
        )
        held.callback(box.end)
        box.start("mosquitto", "simulate", "ingest", "collect")
        wait_until(lambda: box.accepted() > 0 and box.waiting() < box.accepted(), "some arrive")
        server.stop()
        wait_until(lambda: "wait in the outboxes" in box.programs["ingest"].said(), "it is said")
        confirmed, accepted = box.accepted() - box.waiting(), box.accepted()
        wait_until(lambda: box.accepted() >= accepted + 5 * DEVICES, "the measuring goes on")
        assert box.accepted() - box.waiting() == confirmed

        server.start()
        wait_until(lambda: "the store is back" in box.programs["ingest"].said(), "it is back")
        wait_until(lambda: box.accepted() - box.waiting() >= accepted + 5 * DEVICES, "all arrive")

        assert box.programs["ingest"].said().count("wait in the outboxes") == 1


FULL_DISK = """
set -e
mount -t tmpfs -o size=8m none "$1/state"
"$2" -m minga --config "$1/minga.toml" collect &
collector=$!
trap 'kill $collector; wait $collector' TERM
log="$1/state/collector/outbox.sqlite-wal"
until [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt 40000 ]; do sleep 0.05; done
cat /dev/zero > "$1/state/filler" 2>/dev/null || true
until grep -q "outbox.*cannot write now" "$1/full.log"; do sleep 0.05; done
rm "$1/state/filler"
wait $collector || true
"""


def test_a_full_disk_refuses_counts_and_recovers_without_a_restart(box: Box) -> None:
    unshare = require_namespaces()
    (box.folder / "state").mkdir()
    box.start("mosquitto", "simulate", "ingest")
    command = [unshare, "-rm", "sh", "-c", FULL_DISK, "sh", str(box.folder), python()]
    disk = Program("full", command, box.folder, box.programs["collect"].environment)
    box.programs["full"] = disk
    disk.start()

    wait_until(lambda: "the outbox accepts again" in disk.said(), "it accepts again", 60)
    wait_until(lambda: box.stored() >= 5 * DEVICES, "readings are stored")

    assert "samples were refused meanwhile" in disk.said()
    assert "Traceback" not in disk.said()


def python() -> str:
    """Return the interpreter that runs the services."""
    return str(minga("any", Path()).command[0])


def test_run_starts_three_services_restarts_one_that_dies_and_ends_all(box: Box) -> None:
    box.start("mosquitto", "simulate", "run")
    wait_until(lambda: box.stored() >= DEVICES and answers(box.web_port), "all three work")
    children = service_processes(box)
    os.kill(children["ingest"].pid, signal.SIGKILL)
    stored = box.stored()

    wait_until(lambda: box.stored() > stored + DEVICES, "ingest works again")
    everything = [*children.values(), *service_processes(box).values()]
    box.programs["run"].stop()

    assert "ingest ended with code -9; starting it again" in box.programs["run"].said()
    wait_until(lambda: not any(map(is_alive, everything)), "all have ended", 10)


def service_processes(box: Box) -> dict[str, psutil.Process]:
    """Return the children of `minga run` by their service."""
    children = psutil.Process(box.programs["run"].pid).children()
    return {child.cmdline()[-1]: child for child in children}


def is_alive(process: psutil.Process) -> bool:
    """Say whether a process still works."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
