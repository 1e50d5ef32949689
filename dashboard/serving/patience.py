"""A gunicorn worker in which nobody slow holds a thread.

Requests are read whole by its one loop, with a deadline, before a thread sees them; answers fit the
kernel's buffer or are given up; who does not hang up is waited for by the loop. It knows sockets
and gunicorn's threads, and nothing of pages.
"""

import re
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from errno import EPIPE
from functools import partial
from typing import Any, Self

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

CONNECTIONS = 400
"""At most so many at once; then the one that was read from for longest has to go."""
PATIENCE_S = 8
"""How long a request may take to arrive, and a client to hang up."""
MOST_HEAD = 16_384
MOST_BODY = 65_536

_ANSWER_S = 20
_KEPT_BYTES = 524_288
"""How much of an answer the kernel may hold for a client that does not read."""
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*([0-9]{1,12})[ \t]*\r?$")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:")
_REFUSALS = {
    411: b"Length Required",
    431: b"Request Header Fields Too Large",
}


class RefusedError(Exception):
    """A request that is not even read; its status is the argument."""


def is_whole(received: bytes | bytearray) -> bool:
    """Say whether as much of a request has arrived as is waited for: a body too large is not.

    Raise RefusedError for one that nobody could answer.
    """
    head, found, body = bytes(received).partition(_END_OF_HEAD)
    if len(head) > MOST_HEAD:
        raise RefusedError(431)
    if not found:
        return False
    if _CHUNKED.search(head):
        raise RefusedError(411)
    length = max((int(told) for told in _LENGTH.findall(head)), default=0)
    return length > MOST_BODY or len(body) >= length


def last_of_its_line(received: bytes) -> bytes:
    """Return a request that closes its connection if its body is too large to be waited for.

    The pages refuse it in the reader's language without reading the rest.
    """
    head, _, _ = received.partition(_END_OF_HEAD)
    if max((int(told) for told in _LENGTH.findall(head)), default=0) <= MOST_BODY:
        return received
    first, end, rest = received.partition(b"\r\n")
    return first + end + b"Connection: close\r\n" + rest


class _Socket(socket.socket):
    """A client's socket on which sending has an end."""

    @classmethod
    def of(cls, accepted: socket.socket) -> Self:
        """Take over an accepted connection."""
        held = cls(fileno=accepted.detach())
        held.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KEPT_BYTES)
        held.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _ANSWER_S * 1_000)
        return held

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001  as sockets have it
        """Block, but not for ever."""
        self.settimeout(_ANSWER_S if flag else 0)

    def sendall(self, data: Any, flags: int = 0) -> None:  # noqa: ANN401  as above
        """Send all; who does not take it counts as gone."""
        try:
            super().sendall(data, flags)
        except TimeoutError as error:
            raise BrokenPipeError(EPIPE, "the client does not read") from error


class _Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """A connection, and what has arrived of its next request."""

    received: bytearray


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # as above
    """Reads in the loop, works in threads."""

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, and wait for its request."""
        try:
            accepted, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        if self.nr_conns + 1 >= self.worker_connections and self.pending_conns:
            self._drop(self.pending_conns[0])
        self.nr_conns += 1
        conn = _Connection(self.cfg, _Socket.of(accepted), client, listener.getsockname())
        conn.received = bytearray()
        self._wait(conn, self._read)

    def on_client_socket_readable(self, conn: _Connection, client: socket.socket) -> None:
        """Begin to read the next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait(conn, self._read)
        self._read(conn, client)

    def handle(self, conn: _Connection) -> object:
        """Let a thread answer a request that is whole."""
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
            conn.initialized = True
        conn.parser.unreader.unread(last_of_its_line(bytes(conn.received)))
        conn.received = bytearray()
        return super().handle(conn)

    def finish_request(self, conn: _Connection, answered: "Future[object]") -> None:
        """Keep a connection for the next request, or see it off."""
        if answered.cancelled() or answered.exception() or not answered.result() or not self.alive:
            self._see_off(conn)
            return
        conn.sock.settimeout(0)
        conn.received = bytearray(conn.parser.unreader.take_buffered())
        if conn.received:
            self._wait(conn, self._read)
            self._go_on(conn)
            return
        conn.set_timeout()
        self.keepalived_conns.append(conn)
        self.poller.register(
            conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn)
        )

    def _wait(self, conn: _Connection, then: Callable[[_Connection, socket.socket], None]) -> None:
        conn.timeout = time.monotonic() + PATIENCE_S
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(then, conn))

    def _read(self, conn: _Connection, client: socket.socket) -> None:
        data = _receive(client)
        if data is None:
            return
        if not data:
            self._drop(conn)
            return
        conn.received += data
        self._go_on(conn)

    def _go_on(self, conn: _Connection) -> None:
        """Hand a request to a thread if it is whole; refuse one that nobody could answer."""
        try:
            if not is_whole(conn.received):
                return
        except RefusedError as refused:
            self._forget(conn)
            _refuse(conn.sock, refused.args[0])
            self._see_off(conn)
            return
        self._forget(conn)
        conn.data_ready = True
        self.enqueue_req(conn)

    def _see_off(self, conn: _Connection) -> None:
        """Say that nothing more comes; hanging up first could cost the client the end."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
        else:
            self._wait(conn, self._ignore)

    def _ignore(self, conn: _Connection, client: socket.socket) -> None:
        if _receive(client) == b"":
            self._drop(conn)

    def _drop(self, conn: _Connection) -> None:
        self._forget(conn)
        self._close(conn)

    def _forget(self, conn: _Connection) -> None:
        self.pending_conns.remove(conn)
        self.poller.unregister(conn.sock)

    def _close(self, conn: _Connection) -> None:
        self.nr_conns -= 1
        conn.close()


def _receive(client: socket.socket) -> bytes | None:
    """Return what has arrived, b"" at the end, None if nothing has."""
    try:
        return client.recv(65_536)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _refuse(client: socket.socket, status: int) -> None:
    told = b"HTTP/1.1 %d %b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    try:
        client.send(told % (status, _REFUSALS[status]))
    except OSError:
        return
