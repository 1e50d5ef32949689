"""F06, F08, F09, F11, F22, F26: lines that are ill, devices that are late, away or shared."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException

from tests.faults.conftest import Report
from tests.faults.known_gateway import Manners
from tests.faults.pipeline import IS_FULL, Pipeline, either
from tests.faults.processes import wait_until
from tests.faults.toxics import Toxic, ToxicProxy

pytestmark = pytest.mark.faults

TOXICS = {
    "latency": Toxic(latency_s=0.4),
    "bandwidth": Toxic(bandwidth_bytes_s=400, slice_bytes=40),
    "slow close": Toxic(slow_close_s=1.0, limit_bytes=3_000),
    "black hole": Toxic(is_black_hole=True),
    "reset": Toxic(resets=True),
    "slicer": Toxic(slice_bytes=1),
    "limited": Toxic(limit_bytes=2_000),
}
SHORT = ("black hole", "reset", "slicer")
"""Tried in every run; the others in a full one."""


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def between(held: ExitStack, port: int) -> ToxicProxy:
    """Put a proxy in front of a port."""
    proxy = ToxicProxy(port)
    proxy.start()
    held.callback(proxy.stop)
    return proxy


def running(held: ExitStack, line: Pipeline) -> Pipeline:
    """Start a pipeline that ends with the test."""
    held.callback(line.end)
    line.start("mosquitto", "ingest", "collect")
    line.wait_accepted(2 * line.units)
    line.wait_stored()
    return line


def threads(line: Pipeline, name: str) -> int:
    """Return how many threads a program has."""
    return len(list(Path(f"/proc/{line.programs[name].pid}/task").iterdir()))


def fall_ill(proxy: ToxicProxy, line: Pipeline, progress: Callable[[], int]) -> tuple[int, float]:
    """Try every toxic once; return how many, and the longest time until something moved again."""
    recoveries = []
    ill_s = either(1, 10)
    chosen = TOXICS if IS_FULL else {name: TOXICS[name] for name in SHORT}
    for toxic in chosen.values():
        proxy.infect(toxic, drops=toxic is TOXICS["reset"])
        until_s = time.monotonic() + ill_s
        wait_until(lambda until_s=until_s: time.monotonic() > until_s, "it is ill", ill_s + 5)
        proxy.heal()
        healed_s, before = time.monotonic(), progress()
        wait_until(lambda before=before: progress() > before, "it moves again", 60)
        recoveries.append(time.monotonic() - healed_s)
    proxy.go_down()
    line.wait_accepted(0)
    proxy.come_up()
    healed_s, before = time.monotonic(), progress()
    wait_until(lambda: progress() > before, "it moves again", 60)
    return len(chosen) + 1, max([*recoveries, time.monotonic() - healed_s])


def test_f06_an_ill_line_to_the_devices(held: ExitStack, tmp_path: Path, report: Report) -> None:
    line = Pipeline(tmp_path, units=3, timeout_s=0.3)
    proxy = between(held, line.gateway.port)
    line.gateway_port = proxy.port
    running(held, line)
    before = threads(line, "collect")

    faults, recovery_s = fall_ill(proxy, line, line.accepted)
    after = threads(line, "collect")
    line.settle_down()

    assert line.tell(report, "F06 line to the devices", faults, recovery_s).is_whole
    assert after <= before


@pytest.mark.parametrize("who", ["collect", "ingest"])
def test_f06_an_ill_line_to_the_broker(
    held: ExitStack, tmp_path: Path, report: Report, who: str
) -> None:
    line = Pipeline(tmp_path, units=3)
    proxy = between(held, line.mqtt_port)
    setattr(line, "collector_mqtt_port" if who == "collect" else "ingest_mqtt_port", proxy.port)
    running(held, line)
    before = threads(line, who)

    faults, recovery_s = fall_ill(proxy, line, lambda: line.accepted() - line.waiting())
    after = threads(line, who)
    line.settle_down()

    assert line.tell(report, f"F06 line from {who} to the broker", faults, recovery_s).is_whole
    assert after <= before


def test_f08_an_inverter_that_is_off_comes_back_without_a_zero_or_a_leap(
    held: ExitStack, tmp_path: Path, report: Report
) -> None:
    line = running(held, Pipeline(tmp_path, units=3, timeout_s=0.3))

    line.gateway.switch_off()
    accepted = line.accepted()
    off_s, until_s = either(3, 60), time.monotonic() + either(3, 60)
    wait_until(lambda: time.monotonic() > until_s, "the night is over", off_s + 5)
    line.gateway.switch_on()
    recovery_s = line.wait_accepted(3, 90)
    line.settle_down()

    assert line.tell(report, "F08 inverter off, then back", 1, recovery_s).is_whole
    assert accepted <= line.accepted()
    assert line.said("collect").count("device k1 does not answer") == 1
    assert line.said("collect").count("device k1 answers again") == 1


def test_f09_late_answers_without_transaction_ids_give_no_wrong_value(
    held: ExitStack, tmp_path: Path, report: Report
) -> None:
    line = Pipeline(tmp_path, units=5, poll_s=0.05, timeout_s=0.05)
    line.gateway.manners = Manners(late_every=5, late_s=0.08, each_s=0.01, has_zero_ids=True)
    running(held, line)

    line.wait_served(either(500, 10_000), 1_200)
    line.settle_down()

    row = line.tell(report, "F09 late answers, transaction id 0", line.served() // 5)
    assert row.is_whole


def test_f11_another_client_on_a_device_that_takes_one(
    held: ExitStack, tmp_path: Path, report: Report
) -> None:
    line = Pipeline(tmp_path, units=2, timeout_s=0.3)
    line.gateway.manners = Manners(takes_one_client=True)
    running(held, line)
    before = line.gateway.connections

    thieves = either(3, 12)
    for _ in range(thieves):
        _steal(line.gateway.port)
        wait_until(lambda: "another client" in line.said("collect"), "the cause is named", 30)
        line.wait_accepted(4, 60)
    recovery_s = line.wait_accepted(4, 60)
    line.settle_down()

    row = line.tell(report, "F11 two clients, one connection", thieves, recovery_s)
    assert row.is_whole
    assert line.gateway.connections - before <= 2 * thieves + 6


@pytest.mark.parametrize("answers_as", [{1: 2, 2: 1}, {1: 9}], ids=["swapped", "a stranger"])
def test_f06_a_gateway_that_mixes_up_its_units_gives_nobody_anothers_sun(
    held: ExitStack, tmp_path: Path, report: Report, answers_as: dict[int, int]
) -> None:
    line = running(held, Pipeline(tmp_path, units=3, timeout_s=0.3))

    line.gateway.switch_off()
    line.gateway.manners = Manners(answers_as=answers_as)
    line.gateway.switch_on()
    line.wait_accepted(either(20, 200), 120)
    line.gateway.switch_off()
    line.gateway.manners = Manners()
    line.gateway.switch_on()
    wait_until(lambda: "device k1 answers again" in line.said("collect"), "k1 is back", 60)
    recovery_s = line.wait_accepted(6)
    line.settle_down()

    assert line.tell(report, f"F06 unit 1 is unit {answers_as[1]}", 2, recovery_s).is_whole
    assert f"serial number K00{answers_as[1]} answers, K001 was here" in line.said("collect")


def _steal(port: int) -> None:
    client = ModbusTcpClient("127.0.0.1", port=port, timeout=1, retries=0)
    try:
        client.connect()
        client.read_holding_registers(10, count=4, device_id=1)
    except ModbusException:
        pass
    finally:
        client.close()


def test_f22_a_long_outage_is_filled_up_with_live_readings_first(
    held: ExitStack, tmp_path: Path, report: Report
) -> None:
    line = Pipeline(tmp_path, units=20, poll_s=0.05)
    held.callback(line.end)
    line.start("collect")
    line.wait_accepted(either(3_000, 60_000), 1_200)
    backlog, resident = line.accepted(), _resident_mb(line, "collect")

    line.start("mosquitto", "ingest")
    recovery_s = line.wait_stored(1_800)
    grown = _resident_mb(line, "collect") - resident
    line.settle_down(300)

    assert line.tell(report, "F22 long outage filled up", 1, recovery_s).is_whole
    assert line.accepted() > backlog
    assert grown < 15


def _resident_mb(line: Pipeline, name: str) -> float:
    status = Path(f"/proc/{line.programs[name].pid}/status").read_text(encoding="ascii")
    kilobytes = next(row for row in status.splitlines() if row.startswith("VmRSS:")).split()[1]
    return int(kilobytes) / 1_000


def test_f26_nothing_but_reads_reaches_a_device(
    held: ExitStack, tmp_path: Path, report: Report
) -> None:
    line = running(held, Pipeline(tmp_path, units=3))
    line.wait_accepted(30)
    line.settle_down()

    assert line.tell(report, "F26 function codes", 0).is_whole
    assert set(line.gateway.codes) == {3}
