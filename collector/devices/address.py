"""Where a gateway or serial line is, read from its URL; opens nothing."""

import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, urlsplit

from collector.errors import ConfigurationError

DEFAULT_PORT = 502
_URL_HINT = (
    "allowed: tcp://host:port, rtu+tcp://host:port, "
    "rtu:///dev/ttyUSB0?baudrate=9600&parity=N&stopbits=1"
)


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

    @property
    def character_s(self) -> float:
        """Return how long one character takes on a serial line."""
        bits = 1 + 8 + (self.parity != "N") + self.stopbits
        return bits / self.baudrate


def parse_url(url: str, *, may_choose: bool = False) -> Address:
    """Read `tcp://host:502`, `rtu+tcp://host:4196` or `rtu:///dev/ttyUSB0?baudrate=9600`.

    A server `may_choose` its port: 0 stands for any free one.
    """
    try:
        return _parse(url, may_choose=may_choose)
    except ValueError as error:
        raise ConfigurationError(f"url {url!r}", [f"{error}; {_URL_HINT}"]) from error


def _parse(url: str, *, may_choose: bool) -> Address:
    parts = urlsplit(url)
    if parts.scheme == "rtu" and parts.path.strip("/") and not parts.netloc:
        return _parse_serial(parts.path, parts.query)
    if parts.scheme not in {"tcp", "rtu+tcp"} or not parts.hostname:
        raise ValueError(f"is not understood{_suggest(url)}")
    if parts.query or parts.path.strip("/") or parts.username:
        raise ValueError("holds more than a host and a port")
    kind: Literal["tcp", "rtu+tcp"] = "tcp" if parts.scheme == "tcp" else "rtu+tcp"
    return Address(kind, parts.hostname, _read_port(parts, may_choose=may_choose))


def _suggest(url: str) -> str:
    """Guess what was meant by the commonest slips."""
    if url.startswith("/dev/"):
        return f", did you mean rtu://{url}?"
    if url.startswith("rtu://"):
        return f", did you mean rtu:///{url.removeprefix('rtu://').lstrip('/') or 'dev/ttyUSB0'}?"
    return f", did you mean tcp://{url}?" if re.fullmatch(r"[\w.-]+(:\d+)?", url) else ""


def _read_port(parts: SplitResult, *, may_choose: bool) -> int:
    try:
        port = parts.port
    except ValueError:
        port = -1
    if port is None:
        return DEFAULT_PORT
    if port not in range(0 if may_choose else 1, 65_536):
        found = parts.netloc.rpartition(":")[2]
        raise ValueError(f"found port {found!r}, allowed 1 to 65535")
    return port


def _parse_serial(path: str, query: str) -> Address:
    address = Address("rtu", path=path)
    for key, value in parse_qsl(query, strict_parsing=bool(query)):
        if key == "parity" and value in {"N", "E", "O"}:
            address = replace(address, parity=value)
        elif key == "baudrate" and value.isdecimal() and int(value) > 0:
            address = replace(address, baudrate=int(value))
        elif key == "stopbits" and value in {"1", "2"}:
            address = replace(address, stopbits=int(value))
        else:
            raise ValueError(f"{key}={value} is not understood")
    return address
