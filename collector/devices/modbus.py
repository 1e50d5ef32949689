"""The only client of pymodbus: one connection a gateway, one request in flight, reading only.

Gives all the words that were asked for or raises; knows nothing of what they mean. pymodbus encodes
requests and checksums; bytes are received to the byte, because a wait for more costs a serial line
several milliseconds a read.
"""

import errno
import logging
import time
from collections.abc import Callable
from enum import Enum, auto
from functools import lru_cache
from threading import Lock

from pymodbus.framer import FramerRTU, FramerSocket
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.register_message import ReadHoldingRegistersRequest, ReadInputRegistersRequest

from collector.devices.address import Address, parse_url
from collector.devices.channel import Channel, TcpChannel
from collector.devices.doubt import Doubt
from collector.devices.frames import Inbox, Request, receive_rtu, receive_tcp, refusal
from collector.devices.planner import MAX_WORDS
from collector.devices.serial_line import SerialChannel
from collector.errors import (
    DeviceError,
    LostConnectionError,
    NoConnectionError,
    RefusedError,
    SilentError,
)

# It logs each failure as an error of its own; ours carry all of it, once.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

READS = {3: "holding", 4: "input"}
RECONNECT_S = 5.0
"""The least time from one connection to the next when the device itself gave up the first."""

_REQUESTS = {3: ReadHoldingRegistersRequest, 4: ReadInputRegistersRequest}
_DECODER = DecodePDU(is_server=False)
_RTU, _SOCKET = FramerRTU(_DECODER), FramerSocket(_DECODER)
_LAST_TRANSACTION = 0xFFFF
_MOST_LATE = 10
_STOLEN = (
    "connection was reset by the device; another client may be using it: "
    "end the other client, or let both read through one gateway"
)
_NEVER_SILENT = "bytes come that nobody asked for; check who else asks on this line"
_CHECK = "check power, address and cable"
_ADVICE: dict[int | None, str] = {
    errno.EBUSY: "end the other program or choose another port",
    errno.EACCES: "let this user open the port: add it to the group dialout",
    errno.ENOENT: "plug the adapter in, or correct the path; /dev/serial/by-id lists ports",
    errno.ENOTTY: "this is no serial port; /dev/serial/by-id lists ports",
    errno.EINVAL: "check path, baudrate, parity and stopbits",
}


class _Ids(Enum):
    """How the gateway of this connection numbers its answers."""

    UNKNOWN = auto()
    OURS = auto()
    ZERO = auto()


