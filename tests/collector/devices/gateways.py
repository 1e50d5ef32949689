"""Gateways as raw sockets, for answers that no well-behaved server would give."""

import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Thread

Answer = Callable[["Request"], Sequence[bytes]]


@dataclass(frozen=True)
class Request:
    """One read as it came in."""

    transaction: int
    unit: int
    function_code: int
    address: int
    count: int

    def reply(self, **changes: int) -> bytes:
        """Write a right answer, each word its own address, but for what is told."""
        transaction = changes.get("transaction", self.transaction)
        unit = changes.get("unit", self.unit)
        code = changes.get("function_code", self.function_code)
        count = changes.get("count", self.count)
        first = changes.get("first", self.address)
        size = changes.get("size", 2 * count)
        words = struct.pack(f">{count}H", *range(first, first + count))
        body = struct.pack(">BBB", unit, code, size) + words
        return struct.pack(">HHH", transaction, 0, len(body)) + body

    def refuse(self, code: int) -> bytes:
        """Write an exception."""
        body = struct.pack(">BBB", self.unit, self.function_code | 0x80, code)
        return struct.pack(">HHH", self.transaction, 0, len(body)) + body


@dataclass
class Gateway:
    """A listening socket; answer number n answers request number n, the last one all others."""

    answers: Sequence[Answer]
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        """Answer until the listener is closed; each connection in turn, the newest alone."""
        with ExitStack() as open_ones:
            while True:
                try:
                    connection, _ = self.listener.accept()
                except OSError:
                    return
                self.connections += 1
                open_ones.enter_context(connection)
                Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while len(raw := connection.recv(12)) == 12:
                transaction, _, _, unit, code, address, count = struct.unpack(">HHHBBHH", raw)
                request = Request(transaction, unit, code, address, count)
                self.requests.append(request)
                turn = min(len(self.requests), len(self.answers)) - 1
                for part in self.answers[turn](request):
                    connection.sendall(part)
        except OSError:
            return


@contextmanager
def gateway(*answers: Answer) -> Iterator[Gateway]:
    """Run a gateway for a while."""
    one = Gateway(answers)
    thread = Thread(target=one.run)
    thread.start()
    try:
        yield one
    finally:
        one.listener.shutdown(socket.SHUT_RDWR)
        one.listener.close()
        thread.join()
