"""The only client of pymodbus: one connection a gateway, one request in flight, reading only.

Gives all the words that were asked for or raises; knows nothing of what they mean.
"""

import logging
import struct
from dataclasses import dataclass, replace
from threading import Lock
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerType
from pymodbus.pdu import ExceptionResponse, ModbusPDU

from collector.devices.planner import MAX_WORDS
from collector.errors import ConfigurationError, DeviceError, RefusedError

# It logs each failure as an error of its own; ours carry all of it, once.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

DEFAULT_PORT = 502
READS: dict[int, str] = {3: "holding", 4: "input"}
EXCEPTIONS = {
    1: "function not supported",
    2: "no such address",
    3: "not with these values",
    4: "device failure",
    5: "still working on it",
    6: "device busy",
    10: "gateway has no path to the unit",
    11: "gateway got no answer from the unit",
}
NOBODY_THERE = {10, 11}
"""Exceptions by which a gateway says that the device itself did not answer."""

_Client = ModbusTcpClient | ModbusSerialClient
# What pymodbus lets through when a frame is broken, beside its own exceptions.
_BROKEN = (ModbusException, OSError, ValueError, LookupError, AttributeError, struct.error)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a gateway or serial line is."""

    kind: Literal["tcp", "rtu+tcp", "rtu"]
    host: str = ""
    port: int = DEFAULT_PORT
    path: str = ""
    baudrate: int = 9_600
    parity: str = "N"
    stopbits: int = 1


def parse_url(url: str) -> Address:
    """Read `tcp://host:502`, `rtu+tcp://host:4196` or `rtu:///dev/ttyUSB0?baudrate=9600`."""
    parts = urlsplit(url)
    try:
        if parts.scheme in {"tcp", "rtu+tcp"} and parts.hostname and not parts.query:
            kind: Literal["tcp", "rtu+tcp"] = "tcp" if parts.scheme == "tcp" else "rtu+tcp"
            return Address(kind, parts.hostname, parts.port or DEFAULT_PORT)
        if parts.scheme == "rtu" and parts.path.startswith("/") and not parts.netloc:
            return _parse_serial(parts.path, parts.query)
    except ValueError as error:
        raise ConfigurationError(f"url {url!r}", [f"{error}; {_URL_HINT}"]) from error
    raise ConfigurationError(f"url {url!r}", [f"is not understood; {_URL_HINT}"])


class Bus:
    """One serial line or gateway; connects at the first read, and again after any error."""

    def __init__(self, url: str, timeout_s: float = 2.0) -> None:
        """Check the address; no socket is opened."""
        self.url, self._timeout_s = url, timeout_s
        self._address = parse_url(url)
        self._lock = Lock()
        self._client: _Client | None = None
        self._transaction = 0
        self.session = 0
        """Changes whenever the connection was given up: who was there must be asked again."""

    def read(self, unit: int, function_code: int, address: int, count: int) -> list[int]:
        """Return exactly `count` words of a unit; raise DeviceError and close on anything else."""
        if function_code not in READS or not 1 <= count <= MAX_WORDS:
            raise ValueError(f"cannot read {count} words with function code {function_code}")
        what = f"{self.url} unit {unit}: {READS[function_code]} registers {address}"
        what += f" to {address + count - 1}" if count > 1 else ""
        with self._lock:
            try:
                return self._exchange(_Request(unit, function_code, address, count), what)
            except DeviceError:
                self._give_up()
                raise

    def close(self) -> None:
        """Close the connection; the next read opens it again."""
        with self._lock:
            self._give_up()

    def _exchange(self, request: "_Request", what: str) -> list[int]:
        client = self._connected()
        ask = client.read_holding_registers
        if request.function_code != 3:  # noqa: PLR2004  there are two kinds of read
            ask = client.read_input_registers
        try:
            answer = ask(request.address, count=request.count, device_id=request.unit)
        except _BROKEN as error:
            raise DeviceError(f"{what}: {_explain(error, self._timeout_s)}") from error
        return _checked(answer, request, what)

    def _connected(self) -> _Client:
        if self._client is None:
            client = _make_client(self._address, self._timeout_s)
            try:
                is_open = client.connect()
            except _BROKEN as error:
                raise DeviceError(f"{self.url}: {error}; check address and cable") from error
            if not is_open:
                raise DeviceError(f"{self.url}: no connection; check power, address and cable")
            # Numbers go on, so that an answer to an earlier connection's request is known as such.
            client.transaction.next_tid = self._transaction
            self._client = client
        return self._client

    def _give_up(self) -> None:
        if self._client is not None:
            self._transaction = self._client.transaction.next_tid
            self._client.close()  # type: ignore[no-untyped-call]  # pymodbus leaves it open
            self._client = None
        self.session += 1


_URL_HINT = (
    "allowed: tcp://host:502, rtu+tcp://host:4196, "
    "rtu:///dev/ttyUSB0?baudrate=9600&parity=N&stopbits=1"
)


@dataclass(frozen=True, slots=True)
class _Request:
    unit: int
    function_code: int
    address: int
    count: int


def _parse_serial(path: str, query: str) -> Address:
    address = Address("rtu", path=path)
    for key, value in parse_qsl(query, strict_parsing=bool(query)):
        if key == "parity" and value in {"N", "E", "O"}:
            address = replace(address, parity=value)
        elif key == "baudrate" and value.isdecimal():
            address = replace(address, baudrate=int(value))
        elif key == "stopbits" and value in {"1", "2"}:
            address = replace(address, stopbits=int(value))
        else:
            raise ValueError(f"{key}={value} is not understood")
    return address


def _make_client(address: Address, timeout_s: float) -> _Client:
    if address.kind == "rtu":
        return ModbusSerialClient(
            address.path,
            framer=FramerType.RTU,
            baudrate=address.baudrate,
            parity=address.parity,
            stopbits=address.stopbits,
            timeout=timeout_s,
            retries=0,
        )
    framer = FramerType.SOCKET if address.kind == "tcp" else FramerType.RTU
    return ModbusTcpClient(
        address.host, port=address.port, framer=framer, timeout=timeout_s, retries=0
    )


def _checked(answer: ModbusPDU, request: _Request, what: str) -> list[int]:
    if isinstance(answer, ExceptionResponse):
        code = answer.exception_code
        meaning = EXCEPTIONS.get(code, "unknown")
        if code in NOBODY_THERE:
            raise DeviceError(f"{what}: exception {code}, {meaning}; check unit id and wiring")
        raise RefusedError(f"{what}: exception {code}, {meaning}; check the profile", code)
    if answer.dev_id != request.unit or answer.function_code != request.function_code:
        found = f"unit {answer.dev_id} function code {answer.function_code}"
        raise DeviceError(f"{what}: the answer is for {found}; check the gateway")
    if len(answer.registers) != request.count:
        found = f"{len(answer.registers)} registers came instead of {request.count}"
        raise DeviceError(f"{what}: {found}; check the gateway")
    return list(answer.registers)


def _explain(error: Exception, timeout_s: float) -> str:
    text = str(error)
    if "No response" in text:
        return f"no valid answer within {timeout_s:g} s; check power, cable and unit id"
    return f"broken answer or connection ({text}); check the gateway and who else uses it"
