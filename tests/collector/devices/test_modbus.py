"""The bus against a real server, and against gateways that answer wrongly."""

import os
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.devices.address import Address, parse_url
from collector.devices.modbus import Bus
from collector.errors import ConfigurationError, DeviceError, RefusedError
from collector.simulator.modbus_server import ModbusServer, Refusal, serve_memory, serve_units
from tests.collector.devices.gateways import Answer, Request, gateway
from tests.requirements import require_program

SHORT_S = 0.15


def right(request: Request) -> Sequence[bytes]:
    """Answer rightly."""
    return [request.reply()]


def silent(request: Request) -> Sequence[bytes]:
    """Do not answer."""
    del request
    return []


@pytest.fixture
def server() -> Iterator[ModbusServer]:
    """Serve holding and input registers 0 to 199 of unit 7."""
    memory = {(code, at): 1_000 * code + at for code in (3, 4) for at in range(200)}
    with ModbusServer(serve_units({7: serve_memory(memory)})) as running:
        yield running


@pytest.fixture
def bus(server: ModbusServer) -> Iterator[Bus]:
    """Open a bus to the server."""
    one = Bus(f"tcp://127.0.0.1:{server.port}", 2)
    yield one
    one.close()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("tcp://192.168.10.21", Address("tcp", "192.168.10.21", 502)),
        ("tcp://gate.example:1502", Address("tcp", "gate.example", 1502)),
        ("rtu+tcp://10.0.0.9:4196", Address("rtu+tcp", "10.0.0.9", 4196)),
        ("rtu:///dev/ttyUSB0", Address("rtu", path="/dev/ttyUSB0")),
        (
            "rtu:///dev/ttyUSB0?baudrate=2400&parity=E&stopbits=2",
            Address("rtu", path="/dev/ttyUSB0", baudrate=2400, parity="E", stopbits=2),
        ),
    ],
)
def test_an_address_is_understood(url: str, address: Address) -> None:
    assert parse_url(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "192.168.10.21",
        "http://host",
        "tcp://",
        "tcp://host:70000",
        "tcp://host:502?timeout=3",
        "tcp://host:502/unit/1",
        "tcp://host:0",
        "tcp://me@host",
        "tcp://[::1",
        "rtu:///",
        "rtu:///dev/ttyUSB0?baudrate=0",
        "rtu://dev/ttyUSB0",
        "rtu:///dev/ttyUSB0?baud=9600",
        "rtu:///dev/ttyUSB0?parity=X",
        "rtu:///dev/ttyUSB0?baudrate",
    ],
)
def test_an_address_that_is_not_understood_shows_what_is_allowed(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"allowed: tcp://host:port, rtu\+tcp://"):
        Bus(url)


def test_words_of_both_tables_are_read(bus: Bus) -> None:
    assert bus.read(7, 3, 10, 3) == [3010, 3011, 3012]
    assert bus.read(7, 4, 199, 1) == [4199]


def test_the_largest_read_comes_whole(bus: Bus) -> None:
    assert len(bus.read(7, 3, 0, 125)) == 125


def test_a_bus_opens_no_socket_before_the_first_read(server: ModbusServer) -> None:
    Bus(f"tcp://127.0.0.1:{server.port}")

    assert server.function_codes == {}


@pytest.mark.parametrize(("code", "count"), [(6, 1), (16, 1), (1, 1), (3, 0), (3, 126)])
def test_nothing_but_a_read_can_be_asked(bus: Bus, code: int, count: int) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        bus.read(7, code, 0, count)


def test_a_refused_read_names_the_exception_and_the_next_one_works(bus: Bus) -> None:
    with pytest.raises(RefusedError, match="registers 199 to 200: exception 2, no such address"):
        bus.read(7, 3, 199, 2)

    assert bus.read(7, 3, 0, 1) == [3000]


def test_a_unit_that_does_not_answer_its_gateway_is_not_there(bus: Bus) -> None:
    with pytest.raises(DeviceError, match="gateway got no answer") as caught:
        bus.read(8, 3, 0, 1)

    assert not isinstance(caught.value, RefusedError)


def test_a_session_ends_with_every_error(bus: Bus) -> None:
    before = bus.session

    with pytest.raises(DeviceError):
        bus.read(8, 3, 0, 1)

    assert bus.session == before + 1


def test_nobody_listening_is_told_with_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(
        DeviceError, match=f"tcp://127.0.0.1:{port} unit 1: .* no connection; check power"
    ):
        Bus(f"tcp://127.0.0.1:{port}", SHORT_S).read(1, 3, 0, 1)


