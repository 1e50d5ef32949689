"""RTU frames over a pty pair and over a socket: a value is right or it is absent."""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.devices.modbus import Bus
from collector.errors import DeviceError, RefusedError
from tests.collector.devices.rtu_line import (
    Answer,
    Asked,
    Line,
    checksum,
    sealed,
    serial_line,
    socket_line,
)

SHORT_S = 0.1
Run = Callable[..., AbstractContextManager[Line]]
both = pytest.mark.parametrize("run", [serial_line, socket_line], ids=["pty", "socket"])


def right(asked: Asked) -> Sequence[bytes]:
    """Answer rightly."""
    return [asked.reply()]


def slices(frame: bytes) -> Sequence[bytes]:
    """Cut a frame into single bytes."""
    return [bytes([one]) for one in frame]


def flipped(frame: bytes, at: int) -> bytes:
    """Turn one bit round."""
    return frame[:at] + bytes([frame[at] ^ 0x10]) + frame[at + 1 :]


def test_the_double_makes_frames_as_a_real_meter_does() -> None:
    assert sealed(bytes.fromhex("01 04 04 45 a2 26 c7")).hex() == "01040445a226c71498"


@both
def test_several_units_of_one_line_are_read_in_turn(run: Run) -> None:
    with run(right) as line:
        bus = Bus(line.url, 2)
        found = [
            bus.read(1, 3, 10, 2),
            bus.read(2, 4, 10, 3),
            bus.read(33, 3, 0, 1),
            bus.read(1, 4, 500, 125),
        ]
        bus.close()

    assert found == [[1010, 1011], [2010, 2011, 2012], [33_000], list(range(1500, 1625))]
    assert [(one.unit, one.code) for one in line.asked] == [(1, 3), (2, 4), (33, 3), (1, 4)]


@pytest.mark.parametrize("given_settings", ["baudrate=9600&parity=E", "baudrate=9600&stopbits=2"])
def test_the_settings_of_a_line_are_taken(given_settings: str) -> None:
    with serial_line(right, settings=given_settings) as line:
        bus = Bus(line.url, 2)
        words = bus.read(1, 3, 10, 2)
        bus.close()

    assert words == [1010, 1011]


@both
@pytest.mark.parametrize(
    "answer",
    [
        lambda asked: slices(asked.reply()),
        lambda asked: [asked.raw, asked.reply()],
        lambda asked: [asked.raw + asked.reply()],
        lambda asked: slices(asked.raw + asked.reply()),
        lambda asked: [b"\x00" + asked.reply()],
        lambda asked: [b"\xff\xff\x00" + asked.reply()],
        lambda asked: [asked.raw + b"\xff" + asked.reply()],
    ],
    ids=["slices", "echo", "echo_joined", "echo_slices", "zero", "turnaround", "echo_noise"],
)
def test_an_answer_is_found_behind_echo_and_turnaround(run: Run, answer: Answer) -> None:
    with run(answer) as line:
        bus = Bus(line.url, 2)
        found = [bus.read(1, 3, 10, 2), bus.read(1, 3, 512, 1), bus.read(2, 3, 2560, 5)]
        bus.close()

    assert found == [[1010, 1011], [1512], [4560, 4561, 4562, 4563, 4564]]


@both
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda _: [], "no valid answer within"),
        (lambda asked: [asked.raw], "no valid answer within"),
        (lambda asked: [asked.raw, asked.raw], "instead of 4"),
        (lambda asked: [asked.reply()[:-1]], r"no valid answer within .* \(8 bytes came"),
        (lambda asked: [asked.reply()[:2]], "no valid answer within"),
        (lambda asked: [asked.reply(unit=9)], "it is for unit 9 function code 3"),
        (lambda asked: [asked.reply(code=4)], "it is for unit 1 function code 4"),
        (lambda asked: [asked.reply(count=1)], "2 bytes came instead of 4"),
        (lambda asked: [asked.reply(count=3)], "6 bytes came instead of 4"),
        (lambda asked: [asked.reply(size=3)], "3 bytes came instead of 4"),
        (lambda asked: [asked.reply(size=200)], "200 bytes came instead of 4"),
        (lambda asked: [flipped(asked.reply(), 0)], "it is for unit 17"),
        (lambda asked: [flipped(asked.reply(), 4)], "the checksum of the answer is wrong"),
        (lambda asked: [flipped(asked.reply(), 8)], "the checksum of the answer is wrong"),
        (lambda asked: [flipped(asked.refuse(2), 3)], "the checksum of the answer is wrong"),
        (lambda asked: [b"\x55" + asked.reply()], "it is for unit 85"),
        (lambda asked: [asked.refuse(10)], "exception 10, gateway has no path to the unit"),
        (lambda asked: [asked.refuse(11)], "exception 11, gateway got no answer"),
    ],
)
def test_a_wrong_frame_is_never_a_value(run: Run, answer: Answer, problem: str) -> None:
    with run(answer, right) as line:
        bus = Bus(line.url, SHORT_S)
        with pytest.raises(DeviceError, match=problem) as caught:
            bus.read(1, 3, 100, 2)
        after = bus.read(1, 3, 100, 2)
        bus.close()

    assert not isinstance(caught.value, RefusedError)
    assert after == [1100, 1101]


