"""Bytes to and from a gateway, each wait with its deadline; knows nothing of frames."""

import select
import socket
import time
from typing import Protocol

from collector.devices.address import Address

TURNAROUND = {0x00, 0xFF}
"""What a serial line gives while its direction turns, beside nothing."""
MOST_TURNAROUND = 3


class Channel(Protocol):
    """A connection that carries bytes. All deadlines are machine monotonic seconds."""

    silence_s: float
    """How long it must rest between an answer and the next request, unless told otherwise."""

    def send(self, frame: bytes) -> None:
        """Hand over a request; raise OSError."""
        ...

    def receive(self, needed: int, at_most: int, deadline_s: float) -> bytes:
        """Return at least one byte; raise TimeoutError, or OSError when the other side is gone."""
        ...

    def is_quiet(self) -> bool:
        """Say whether nothing came unasked; raise OSError when the other side is gone."""
        ...

    def wire_s(self, size: int) -> float:
        """Return how long some bytes take on their way, where that matters."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class TcpChannel:
    """One TCP connection."""

    silence_s = 0.0

    def __init__(self, address: Address, timeout_s: float) -> None:
        """Connect; raise OSError."""
        self._is_serial_behind = address.kind == "rtu+tcp"
        self._socket = socket.create_connection((address.host, address.port), timeout_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(0)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)

    def send(self, frame: bytes) -> None:
        """Hand over a request; raise OSError."""
        self._socket.sendall(frame)

    def receive(self, needed: int, at_most: int, deadline_s: float) -> bytes:
        """Return at least one byte; raise TimeoutError, or OSError when the other side is gone."""
        del needed
        left_s = deadline_s - time.monotonic()
        if left_s <= 0 or not self._poll.poll(left_s * 1_000):
            raise TimeoutError
        return _some(self._socket.recv(at_most))

    def is_quiet(self) -> bool:
        """Say whether nothing came unasked; raise OSError when the other side is gone."""
        try:
            waiting = _some(self._socket.recv(MOST_TURNAROUND + 1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        if not self._is_serial_behind or len(waiting) > MOST_TURNAROUND:
            return False
        self._socket.recv(len(waiting))
        return set(waiting) <= TURNAROUND

    def wire_s(self, size: int) -> float:
        """Return 0: beside the timeout the way does not count."""
        del size
        return 0.0

    def close(self) -> None:
        """Close it."""
        self._socket.close()


def _some(received: bytes) -> bytes:
    if not received:
        raise ConnectionResetError("closed by the other side")
    return received
