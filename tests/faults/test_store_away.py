"""F23: an InfluxDB that is down or refuses; nothing is acknowledged, everything arrives later."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlparse

import pytest

from tests.collector.stores.fake_influx import running_fake
from tests.faults.conftest import Report
from tests.faults.pipeline import Pipeline, either
from tests.faults.processes import wait_until
from tests.faults.toxics import ToxicProxy

pytestmark = pytest.mark.faults

REFUSALS = {
    401: "unauthorized",
    429: "too many requests",
    500: "internal error",
    503: "service unavailable",
    400: 'partial write: field type conflict: "ac_power" is type float, already integer',
}


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_f23_a_store_that_refuses_gets_everything_in_the_end(
    held: ExitStack, tmp_path: Path, report: Report
) -> None:
    influx = held.enter_context(running_fake())
    proxy = ToxicProxy(urlparse(influx.url).port or 0)
    proxy.start()
    held.callback(proxy.stop)
    line = Pipeline(tmp_path, influx=influx, influx_port=proxy.port)
    held.callback(line.end)
    line.start("mosquitto", "ingest", "collect")
    line.wait_accepted(20)
    line.wait_stored()

    times = either(3, 30)
    for status, body in REFUSALS.items():
        confirmed = line.accepted() - line.waiting()
        influx.answers = [(status, body)] * times
        wait_until(lambda: not influx.answers, f"all answers {status} were given", 120)
        assert line.accepted() - line.waiting() <= confirmed + 10 * line.units
        line.wait_stored(120)
    proxy.go_down()
    wait_until(lambda: line.said("ingest").count("wait in the outboxes") >= 2, "it is said", 60)
    line.wait_accepted(either(100, 1_000), 300)
    proxy.come_up()
    recovery_s = line.wait_stored(120)
    line.settle_down(120)

    faults = times * len(REFUSALS) + 1
    assert line.tell(report, "F23 InfluxDB refuses", faults, recovery_s).is_whole
    assert line.said("ingest").count("wait in the outboxes") <= len(REFUSALS) + 1
