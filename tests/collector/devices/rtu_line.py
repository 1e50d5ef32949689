"""Devices on a serial line: frames and checksums made here, over a pty pair or a socket."""

import os
import select
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from time import sleep

Answer = Callable[["Asked"], Sequence[bytes]]


def checksum(frame: bytes) -> bytes:
    """Return the two bytes that end a frame, from the polynomial, bit by bit."""
    value = 0xFFFF
    for byte in frame:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return bytes([value & 0xFF, value >> 8])


def sealed(frame: bytes) -> bytes:
    """Return a frame with its checksum."""
    return frame + checksum(frame)


@dataclass(frozen=True)
class Asked:
    """One request as it came over the line."""

    raw: bytes

    @property
    def unit(self) -> int:
        return self.raw[0]

    @property
    def code(self) -> int:
        return self.raw[1]

    @property
    def address(self) -> int:
        return int.from_bytes(self.raw[2:4], "big")

    @property
    def count(self) -> int:
        return int.from_bytes(self.raw[4:6], "big")

    def reply(self, **changes: int) -> bytes:
        """Write a right answer, each word 1000 times the unit and its address, but for changes."""
        unit = changes.get("unit", self.unit)
        count = changes.get("count", self.count)
        first = changes.get("first", 1_000 * self.unit + self.address)
        words = struct.pack(f">{count}H", *(one & 0xFFFF for one in range(first, first + count)))
        head = bytes([unit, changes.get("code", self.code), changes.get("size", 2 * count) & 0xFF])
        return sealed(head + words)

    def refuse(self, code: int) -> bytes:
        """Write an exception."""
        return sealed(bytes([self.unit, self.code | 0x80, code]))


@dataclass
class Line:
    """What was asked on a line, and where it is reached."""

    url: str
    answers: Sequence[Answer]
    asked: list[Asked] = field(default_factory=list)

    def serve(self, read: Callable[[int], bytes], write: Callable[[bytes], object]) -> None:
        """Answer until the line is closed; answer n answers request n, the last all others."""
        held = b""
        with suppress(OSError):
            while some := read(256):
                held += some
                while len(held) >= 8:
                    self._answer(Asked(held[:8]), write)
                    held = held[8:]

    def _answer(self, asked: Asked, write: Callable[[bytes], object]) -> None:
        assert checksum(asked.raw[:6]) == asked.raw[6:]
        self.asked.append(asked)
        for part in self.answers[min(len(self.asked), len(self.answers)) - 1](asked):
            write(part)


@contextmanager
def serial_line(*answers: Answer, settings: str = "baudrate=115200") -> Iterator[Line]:
    """Run devices on one end of a pty pair; the other end is the port."""
    master, slave = os.openpty()
    line = Line(f"rtu://{os.ttyname(slave)}?{settings}", answers)
    stop = Event()
    thread = Thread(
        target=line.serve, args=(lambda _: take(master, stop), lambda part: put(master, part))
    )
    thread.start()
    try:
        yield line
    finally:
        stop.set()
        thread.join()
        os.close(slave)
        os.close(master)


def take(master: int, stop: Event) -> bytes:
    """Return what came, or nothing once it is over."""
    while not stop.is_set():
        if select.select([master], [], [], 0.005)[0]:
            return os.read(master, 256)
    return b""


def put(master: int, part: bytes) -> None:
    """Write a part; wait a moment between parts, so that they are read apart."""
    os.write(master, part)
    sleep(0.0005)


@contextmanager
def socket_line(*answers: Answer) -> Iterator[Line]:
    """Run devices behind a gateway that hands serial frames through."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = Line(f"rtu+tcp://127.0.0.1:{listener.getsockname()[1]}", answers)
        served: list[socket.socket] = []
        thread = Thread(target=_accept, args=(line, listener, served))
        thread.start()
        try:
            yield line
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            with suppress(OSError, IndexError):
                served[-1].shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(line: Line, listener: socket.socket, served: list[socket.socket]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            served.append(connection)
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line.serve(connection.recv, connection.sendall)
