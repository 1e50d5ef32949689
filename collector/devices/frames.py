"""Takes one answer out of a channel, to the byte: the words that were asked for, or an error.

Knows what a right answer looks like; a frame of anybody else, of another length or with a wrong
checksum is never a value.
"""

import struct
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from collector.devices.channel import MOST_TURNAROUND, TURNAROUND, Channel
from collector.errors import DeviceError, RefusedError, SilentError

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

_ERROR_BIT = 0x80
_HEAD = 3
_RTU_AROUND = 5
_RTU_EXCEPTION = 5
_RTU_REQUEST = 8
_TCP_AROUND = 6
_TCP_HEAD = 9
_TCP_LENGTHS = range(2, 255)

Head = tuple[int, int, int]
"""Unit, function code and number of bytes: what tells the answers of two requests apart."""


class Request(NamedTuple):
    """One read."""

    unit: int
    function_code: int
    address: int
    count: int  # type: ignore[assignment]  # of words; nobody counts in a tuple

    @property
    def answer_bytes(self) -> int:
        """Return how many bytes of words its answer holds."""
        return 2 * self.count

    @property
    def head(self) -> Head:
        """Return how its answer begins."""
        return self.unit, self.function_code, self.answer_bytes


class Inbox:
    """The bytes that came for one request until its deadline.

    Answers that begin like one of `late` belong to earlier requests and are passed over.
    """

    def __init__(
        self, channel: Channel, deadline_s: float, late: AbstractSet[Head] = frozenset()
    ) -> None:
        """Start empty."""
        self._channel, self._deadline_s, self.late = channel, deadline_s, late
        self._held = b""
        self.dropped = 0

    def first(self, size: int, hoped: int = 0) -> bytes:
        """Return the first bytes; wait for them, and take up to `hoped` if they come along."""
        while (missing := size - len(self._held)) > 0:
            most = max(missing, hoped - len(self._held))
            self._held += self._channel.receive(missing, most, self._deadline_s)
        return self._held[:size]

    def drop(self, size: int) -> None:
        """Throw away the first bytes."""
        self._held = self._held[size:]
        self.dropped += size

    @property
    def rest(self) -> int:
        """Return how many bytes are here."""
        return len(self._held)


def receive_rtu(
    inbox: Inbox, request: Request, sent: bytes, checksum: Callable[[bytes], bytes]
) -> list[int]:
    """Take the answer of a serial line, behind the echo of the request if the adapter echoes."""
    _skip_turnaround(inbox, request.unit)
    if _is_echo(inbox, sent):
        inbox.drop(len(sent))
        _skip_turnaround(inbox, request.unit)
    while (head := _head(inbox.first(_HEAD))) in inbox.late:
        inbox.drop(len(_sealed(inbox, _RTU_AROUND + head[2], checksum)))
    if _check_head(request, head):
        _sealed(inbox, _RTU_EXCEPTION, checksum)
        raise refusal(head[2])
    return _words(_sealed(inbox, _RTU_AROUND + request.answer_bytes, checksum)[_HEAD:-2])


def receive_tcp(inbox: Inbox, request: Request, transaction: int) -> tuple[int, list[int] | int]:
    """Take the answer of a gateway; return its transaction id with the words or the exception.

    An answer under another id than ours or 0 belongs to another request and is passed over.
    """
    hoped = _TCP_HEAD + request.answer_bytes
    while True:
        head = inbox.first(_TCP_HEAD, hoped)
        found, protocol, length = struct.unpack_from(">HHH", head)
        if protocol or length not in _TCP_LENGTHS:
            raise DeviceError("broken answer, no Modbus TCP frame; check port and gateway")
        begins = _head(head[_TCP_AROUND:])
        if found == transaction or (found == 0 and begins not in inbox.late):
            break
        inbox.first(_TCP_AROUND + length, hoped)
        inbox.drop(_TCP_AROUND + length)
    if _check_head(request, begins):
        _check_length(length in {2, 3} and inbox.rest == _TCP_HEAD)
        return found, begins[2]
    _check_length(length == _HEAD + request.answer_bytes)
    words = _words(inbox.first(hoped)[_TCP_HEAD:])
    _check_length(inbox.rest == hoped)
    return found, words


def refusal(code: int) -> DeviceError:
    """Make the error of a Modbus exception."""
    meaning = EXCEPTIONS.get(code, "unknown")
    if code in NOBODY_THERE:
        return SilentError(f"exception {code}, {meaning}; check unit id and wiring")
    return RefusedError(f"exception {code}, {meaning}; check the profile", code)


def _head(raw: bytes) -> Head:
    return raw[0], raw[1], raw[2]


def _sealed(inbox: Inbox, size: int, checksum: Callable[[bytes], bytes]) -> bytes:
    frame = inbox.first(size)
    if checksum(frame[:-2]) != frame[-2:]:
        raise DeviceError("the checksum of the answer is wrong; check cable, termination and speed")
    return frame


def _check_head(request: Request, head: Head) -> bool:
    """Say whether it is a refusal; raise DeviceError when it is no answer to the request."""
    unit, code, size = head
    if unit != request.unit or code & ~_ERROR_BIT != request.function_code:
        found = f"unit {unit} function code {code}"
        raise DeviceError(f"broken answer, it is for {found}; check the gateway and who else asks")
    if code & _ERROR_BIT:
        return True
    if size != request.answer_bytes:
        found = f"{size} bytes came instead of {request.answer_bytes}"
        raise DeviceError(f"broken answer, {found}; check the gateway")
    return False


def _check_length(is_right: bool) -> None:  # noqa: FBT001  reads as a sentence where it is used
    if not is_right:
        raise DeviceError("broken answer, its lengths contradict each other; check the gateway")


def _words(raw: bytes) -> list[int]:
    return list(struct.unpack(f">{len(raw) // 2}H", raw))


def _skip_turnaround(inbox: Inbox, unit: int) -> None:
    for _ in range(MOST_TURNAROUND):
        # No frame is shorter; to wait for one byte would cost a wake-up more.
        first = inbox.first(_RTU_EXCEPTION)[0]
        if first == unit or first not in TURNAROUND:
            return
        inbox.drop(1)


def _is_echo(inbox: Inbox, sent: bytes) -> bool:
    # Never wait for more bytes than the shortest answer that begins like this can have.
    return all(inbox.first(size) == sent[:size] for size in (_HEAD, _RTU_REQUEST - 1, len(sent)))