@both
@pytest.mark.parametrize("code", [1, 2, 3, 4, 5, 6])
def test_a_refusal_is_told_by_its_code(run: Run, code: int) -> None:
    with run(lambda asked: slices(asked.refuse(code)), right) as line:
        bus = Bus(line.url, 2)
        with pytest.raises(RefusedError, match=f"exception {code}, ") as caught:
            bus.read(1, 3, 100, 2)
        after = bus.read(1, 3, 100, 2)
        bus.close()

    assert caught.value.exception_code == code
    assert after == [1100, 1101]


@both
def test_a_late_answer_is_not_taken_for_a_later_request(run: Run) -> None:
    """The device is one answer behind from the first one on: each answer fits the next request."""
    kept: list[bytes] = []

    def one_behind(asked: Asked) -> Sequence[bytes]:
        kept.append(asked.reply())
        return kept[-2:-1]

    with run(one_behind) as line:
        bus = Bus(line.url, 0.03)
        found = [attempt(bus, address) for address in (100, 200, 300, 400, 500, 600)]
        bus.close()

    assert found == [None] * 6


def attempt(bus: Bus, address: int) -> list[int] | None:
    """Read two registers, or nothing."""
    try:
        return bus.read(1, 3, address, 2)
    except DeviceError:
        return None


@both
def test_bytes_that_wait_before_a_request_are_not_its_answer(run: Run) -> None:
    def right_and_one_more(asked: Asked) -> Sequence[bytes]:
        return [asked.reply() + asked.reply(first=9_000)]

    with run(right_and_one_more, right) as line:
        bus = Bus(line.url, 2)
        found = [bus.read(1, 3, 100, 2), bus.read(1, 3, 200, 2)]
        bus.close()

    assert found == [[1100, 1101], [1200, 1201]]


@both
def test_turnaround_behind_an_answer_costs_no_connection(run: Run) -> None:
    with run(lambda asked: [asked.reply(), b"\x00\xff"]) as line:
        bus = Bus(line.url, 2)
        found = [bus.read(1, 3, 100, 2), bus.read(1, 3, 200, 2), bus.read(1, 3, 300, 2)]
        session = bus.session
        bus.close()

    assert found == [[1100, 1101], [1200, 1201], [1300, 1301]]
    assert session == 0


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(noise=st.binary(max_size=40), is_echoed=st.booleans())
def test_noise_gives_only_our_own_errors(noise: bytes, is_echoed: bool) -> None:  # noqa: FBT001  drawn
    with serial_line(lambda asked: [asked.raw * is_echoed + noise]) as line:
        bus = Bus(line.url, 0.01)
        with pytest.raises(DeviceError):
            bus.read(1, 3, 100, 2)
        bus.close()


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 8), bit=st.integers(0, 7))
def test_any_turned_bit_is_found(at: int, bit: int) -> None:
    def turned(asked: Asked) -> Sequence[bytes]:
        frame = bytearray(asked.reply())
        frame[at] ^= 1 << bit
        return [bytes(frame)]

    with serial_line(turned) as line:
        bus = Bus(line.url, 0.01)
        with pytest.raises(DeviceError):
            bus.read(1, 3, 100, 2)
        bus.close()


def test_a_port_that_another_program_holds_is_told() -> None:
    with serial_line(right) as line:
        first, second = Bus(line.url, 2), Bus(line.url, 2)
        first.read(1, 3, 0, 1)
        with pytest.raises(DeviceError, match=r"no connection; end the other program .*held by"):
            second.read(1, 3, 0, 1)
        first.close()
        words = second.read(1, 3, 0, 1)
        second.close()

    assert words == [1000]


def test_a_file_that_is_no_port_is_told(tmp_path: os.PathLike[str]) -> None:
    file = os.path.join(tmp_path, "notes")  # noqa: PTH118  a URL holds text
    open(file, "w").close()  # noqa: PTH123  nothing is written

    with pytest.raises(DeviceError, match="no connection; this is no serial port"):
        Bus(f"rtu://{file}", SHORT_S).read(1, 3, 0, 1)


def test_a_port_that_is_pulled_out_is_told() -> None:
    with serial_line(right) as line:
        bus = Bus(line.url, 2)
        bus.read(1, 3, 0, 1)

    with pytest.raises(
        DeviceError, match="no connection; plug the adapter in, or correct the path"
    ):
        bus.read(1, 3, 0, 1)


def test_the_checksum_is_the_one_of_the_standard() -> None:
    assert checksum(bytes.fromhex("01 03 00 00 00 0a")).hex() == "c5cd"
