"""Who is slow, silent or greedy does not take the page away from others (F30)."""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from dashboard.serving.patience import (
    CONNECTIONS,
    MOST_HEAD,
    PATIENCE_S,
    is_whole,
    last_of_its_line,
)
from tests.dashboard.serving.test_server import ENDS_WITHIN_S, get, serving

SLOW = 200
MANY = CONNECTIONS + 100
ANSWERS_WITHIN_S = 4
"""Less than any patience of the server, so that nobody was waited for."""

HEAD = b"GET /tv HTTP/1.1\r\nHost: x\r\n"
WHOLE = HEAD + b"\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"

Served = tuple[subprocess.Popen[str], str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as running:
        get(f"{running[1]}tv")
        yield running


def connect(address: str, *sent: bytes) -> socket.socket:
    """Open a connection, and send something."""
    host, port = re.findall(r"//(.*):(\d+)/", address)[0]
    client = socket.create_connection((host, int(port)), timeout=30)
    for one in sent:
        client.sendall(one)
    return client


@contextmanager
def crowd(address: str, count: int, *sent: bytes) -> Iterator[list[socket.socket]]:
    """Let many clients send the same and then stay."""
    with ExitStack() as held:
        yield [held.enter_context(connect(address, *sent)) for _ in range(count)]


def answer_of(client: socket.socket) -> bytes:
    """Return all that comes until the server hangs up."""
    return b"".join(iter(lambda: client.recv(65_536), b""))


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        pytest.param([], SLOW, id="says nothing"),
        pytest.param([HEAD], SLOW, id="half a head"),
        pytest.param([POST % 1_000, b"a=1"], SLOW, id="half a body"),
        pytest.param([WHOLE * 20], SLOW, id="never reads"),
        pytest.param([WHOLE.replace(b"1.1", b"1.0")], SLOW, id="never hangs up"),
        pytest.param([WHOLE + HEAD], SLOW, id="one and a half requests"),
        pytest.param([HEAD], MANY, id="more than there is room for"),
    ],
)
def test_the_page_is_there_for_others(served: Served, sent: list[bytes], count: int) -> None:
    with crowd(served[1], count, *sent):
        for _ in range(3):
            with connect(served[1], b"GET /tv HTTP/1.0\r\n\r\n") as other:
                other.settimeout(ANSWERS_WITHIN_S)
                assert b"</html>" in answer_of(other)


def test_streams_leave_the_threads_to_pages(served: Served) -> None:
    listening = b"GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n\r\n"
    with crowd(served[1], 30, listening) as streams:
        assert all(b"200 OK" in one.recv(12_000) for one in streams)
        with connect(served[1], listening.replace(b"1.1", b"1.0")) as late:
            assert b" 503 " in answer_of(late)
        assert "</html>" in get(f"{served[1]}tv")


def test_half_a_request_is_given_up(served: Served) -> None:
    begun_s = time.monotonic()
    with connect(served[1], HEAD) as slow:
        assert answer_of(slow) == b""

    assert time.monotonic() - begun_s >= PATIENCE_S - 1


def test_a_request_in_pieces_is_answered(served: Served) -> None:
    with connect(served[1], *(bytes([one]) for one in WHOLE.replace(b"1.1", b"1.0"))) as slow:
        assert b"</html>" in answer_of(slow)


def test_requests_in_a_row_are_answered_in_a_row(served: Served) -> None:
    last = b"GET /health HTTP/1.0\r\n\r\n"
    with connect(served[1], WHOLE * 3 + last) as client:
        answered = answer_of(client)

    assert answered.count(b" 200 OK\r\n") == 4
    assert answered.endswith(b"ok")


def test_a_form_with_its_body_is_taken(served: Served) -> None:
    with connect(served[1], POST % 3, b"a=1") as client:
        assert b" 400 " in client.recv(12_000)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (HEAD + b"X: " + b"x" * MOST_HEAD, b"431 Request Header Fields Too Large"),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"411 Length Required",
        ),
    ],
)
def test_what_is_too_much_is_refused_unread(served: Served, sent: bytes, status: bytes) -> None:
    with connect(served[1], sent) as client:
        assert answer_of(client).startswith(b"HTTP/1.1 " + status)


def test_a_body_that_is_too_large_is_refused_by_a_page_without_being_waited_for(
    served: Served,
) -> None:
    with connect(served[1], POST % 10**9, b"a=1") as client:
        told = answer_of(client).decode()

    assert told.startswith("HTTP/1.1 413 ")
    assert "Connection: close" in told
    assert "Nada se registró" in told or "48 KB" in told


@pytest.mark.parametrize(
    "words", [b"\x00" * 99 + b"\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET\r\n\r\n"]
)
def test_what_is_no_request_ends_the_connection_only(served: Served, words: bytes) -> None:
    with connect(served[1], words) as client:
        assert b"200 OK" not in answer_of(client)

    assert get(f"{served[1]}health") == "ok"


def test_it_ends_at_once_with_all_of_them_there(tmp_path: Path) -> None:
    listening = b"GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n\r\n"
    with (
        serving(tmp_path) as (process, address),
        crowd(address, 5, HEAD),
        crowd(address, 5, WHOLE),
        crowd(address, 5, listening) as streams,
    ):
        assert all(b"200 OK" in one.recv(12_000) for one in streams)

        process.send_signal(signal.SIGTERM)

        assert process.wait(ENDS_WITHIN_S) == 0


@pytest.mark.parametrize(
    ("received", "whole"),
    [
        (b"", False),
        (b"GET / HTTP/1.1\r\n", False),
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\ncontent-length:3\r\n\r\nabc", True),
        (b"GET / HTTP/1.1\r\nX-Content-Length: 9\r\n\r\n", True),
    ],
)
def test_a_request_is_whole_with_its_body(received: bytes, *, whole: bool) -> None:
    assert is_whole(received) is whole


def test_two_lengths_wait_for_the_longer() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 4\r\n\r\n"

    assert not is_whole(head + b"abc")
    assert is_whole(head + b"abcd")


def test_a_body_that_is_too_large_ends_its_connection_whatever_the_client_wants() -> None:
    wanted = b"POST / HTTP/1.1\r\nConnection: keep-alive\r\nContent-Length: 65537\r\n\r\nab"

    assert is_whole(wanted)
    assert last_of_its_line(wanted).split(b"\r\n")[1] == b"Connection: close"
    assert last_of_its_line(WHOLE) == WHOLE
