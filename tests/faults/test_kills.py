"""F01 to F05, F07: processes killed, hung, queues overflowing; nothing accepted is lost."""

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import Report
from tests.faults.pipeline import Pipeline, either
from tests.faults.processes import wait_until

pytestmark = pytest.mark.faults


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Pipeline]:
    made = Pipeline(tmp_path)
    yield made
    made.end()


def test_f01_a_collector_killed_again_and_again_loses_nothing_and_reuses_no_number(
    line: Pipeline, report: Report
) -> None:
    random, recoveries = Random(1), []  # noqa: S311  chance for a test
    line.start("mosquitto", "ingest", "collect")
    for _ in range(either(8, 50)):
        line.wait_accepted(1)
        line.wait_served(random.randint(1, 80))
        line.programs["collect"].kill()
        line.start("collect")
        recoveries.append(line.wait_accepted(1))
    line.settle_down()

    row = line.tell(report, "F01 collector killed", len(recoveries), max(recoveries))
    assert row.is_whole
    assert max(recoveries) < 5


def test_f02_an_ingest_killed_again_and_again_stores_each_reading_once(
    line: Pipeline, report: Report
) -> None:
    random, recoveries = Random(2), []  # noqa: S311  chance for a test
    line.start("mosquitto", "ingest", "collect")
    for turn in range(either(8, 50)):
        line.wait_accepted(5)
        if turn % 2:
            line.wait_served(random.randint(1, 80))
            line.programs["ingest"].kill()
        else:
            line.programs["ingest"].kill()
            line.start("ingest", MINGA_FAILPOINT=f"after_commit:{random.randint(1, 4)}")
            line.programs["ingest"].wait(30)
        line.start("ingest")
        recoveries.append(line.wait_stored())
    line.settle_down()

    row = line.tell(report, "F02 ingest killed", len(recoveries), max(recoveries))
    assert row.is_whole


@pytest.mark.parametrize("forgets", [False, True], ids=["keeps its file", "forgets everything"])
def test_f03_a_broker_killed_while_a_queue_waits_in_it(
    line: Pipeline, report: Report, *, forgets: bool
) -> None:
    line.start("mosquitto", "ingest", "collect")
    line.wait_stored()
    line.programs["ingest"].stop()
    kills = either(3, 20)
    for _ in range(kills):
        line.wait_accepted(either(100, 250))
        line.programs["mosquitto"].kill()
        if forgets:
            (line.folder / "mosquitto.db").unlink(missing_ok=True)
        line.start("mosquitto")
    line.start("ingest")
    recovery_s = line.wait_stored(120)
    line.settle_down()

    how = "forgets" if forgets else "keeps its file"
    row = line.tell(report, f"F03 broker killed, {how}", kills, recovery_s)
    assert row.is_whole


def test_f04_more_waits_than_the_broker_queues(tmp_path: Path, report: Report) -> None:
    line = Pipeline(tmp_path, units=20, poll_s=0.05)
    try:
        line.start("mosquitto", "ingest", "collect")
        line.wait_stored()
        line.programs["ingest"].pause()
        line.wait_accepted(either(1_500, 5_000), 120)
        line.programs["ingest"].resume()
        recovery_s = line.wait_stored(120)
        line.settle_down()

        assert line.tell(report, "F04 queue limit exceeded", 1, recovery_s).is_whole
    finally:
        line.end()


def test_f05_a_collector_killed_with_unsent_readings(line: Pipeline, report: Report) -> None:
    line.start("collect")
    line.wait_accepted(300)
    line.programs["collect"].kill()
    line.start("mosquitto", "ingest", "collect")
    recovery_s = line.wait_stored()
    line.settle_down()

    assert line.tell(report, "F05 collector killed, broker down", 1, recovery_s).is_whole


def test_f07_a_broker_that_hangs_does_not_disturb_the_polling(
    line: Pipeline, report: Report
) -> None:
    line.start("mosquitto", "ingest", "collect")
    line.wait_stored()
    before = polls_within(line, either(5, 30))
    line.programs["mosquitto"].pause()
    frozen = polls_within(line, either(5, 120))
    line.programs["mosquitto"].resume()
    recovery_s = line.wait_stored(60)
    line.settle_down()

    assert line.tell(report, "F07 broker frozen", 1, recovery_s).is_whole
    assert frozen > before / 2


def polls_within(line: Pipeline, seconds: float) -> float:
    """Return how often a second a unit is polled, in the time given."""
    begun_s, polls = time.monotonic(), len(line.gateway.served[1])
    wait_until(lambda: time.monotonic() - begun_s > seconds, "the time is over", seconds + 5)
    return (len(line.gateway.served[1]) - polls) / (time.monotonic() - begun_s)
