"""The demo is the system: full at once, two at a time, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.faults.household import Household
from tests.faults.measured_day import ZONE, expected_slots
from tests.faults.processes import answers, free_port, wait_until
from tests.requirements import ROOT, shared_data

pytestmark = pytest.mark.faults

PAGE = "/community.json?date=2017-05-01"


@contextmanager
def demo(port: int, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a demo until the block is left."""
    command = [sys.executable, "-m", "minga", "demo", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        [*command, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def fetch(port: int, path: str) -> Any:  # noqa: ANN401  JSON is what it is
    """Fetch a page's JSON, None while there is none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return json.load(answer)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def household_of(process: "subprocess.Popen[bytes]") -> Household:
    """Return the household whose card a demo prints."""
    assert process.stdout
    told = next(line for line in process.stdout if line.startswith(b"a household"))
    return Household(told.split()[-1].decode())


def is_full(port: int) -> bool:
    """Say whether the public screen shows live figures."""
    page = fetch(port, "/tv.json")
    return bool(page and page["state"] == "full" and page["producing_now"]["state"] == "fresh")


def children_of(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """Return every process that a demo started."""
    return psutil.Process(process.pid).children(recursive=True)


def all_gone(children: list[psutil.Process]) -> bool:
    """Say whether none of some processes runs any more."""
    return not any(child.is_running() and child.status() != "zombie" for child in children)


def test_the_pages_are_full_at_once_and_ctrl_c_leaves_nothing() -> None:
    port = free_port()
    with demo(port) as process:
        wait_until(lambda: is_full(port), "the page is full", 90)
        day = (datetime.now(UTC) - timedelta(days=30)).date()
        household = household_of(process)
        past = household.fetch(f"/community.json?date={day}")
        month = household.fetch(f"/home.json?month={day:%Y-%m}")["month"]
        children = children_of(process)

    assert {slot["standing"] for slot in past["slots"]} == {"settled"}
    assert len(past["slots"]) == 96
    assert past["produced_wh"] > 10_000
    assert past["produced_wh"] == (
        past["own_use_wh"] + past["shared_wh"] + past["set_aside_wh"] + past["left_over_wh"]
    )
    assert month["kept_centimos"] > 0
    assert process.returncode == 0
    wait_until(lambda: all_gone(children), "every process is gone", 10)
    assert not answers(port)


def test_killed_outright_it_leaves_no_process_either() -> None:
    port = free_port()
    with demo(port) as process:
        wait_until(lambda: is_full(port), "the page is full", 90)
        children = children_of(process)
        os.kill(process.pid, signal.SIGKILL)

    wait_until(lambda: all_gone(children), "every process is gone", 15)


def test_two_demos_at_once_do_not_disturb_each_other() -> None:
    one, other = free_port(), free_port()
    with ExitStack() as held:
        held.enter_context(demo(one))
        second = held.enter_context(demo(other, "--homes", "5"))
        wait_until(lambda: is_full(one) and is_full(other), "both pages are full", 120)
        second.send_signal(signal.SIGINT)
        second.wait(20)

        assert is_full(one)


def test_a_port_in_use_is_said_before_anything_is_started() -> None:
    port = free_port()
    with demo(port):
        wait_until(lambda: answers(port), "the first demo listens", 90)
        again = subprocess.run(
            [sys.executable, "-m", "minga", "demo", "--no-browser", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert again.returncode == 2
    assert f"port {port} is in use" in again.stderr
    assert "Traceback" not in again.stderr


def test_a_replay_shows_the_measured_slots_exactly() -> None:
    folder, port = shared_data() / "fontana", free_port()
    arguments = ("--replay", str(folder), "--from", "2017-05-01", "--speed", "300")
    expected = [
        (slot.produced, slot.consumed)
        for slot in expected_slots(folder, datetime(2017, 5, 1, tzinfo=ZONE))[:8]
    ]
    with demo(port, *arguments) as process:
        home = household_of(process)
        wait_until(lambda: settled(home) >= 8, "eight slots are settled", 120)
        # A reading that came late on a busy machine is settled again a little later.
        wait_until(lambda: shown(home)[:8] == expected, f"{expected} are shown", 20)


def shown(home: Household) -> list[tuple[int, int]]:
    """Return production and consumption of each slot of the day."""
    slots = home.fetch(PAGE)["slots"]
    return [(slot["produced_wh"], slot["consumption_wh"]) for slot in slots]


def settled(home: Household) -> int:
    """Count the settled slots of the day."""
    return sum(slot["standing"] == "settled" for slot in home.fetch(PAGE)["slots"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2017-05-01"], "go with --replay"),
        (["--homes", "3"], "--homes"),
        (["--port", "0"], "--port"),
        (["--replay", "nowhere", "--from", "2017-05-01"], "nowhere"),
        (["--replay", "FONTANA"], "--replay needs --from"),
        (["--replay", "FONTANA", "--from", "May"], "found 'May'"),
        (["--replay", "FONTANA", "--from", "1999-01-01"], "not in the files"),
        (["--replay", "FONTANA", "--from", "2017-05-01", "--timezone", "Mars"], "Mars"),
        (["--replay", "BROKEN", "--from", "2017-05-01"], "line 2"),
    ],
)
def test_wishes_that_cannot_be_met_are_one_clear_line(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    for name in ("production_kwh.csv", "consumption_kwh.csv"):
        (tmp_path / name).write_text('hour_start,h01\n2017-05-01T00:00,"1,5"\n')
    known = {"FONTANA": str(shared_data() / "fontana"), "BROKEN": str(tmp_path)}
    command = [known.get(word, word) for word in arguments]

    done = subprocess.run(
        [sys.executable, "-m", "minga", "demo", "--no-browser", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)