class Bus:
    """One serial line or gateway; connects at the first read, and again after any error."""

    def __init__(
        self,
        url: str,
        timeout_s: float = 2.0,
        gap_ms: float | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Check the address; no socket is opened."""
        self.url, self._timeout_s, self._gap_ms = url, timeout_s, gap_ms
        self._address = parse_url(url)
        self._monotonic_s = monotonic_s
        self._lock = Lock()
        self._channel: Channel | None = None
        self._transaction = 0
        self._doubt = Doubt(monotonic_s)
        # A serial answer has no id; a gateway may turn out to send none of any worth.
        self._has_ids = self._address.kind == "tcp"
        self._ids = _Ids.UNKNOWN
        self._opened_at_s = self._spoken_at_s = float("-inf")
        self._is_stolen = False
        self.session = 0
        """Changes whenever the connection was given up: who was there must be asked again."""

    def read(self, unit: int, function_code: int, address: int, count: int) -> list[int]:
        """Return exactly `count` words of a unit; raise DeviceError, and close unless refused."""
        if function_code not in READS or not 1 <= count <= MAX_WORDS:
            raise ValueError(f"cannot read {count} words with function code {function_code}")
        request = Request(unit, function_code, address, count)
        with self._lock:
            try:
                if not self._has_ids and self._doubt.about(unit):
                    self._prove(request)
                return self._exchange(request)
            except RefusedError as error:
                raise RefusedError(
                    f"{self._name(request)}: {error}", error.exception_code
                ) from None
            except DeviceError as error:
                self._give_up()
                raise type(error)(f"{self._name(request)}: {error}") from error.__cause__

    def close(self) -> None:
        """Close the connection; the next read opens it again."""
        with self._lock:
            self._give_up()

    def _name(self, request: Request) -> str:
        last = request.address + request.count - 1
        what = f"{READS[request.function_code]} registers {request.address}"
        what += f" to {last}" if request.count > 1 else ""
        return f"{self.url} unit {request.unit}: {what}"

    def _prove(self, request: Request) -> None:
        """Make sure that no answer to an earlier request can come after the next one."""
        if probe := self._doubt.probe(request):
            try:
                self._exchange(probe, is_probe=True)
            except RefusedError:
                # That may itself be a late answer.
                self._listen()
        else:
            self._listen()
        self._doubt.clear(request.unit)

    def _listen(self) -> None:
        """Wait until nothing came for a whole timeout."""
        channel = self._quiet_channel()
        for _ in range(_MOST_LATE):
            try:
                channel.receive(1, 4_096, time.monotonic() + self._timeout_s)
            except TimeoutError:
                return
            except OSError as error:
                raise self._lost(error) from error
        raise DeviceError(_NEVER_SILENT)

    def _exchange(self, request: Request, *, is_probe: bool = False) -> list[int]:
        channel = self._quiet_channel()
        self._transaction = self._transaction % _LAST_TRANSACTION + 1
        frame = self._encode(request)
        deadline_s = self._begin(channel, len(frame) + request.answer_bytes)
        inbox = Inbox(channel, deadline_s, self._doubt.heads(request))
        try:
            channel.send(frame)
            words = self._receive(inbox, request, frame, is_probe=is_probe)
        except RefusedError:
            raise
        except TimeoutError as error:
            self._doubt.note(request)
            raise self._silence(inbox) from error
        except OSError as error:
            self._doubt.note(request)
            raise self._lost(error) from error
        except DeviceError:
            self._doubt.note(request)
            raise
        finally:
            self._spoken_at_s = time.monotonic()
        self._doubt.clear(request.unit)
        return words

    def _encode(self, request: Request) -> bytes:
        if self._address.kind != "tcp":
            return _rtu_frame(request)
        return self._transaction.to_bytes(2, "big") + _socket_frame(request)[2:]

    def _receive(self, inbox: Inbox, request: Request, sent: bytes, *, is_probe: bool) -> list[int]:
        if self._address.kind != "tcp":
            return receive_rtu(inbox, request, sent, _checksum)
        found, answer = receive_tcp(inbox, request, self._transaction)
        self._note_id(found, is_certain=is_probe or not self._doubt.about(request.unit))
        if isinstance(answer, int):
            raise refusal(answer)
        return answer

    def _note_id(self, found: int, *, is_certain: bool) -> None:
        """Accept id 0 of a gateway that never sent another one on this connection."""
        if found:
            self._has_ids = self._has_ids or self._ids is _Ids.UNKNOWN
            self._ids = _Ids.OURS if self._ids is _Ids.UNKNOWN else self._ids
            return
        if self._ids is _Ids.OURS:
            raise DeviceError(
                "broken answer, transaction id 0 after answers with ours; check who else asks"
            )
        self._has_ids = False
        if not is_certain:
            raise DeviceError("broken answer, transaction id 0: it may be an earlier one's")
        self._ids = _Ids.ZERO

    def _begin(self, channel: Channel, size: int) -> float:
        """Keep the silence after the last answer; return when the next one must be here."""
        gap_s = channel.silence_s if self._gap_ms is None else self._gap_ms / 1_000
        left_s = self._spoken_at_s + gap_s - time.monotonic()
        if left_s > 0:
            time.sleep(left_s)
        return time.monotonic() + self._timeout_s + channel.wire_s(size)

    def _quiet_channel(self) -> Channel:
        """Return a connection on which nothing waits: an answer to nobody's question is none."""
        try:
            if self._channel is not None and not self._channel.is_quiet():
                self._give_up()
        except OSError as error:
            self._note_lost(error)
            self._give_up()
        if self._channel is None:
            self._channel = self._open()
            self._refuse_noise(self._channel)
        return self._channel

    def _refuse_noise(self, channel: Channel) -> None:
        try:
            is_quiet = channel.is_quiet()
        except OSError as error:
            raise self._lost(error) from error
        if not is_quiet:
            raise DeviceError(_NEVER_SILENT)

    def _open(self) -> Channel:
        now_s = self._monotonic_s()
        left_s = self._opened_at_s + RECONNECT_S - now_s
        if self._is_stolen and left_s > 0:
            raise LostConnectionError(f"{_STOLEN}; the next attempt is in {left_s:.0f} s")
        try:
            channel = _connect(self._address, self._timeout_s)
        except OSError as error:
            raise NoConnectionError(
                f"no connection; {_ADVICE.get(error.errno, _CHECK)} ({_told(error)})"
            ) from error
        self._opened_at_s, self._is_stolen, self._ids = now_s, False, _Ids.UNKNOWN
        return channel

    def _silence(self, inbox: Inbox) -> DeviceError:
        what = f"no valid answer within {self._timeout_s:g} s"
        hint = "check power, cable and unit id"
        if came := inbox.dropped + inbox.rest:
            return DeviceError(f"{what} ({came} bytes came that are none); {hint}")
        return SilentError(f"{what}; {hint}")

    def _lost(self, error: OSError) -> DeviceError:
        self._note_lost(error)
        if self._is_stolen:
            return LostConnectionError(_STOLEN)
        return LostConnectionError(f"connection broke ({_told(error)}); check cable and gateway")

    def _note_lost(self, error: OSError) -> None:
        self._is_stolen = isinstance(error, ConnectionError)

    def _give_up(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        self.session += 1


def _connect(address: Address, timeout_s: float) -> Channel:
    return SerialChannel(address) if address.kind == "rtu" else TcpChannel(address, timeout_s)


@lru_cache(maxsize=1024)
def _rtu_frame(request: Request) -> bytes:
    return _RTU.buildFrame(_message(request))


@lru_cache(maxsize=1024)
def _socket_frame(request: Request) -> bytes:
    """Build it once for all polls; each has a transaction id of its own in front."""
    return _SOCKET.buildFrame(_message(request))


def _message(request: Request) -> ModbusPDU:
    return _REQUESTS[request.function_code](
        dev_id=request.unit, transaction_id=1, address=request.address, count=request.count
    )


def _checksum(frame: bytes) -> bytes:
    return FramerRTU.compute_CRC(frame).to_bytes(2, "big")


def _told(error: OSError) -> str:
    return error.strerror or str(error) or "no answer"
