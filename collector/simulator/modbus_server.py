"""A Modbus server that asks a callback for words: the server side of pymodbus.

It answers function codes 3 and 4 only and counts what it was asked; it knows no device.
"""

import asyncio
import logging
import termios
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import IntEnum
from threading import Event, Thread
from types import TracebackType
from typing import Protocol, Self

from pymodbus.constants import ExcCodes
from pymodbus.exceptions import NoSuchIdException
from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.server.base import ModbusBaseServer
from pymodbus.simulator import SimData, SimDevice
from pymodbus.simulator.simcore import SimCore

from collector.devices.address import Address
from collector.errors import StateError

# What goes wrong here is raised as an error of our own; the library would also print it.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

READ_HOLDING, READ_INPUT = 3, 4


class Refusal(IntEnum):
    """What a device may answer instead of words; SILENCE is no answer at all."""

    SILENCE = 0
    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    DEVICE_FAILURE = 4
    DEVICE_BUSY = 6
    NO_PATH = 10
    NO_RESPONSE = 11


class Words(Protocol):
    """Give the words of one read, or refuse it; called in the server's own thread."""

    def __call__(
        self, unit: int, function_code: int, address: int, count: int
    ) -> Sequence[int] | Refusal:
        """Return exactly `count` words."""
        ...


def serve_memory(memory: Mapping[tuple[int, int], int | None]) -> Words:
    """Answer every unit from words by function code and address; what lacks one is refused."""

    def answer(unit: int, function_code: int, address: int, count: int) -> Sequence[int] | Refusal:
        del unit
        found = [memory.get((function_code, one)) for one in range(address, address + count)]
        words = [word for word in found if word is not None]
        return words if len(words) == count else Refusal.ILLEGAL_ADDRESS

    return answer


def serve_units(units: Mapping[int, Words], *, is_line: bool = False) -> Words:
    """Answer each unit by its own words; of any other a gateway says that it does not answer."""

    def answer(unit: int, function_code: int, address: int, count: int) -> Sequence[int] | Refusal:
        if unit not in units:
            return Refusal.SILENCE if is_line else Refusal.NO_RESPONSE
        return units[unit](unit, function_code, address, count)

    return answer


class ModbusServer:
    """One listening port, or one serial line, with its own event loop in its own thread."""

    def __init__(
        self,
        words: Words,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        line: Address | None = None,
    ) -> None:
        """Remember what to serve; nothing listens before `start`. Port 0 lets the system choose.

        `line` is a serial line to serve on, or a host and port for RTU frames in TCP.
        """
        self._address = line or Address("tcp", host, port)
        self.host, self.port = self._address.host, self._address.port
        self._datastore = _Datastore(words)
        self._ready = Event()
        self._failure: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: ModbusBaseServer | None = None
        self._thread = Thread(target=self._run, name=f"modbus-{port}", daemon=True)

    @property
    def function_codes(self) -> Mapping[int, int]:
        """Return how often each function code was asked for."""
        return self._datastore.asked

    def start(self) -> None:
        """Listen; return when clients can connect, `port` is then the real one."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            where = self._address.path or f"{self.host}:{self.port}"
            raise StateError(
                f"Modbus server {where}: cannot listen; {_explain(self._failure)}"
            ) from self._failure

    def stop(self) -> None:
        """Close the port and all connections; return when the thread has ended."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end)
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except (RuntimeError, OSError, ValueError, termios.error) as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = _make_server(self._address)
        server.context = self._datastore
        self._server = server
        await server.serve_forever(background=True)
        self.port = _listening_port(server)
        self._ready.set()
        await server.serving
        # Connections that were closed a moment ago still have work queued.
        await asyncio.sleep(0)

    def _end(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server.serving.set_result(True)


def _make_server(address: Address) -> ModbusBaseServer:
    # The library insists on memory of its own; one word is put in and never read.
    memory = SimDevice(id=0, simdata=SimData(0))
    if address.kind == "rtu":
        return ModbusSerialServer(
            memory,
            port=address.path,
            baudrate=address.baudrate,
            parity=address.parity,
            stopbits=address.stopbits,
            ignore_missing_devices=True,
        )
    framer = FramerType.SOCKET if address.kind == "tcp" else FramerType.RTU
    where = (address.host, address.port)
    return ModbusTcpServer(memory, framer=framer, address=where, ignore_missing_devices=True)


def _explain(failure: Exception) -> str:
    if isinstance(failure, ValueError | termios.error):
        return f"check baudrate, parity and stopbits ({failure})"
    return "the port is in use, not there or not allowed, choose another one"


def _listening_port(server: ModbusBaseServer) -> int:
    """Return the port that the system chose; a serial line has none."""
    if not isinstance(server.transport, asyncio.Server):
        return 0
    port: int = server.transport.sockets[0].getsockname()[1]
    return port


class _Datastore(SimCore):
    """Hand each read to the callback instead of to memory."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.asked: Counter[int] = Counter()

    async def async_getValues(  # noqa: N802  pymodbus calls it so
        self, device_id: int, func_code: int, address: int, count: int = 1
    ) -> list[int] | list[bool] | ExcCodes:
        self.asked[func_code] += 1
        if func_code not in {READ_HOLDING, READ_INPUT}:
            return ExcCodes.ILLEGAL_FUNCTION
        answer = self.words(device_id, func_code, address, count)
        if answer is Refusal.SILENCE:
            raise NoSuchIdException(f"unit {device_id} keeps silent")
        if isinstance(answer, Refusal):
            return ExcCodes(answer.value)
        return list(answer)

    async def async_setValues(  # noqa: N802  pymodbus calls it so
        self, device_id: int, func_code: int, address: int, values: list[int] | list[bool]
    ) -> ExcCodes:
        del device_id, address, values
        self.asked[func_code] += 1
        return ExcCodes.ILLEGAL_FUNCTION
