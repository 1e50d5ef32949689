"""Bytes on a serial line, paced as the wire is; the only user of pyserial, knows no frames."""

import contextlib
import errno
import os
import select
import termios
import time
from typing import Any

import serial

from collector.devices.address import Address

SILENT_CHARACTERS = 3.5
FAST_BAUDRATE = 19_200
FAST_SILENCE_S = 0.001_75
"""Above 19200 baud the standard fixes the silence between frames."""
_NAP_PART = 0.75
_SHORTEST_NAP_S = 0.000_5
_NEVER_QUIET_S = 1.0


class SerialChannel:
    """One serial port, held for ourselves alone."""

    def __init__(self, address: Address) -> None:
        """Open the port; raise OSError, with EBUSY when another program holds it."""
        self._character_s = address.character_s
        self.silence_s = (
            FAST_SILENCE_S
            if address.baudrate > FAST_BAUDRATE
            else SILENT_CHARACTERS * self._character_s
        )
        self._serial = _open(address)
        self._fd: int = self._serial.fileno()
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    def send(self, frame: bytes) -> None:
        """Hand over a request; raise OSError."""
        if os.write(self._fd, frame) != len(frame):
            raise OSError(errno.EIO, "the port does not take a whole request")

    def receive(self, needed: int, at_most: int, deadline_s: float) -> bytes:
        """Return at least one byte; raise TimeoutError, or OSError when the port is gone."""
        left_s = deadline_s - time.monotonic()
        if left_s <= 0 or not self._poll.poll(left_s * 1_000):
            raise TimeoutError
        # To be woken for each byte costs more than all the rest: most of the wait is slept.
        nap_s = (needed - self._serial.in_waiting) * self._character_s * _NAP_PART
        if nap_s > _SHORTEST_NAP_S:
            time.sleep(min(nap_s, left_s))
        return _some(os.read(self._fd, at_most))

    def is_quiet(self) -> bool:
        """Throw away what came unasked until the line is silent; say whether it ever was."""
        until_s = time.monotonic() + _NEVER_QUIET_S
        wait_s = 0.0
        while self._poll.poll(wait_s * 1_000):
            _some(os.read(self._fd, 4_096))
            wait_s = max(self.silence_s, 0.001)
            if time.monotonic() > until_s:
                return False
        return True

    def wire_s(self, size: int) -> float:
        """Return how long some bytes take on the wire."""
        return size * self._character_s

    def close(self) -> None:
        """Close the port."""
        self._serial.close()


def _open(address: Address) -> Any:  # noqa: ANN401  pyserial ships no types
    try:
        port = serial.Serial(
            address.path,
            baudrate=address.baudrate,
            parity=address.parity,
            stopbits=address.stopbits,
            exclusive=True,
        )
    except serial.SerialException as error:
        if isinstance(error.__context__, BlockingIOError) or "exclusively lock" in str(error):
            raise OSError(errno.EBUSY, "held by another program") from error
        number = error.errno or _inner_errno(error) or errno.EIO
        raise OSError(number, _reason(error)) from error
    except (termios.error, ValueError, OverflowError) as error:
        raise OSError(errno.EINVAL, f"is no serial port of these settings ({error})") from error
    # Some adapters keep bytes back for 16 ms unless told; what is no such adapter refuses.
    with contextlib.suppress(ValueError, OSError):
        port.set_low_latency_mode(True)
    return port


def _inner_errno(error: serial.SerialException) -> int | None:
    inner = error.__context__
    return inner.args[0] if isinstance(inner, termios.error) else None


def _reason(error: serial.SerialException) -> str:
    return os.strerror(error.errno) if error.errno else str(error)


def _some(received: bytes) -> bytes:
    if not received:
        raise OSError(errno.EIO, "the port is gone")
    return received
