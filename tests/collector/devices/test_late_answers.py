"""Gateways that answer late or number nothing (F09): a value is right or it is absent.

600 reads in every run, 10,000 with MINGA_FAULTS=full.
"""

import os
import time
from collections.abc import Callable, Sequence
from itertools import count

import pytest

from collector.devices.modbus import Bus
from collector.errors import DeviceError
from tests.collector.devices.gateways import Request, gateway
from tests.collector.devices.rtu_line import Asked, serial_line, socket_line

READS = 10_000 if os.environ.get("MINGA_FAULTS") == "full" else 600
TIMEOUT_S = 0.01
LATE_S = 0.015


def numbered_zero(request: Request) -> Sequence[bytes]:
    """Answer rightly under transaction id 0."""
    return [request.reply(transaction=0)]


def numbered_rightly(request: Request) -> Sequence[bytes]:
    """Answer rightly."""
    return [request.reply()]


def silent(request: Request) -> Sequence[bytes]:
    """Do not answer."""
    del request
    return []


def every_fifth_late(reply: Callable[[Request], bytes]) -> Callable[[Request], Sequence[bytes]]:
    """Answer rightly, each fifth time beyond the timeout."""
    turn = count(1)

    def answer(request: Request) -> Sequence[bytes]:
        if next(turn) % 5 == 0:
            time.sleep(LATE_S)
        return [reply(request)]

    return answer


def answered_to_the_next(reply: Callable[[Request], bytes]) -> Callable[[Request], Sequence[bytes]]:
    """Keep each fifth answer back until the next request comes, on whatever connection."""
    turn, kept = count(1), []

    def answer(request: Request) -> Sequence[bytes]:
        if next(turn) % 5 == 0:
            kept.append(reply(request))
            return []
        late = [kept.pop()] if kept else []
        return [*late, reply(request)]

    return answer


def read_all(bus: Bus, first_of: Callable[[int, int], int], reads: int) -> tuple[int, int, int]:
    """Read many times; return how many values were right, absent and wrong."""
    right = absent = wrong = 0
    for turn in range(reads):
        unit, address, size = 1 + turn % 60 // 30, 10 * (turn % 50), 2 + turn % 40 // 20
        try:
            words = bus.read(unit, 3, address, size)
        except DeviceError:
            absent += 1
            continue
        first = first_of(unit, address)
        is_right = words == list(range(first, first + size))
        right, wrong = right + is_right, wrong + (not is_right)
    bus.close()
    return right, absent, wrong


GATEWAYS = {
    "late, numbered": every_fifth_late(lambda request: request.reply()),
    "late, id 0": every_fifth_late(lambda request: request.reply(transaction=0)),
    "to the next, numbered": answered_to_the_next(lambda request: request.reply()),
    "to the next, id 0": answered_to_the_next(lambda request: request.reply(transaction=0)),
}


@pytest.mark.parametrize("answer", GATEWAYS.values(), ids=GATEWAYS.keys())
def test_no_late_answer_of_a_gateway_becomes_a_value(
    answer: Callable[[Request], Sequence[bytes]],
) -> None:
    with gateway(answer) as gate:
        right, absent, wrong = read_all(Bus(gate.url, TIMEOUT_S), lambda _, at: at, READS)

    assert wrong == 0
    assert right > READS // 2
    assert right + absent == READS


def slow_serial() -> Callable[[Asked], Sequence[bytes]]:
    """Answer rightly, each fifth time beyond the timeout."""
    turn = count(1)

    def answer(asked: Asked) -> Sequence[bytes]:
        if next(turn) % 5 == 0:
            time.sleep(LATE_S)
        return [asked.reply()]

    return answer


@pytest.mark.parametrize("run", [serial_line, socket_line], ids=["pty", "socket"])
def test_no_late_answer_of_a_serial_line_becomes_a_value(run: Callable[..., object]) -> None:
    with run(slow_serial()) as line:  # type: ignore[attr-defined]  # both are context managers
        right, absent, wrong = read_all(
            Bus(line.url, TIMEOUT_S), lambda unit, at: 1_000 * unit + at, READS // 3
        )

    assert wrong == 0
    assert right > READS // 6
    assert right + absent == READS // 3


def test_a_gateway_that_numbers_nothing_is_read() -> None:
    with gateway(numbered_zero) as gate:
        bus = Bus(gate.url, 2)
        found = [bus.read(1, 3, 100, 2), bus.read(1, 3, 200, 2)]
        bus.close()

    assert found == [[100, 101], [200, 201]]
    assert gate.connections == 1


def test_id_0_is_refused_from_a_gateway_that_numbered_before() -> None:
    with gateway(numbered_rightly, numbered_zero, numbered_rightly) as gate:
        bus = Bus(gate.url, 2)
        bus.read(1, 3, 100, 2)
        with pytest.raises(DeviceError, match="transaction id 0 after answers with ours"):
            bus.read(1, 3, 200, 2)
        after = bus.read(1, 3, 300, 2)
        bus.close()

    assert after == [300, 301]
    assert gate.connections == 2


def test_id_0_is_refused_while_an_earlier_answer_may_come() -> None:
    with gateway(silent, numbered_zero) as gate:
        bus = Bus(gate.url, 0.05)
        with pytest.raises(DeviceError, match="no valid answer within"):
            bus.read(1, 3, 100, 2)
        with pytest.raises(DeviceError, match="transaction id 0: it may be an earlier one's"):
            bus.read(1, 3, 200, 2)
        after = bus.read(1, 3, 300, 2)
        bus.close()

    assert after == [300, 301]
    assert [request.count for request in gate.requests] == [2, 2, 1, 2]


@pytest.mark.parametrize("shift", [1, 77, 65_535])
def test_an_id_that_is_neither_ours_nor_0_stays_refused(shift: int) -> None:
    with gateway(
        lambda request: [request.reply(transaction=1 + (request.transaction + shift) % 65_535)]
    ) as gate:
        bus = Bus(gate.url, 0.05)
        with pytest.raises(DeviceError, match="no valid answer within"):
            bus.read(1, 3, 100, 2)
        bus.close()


def test_a_second_answer_that_waits_is_not_the_next_ones() -> None:
    with gateway(
        lambda request: [
            request.reply(transaction=0) + request.reply(transaction=0, first=request.address + 7)
        ]
    ) as gate:
        bus = Bus(gate.url, 2)
        found = [bus.read(1, 3, 100, 2), bus.read(1, 3, 200, 2)]
        bus.close()

    assert found == [[100, 101], [200, 201]]
    assert gate.connections == 2