def test_a_serial_line_that_is_not_there_is_told() -> None:
    with pytest.raises(
        DeviceError, match=r"rtu:///dev/no-such-line unit 1: .* no connection; plug the adapter in"
    ):
        Bus("rtu:///dev/no-such-line", SHORT_S).read(1, 3, 0, 1)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (silent, "no valid answer within"),
        (lambda request: [request.reply(unit=9)], "broken answer, it is for unit 9"),
        (
            lambda request: [request.reply(function_code=4)],
            "broken answer, it is for unit 1 function code 4",
        ),
        (lambda request: [request.reply(count=1)], "2 bytes came instead of 4"),
        (lambda request: [request.reply(count=3)], "6 bytes came instead of 4"),
        (lambda request: [request.reply(size=200)], "broken answer"),
        (lambda request: [request.reply(size=3)], "3 bytes came instead of 4"),
        (lambda request: [request.reply(transaction=77)], "no valid answer within"),
        (lambda request: [request.reply()[:-1]], "no valid answer within"),
        (lambda request: [request.reply()[:5]], "no valid answer within"),
        (lambda _: [b"\x00" * 9], "no valid answer within|broken answer"),
        (lambda _: [b"HTTP/1.1 400 Bad Request\r\n\r\n"], "no Modbus TCP frame"),
        (lambda request: [request.refuse(10)], "exception 10, gateway has no path"),
        (lambda request: [request.refuse(11)], "exception 11, gateway got no answer"),
    ],
)
def test_a_wrong_answer_is_never_a_value(answer: Answer, problem: str) -> None:
    with gateway(answer, right) as gate:
        bus = Bus(gate.url, SHORT_S)
        with pytest.raises(DeviceError, match=problem):
            bus.read(1, 3, 100, 2)
        after = bus.read(1, 3, 100, 2)
        bus.close()

    assert after == [100, 101]
    assert gate.connections == 2
    assert len(gate.requests) == 2


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (1, "function not supported"),
        (2, "no such address"),
        (3, "not with these values"),
        (4, "device failure"),
        (5, "still working on it"),
        (6, "device busy"),
        (99, "unknown"),
    ],
)
def test_a_refusal_is_an_answer_and_leaves_the_connection(code: int, meaning: str) -> None:
    with gateway(lambda request: [request.refuse(code)], right) as gate:
        bus = Bus(gate.url, SHORT_S)
        with pytest.raises(RefusedError, match=f"exception {code}, {meaning}") as caught:
            bus.read(1, 3, 100, 2)
        after = bus.read(1, 3, 100, 2)
        bus.close()

    assert caught.value.exception_code == code
    assert after == [100, 101]
    assert gate.connections == 1


def test_an_answer_in_single_bytes_is_read() -> None:
    with gateway(lambda request: [bytes([one]) for one in request.reply()]) as gate:
        bus = Bus(gate.url, 2)
        words = bus.read(1, 3, 100, 2)
        bus.close()

    assert words == [100, 101]


def test_a_late_answer_is_never_taken_for_the_next_one() -> None:
    first: list[Request] = []

    def keep(request: Request) -> Sequence[bytes]:
        first.append(request)
        return []

    def late_then_right(request: Request) -> Sequence[bytes]:
        return [first[0].reply(first=9_000), request.reply()]

    with gateway(keep, late_then_right) as gate:
        bus = Bus(gate.url, SHORT_S)
        with pytest.raises(DeviceError):
            bus.read(1, 3, 100, 2)
        words = bus.read(1, 3, 200, 2)
        bus.close()

    assert words == [200, 201]
    assert gate.requests[1].transaction != gate.requests[0].transaction


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(min_size=1, max_size=40))
def test_noise_gives_only_our_own_errors(noise: bytes) -> None:
    with gateway(lambda _: [noise]) as gate:
        bus = Bus(gate.url, 0.02)
        with pytest.raises(DeviceError):
            bus.read(1, 3, 100, 2)
        bus.close()


def test_a_serial_line_is_read_frame_by_frame() -> None:
    """A pseudo terminal stands for the line; the device answers one RTU frame."""
    master, slave = os.openpty()
    bus = Bus(f"rtu://{os.ttyname(slave)}?baudrate=9600", 2)
    frame = bytes.fromhex("01 04 04 45 a2 26 c7 14 98")

    with os.fdopen(master, "wb", buffering=0), os.fdopen(slave, "rb", buffering=0):
        answering = subprocess.Popen(
            ["sh", "-c", f"head -c 8 >/dev/null; printf '{octal(frame)}'"],
            stdin=master,
            stdout=master,
        )
        words = bus.read(1, 4, 362, 2)
        bus.close()
        answering.wait(5)

    assert words == [0x45A2, 0x26C7]


def octal(raw: bytes) -> str:
    """Write bytes for printf."""
    return "".join(f"\\{one:03o}" for one in raw)


def test_mbpoll_reads_the_server(server: ModbusServer) -> None:
    program = require_program("mbpoll")

    where = ["-m", "tcp", "-p", str(server.port), "-a", "7", "127.0.0.1"]
    what = ["-0", "-r", "10", "-c", "2", "-t", "4", "-1"]

    told = subprocess.run(
        [program, *what, *where], capture_output=True, text=True, check=True, timeout=20
    )

    assert "3010" in told.stdout
    assert "3011" in told.stdout


def test_the_server_counts_what_it_was_asked(server: ModbusServer, bus: Bus) -> None:
    bus.read(7, 3, 0, 1)
    bus.read(7, 3, 0, 1)
    bus.read(7, 4, 0, 1)

    assert server.function_codes == {3: 2, 4: 1}


def test_the_server_refuses_everything_but_reading(server: ModbusServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(struct.pack(">HHHBBHH", 1, 0, 6, 7, 6, 10, 1))
        answer = connection.recv(260)

    assert answer[7:] == bytes([0x86, 1])
    assert server.function_codes == {6: 1}


def test_a_silent_unit_leaves_the_client_waiting() -> None:
    with ModbusServer(lambda *_: Refusal.SILENCE) as silent_one:
        bus = Bus(f"tcp://127.0.0.1:{silent_one.port}", SHORT_S)
        with pytest.raises(DeviceError, match="no valid answer within"):
            bus.read(1, 3, 0, 1)
        bus.close()


def test_a_port_in_use_is_told(server: ModbusServer) -> None:
    second = ModbusServer(serve_memory({}), server.port)

    with pytest.raises(Exception, match=f"127.0.0.1:{server.port}: cannot listen; the port is in"):
        second.start()
