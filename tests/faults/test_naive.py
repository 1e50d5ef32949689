"""F03, F04, F05, F09, F23 once more, with what one would write first, for comparison.

Ours is judged in the other files; here the naive pipeline must show that the faults are real.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.collector.stores.fake_influx import running_fake
from tests.faults.conftest import Naive
from tests.faults.known_gateway import Manners
from tests.faults.naive import NaivePipeline
from tests.faults.pipeline import either
from tests.faults.processes import wait_until

pytestmark = pytest.mark.faults

Make = Callable[..., NaivePipeline]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as held:

        def start(**settings: object) -> NaivePipeline:
            influx = held.enter_context(running_fake())
            line = NaivePipeline(tmp_path / "naive", influx, **settings)  # type: ignore[arg-type]  # told by the test
            held.callback(line.end)
            line.start("mosquitto")
            wait_until(lambda: "running" in line.programs["mosquitto"].said(), "the broker", 10)
            line.start("ingest", "collect")
            line.wait_stored()
            return line

        yield start


def test_f03_the_naive_pipeline_loses_what_waits_in_a_killed_broker(
    make: Make, naive: Naive
) -> None:
    line = make()
    line.programs["ingest"].kill()
    for _ in range(either(3, 20)):
        line.wait_measured(either(100, 250))
        line.programs["mosquitto"].kill()
        line.start("mosquitto")
    line.start("ingest")
    line.settle_down()

    naive["F03 broker killed, keeps its file"] = line.said()
    assert not line.said().startswith("lost 0 ")


def test_f04_the_naive_pipeline_loses_what_the_broker_does_not_queue(
    make: Make, naive: Naive
) -> None:
    line = make(units=20, poll_s=0.02)
    line.programs["ingest"].kill()
    line.wait_measured(either(1_500, 5_000))
    line.start("ingest")
    line.settle_down()

    naive["F04 queue limit exceeded"] = line.said()
    assert not line.said().startswith("lost 0 ")


def test_f05_the_naive_pipeline_loses_what_it_has_not_sent(make: Make, naive: Naive) -> None:
    line = make()
    line.programs["mosquitto"].kill()
    line.wait_measured(300)
    line.programs["collect"].kill()
    line.start("mosquitto", "collect")
    line.wait_measured(50)
    line.settle_down()

    naive["F05 collector killed, broker down"] = line.said()
    assert not line.said().startswith("lost 0 ")


def test_f09_the_naive_pipeline_takes_other_registers_values(make: Make, naive: Naive) -> None:
    late = Manners(late_every=5, late_s=0.08, each_s=0.01, has_zero_ids=True)
    line = make(units=1, poll_s=0, timeout_s=0.05, manners=late)
    line.wait_measured(either(200, 2_000), 600)
    line.settle_down()

    naive["F09 late answers, transaction id 0"] = line.said()
    assert not line.said().endswith("wrong 0")


def test_f23_the_naive_pipeline_loses_what_the_server_refuses(make: Make, naive: Naive) -> None:
    line = make()
    line.influx.answers = [(500, "")] * 12 + [(401, "")] * 3 + [(429, "")] * 12
    wait_until(lambda: not line.influx.answers, "all refusals were given", 120)
    line.settle_down()

    naive["F23 InfluxDB refuses"] = line.said()
    assert not line.said().startswith("lost 0 ")
