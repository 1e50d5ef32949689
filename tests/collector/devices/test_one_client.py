"""Inverters that serve one client (F11), and the silence that a bus keeps between requests."""

import socket
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

import pytest

from collector.devices.modbus import Bus
from collector.errors import DeviceError
from tests.collector.devices.gateways import Request, gateway
from tests.collector.devices.rtu_line import Asked, serial_line


@dataclass
class Inverter:
    """Serves the newest client alone: whoever connects resets the older one."""

    listener: socket.socket
    connections: int = 0
    older: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.reset_older()
            self.older.append(connection)
            Thread(target=self.serve, args=(connection,), daemon=True).start()

    def reset_older(self) -> None:
        while self.older:
            reset(self.older.pop())

    def serve(self, connection: socket.socket) -> None:
        try:
            while len(raw := connection.recv(12)) == 12:
                transaction, _, _, *asked = struct.unpack(">HHHBBHH", raw)
                connection.sendall(Request(transaction, *asked).reply())
        except OSError:
            return


def reset(connection: socket.socket) -> None:
    """End a connection as a device without memory does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RD)
    connection.close()


@contextmanager
def inverter() -> Iterator[Inverter]:
    """Run one for a while."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = Inverter(listener)
        thread = Thread(target=one.run)
        thread.start()
        try:
            yield one
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            one.reset_older()


@dataclass
class Watch:
    """Seconds that pass when they are told to."""

    at_s: float = 1_000.0

    def __call__(self) -> float:
        return self.at_s


STOLEN = "connection was reset by the device; another client may be using it"


def steal(one: Inverter) -> None:
    """Connect as another client, and wait until it is served."""
    with socket.create_connection(("127.0.0.1", one.listener.getsockname()[1]), 5) as other:
        other.sendall(struct.pack(">HHHBBHH", 1, 0, 6, 1, 3, 0, 1))
        assert len(other.recv(64)) == 11


def test_a_stolen_connection_names_its_cause_and_is_left_for_five_seconds() -> None:
    watch = Watch()
    with inverter() as one:
        bus = Bus(one.url, 2, monotonic_s=watch)
        bus.read(1, 3, 100, 1)
        steal(one)
        told = [refused(bus), refused(bus)]
        watch.at_s += 4.9
        told.append(refused(bus))
        before = one.connections
        watch.at_s += 0.2
        words = bus.read(1, 3, 100, 1)
        bus.close()

    assert [STOLEN in one for one in told] == [True, True, True]
    assert before == 2
    assert words == [100]


def refused(bus: Bus) -> str:
    """Return what a read that must fail says."""
    with pytest.raises(DeviceError) as caught:
        bus.read(1, 3, 100, 1)
    return str(caught.value)


def test_two_clients_of_one_inverter_do_not_flap() -> None:
    """A minute, asked each second while the other client always comes back at once."""
    watch = Watch()
    with inverter() as one:
        bus = Bus(one.url, 2, monotonic_s=watch)
        contend(bus, one, watch)
        bus.close()

    ours = one.connections - 60
    assert 8 <= ours <= 13


def contend(bus: Bus, one: Inverter, watch: Watch) -> None:
    """Read or not for a minute; the other client comes back each second."""
    for _ in range(60):
        with suppress(DeviceError):
            bus.read(1, 3, 100, 1)
        steal(one)
        watch.at_s += 1


def test_a_connection_that_rested_long_is_opened_again_at_once() -> None:
    """Many gateways close what was not used for some seconds."""
    watch = Watch()
    with inverter() as one:
        bus = Bus(one.url, 2, monotonic_s=watch)
        bus.read(1, 3, 100, 1)
        watch.at_s += 10
        steal(one)
        words = bus.read(1, 3, 100, 1)
        bus.close()

    assert words == [100]
    assert bus.session == 2


def test_the_silence_that_was_asked_for_is_kept() -> None:
    came: list[float] = []

    def noted(request: Request) -> Sequence[bytes]:
        came.append(time.monotonic())
        return [request.reply()]

    with gateway(noted) as gate:
        bus = Bus(gate.url, 2, gap_ms=30)
        bus.read(1, 3, 100, 1)
        bus.read(1, 3, 100, 1)
        bus.close()

    assert came[1] - came[0] >= 0.03


def test_a_serial_line_rests_three_and_a_half_characters_by_itself() -> None:
    came: list[float] = []

    def noted(asked: Asked) -> Sequence[bytes]:
        came.append(time.monotonic())
        return [asked.reply()]

    with serial_line(noted, settings="baudrate=1200&parity=E") as line:
        bus = Bus(line.url, 2)
        bus.read(1, 3, 100, 1)
        bus.read(1, 3, 100, 1)
        bus.close()

    assert came[1] - came[0] >= 3.5 * 11 / 1200
