"""What the simulator really answered, written down before the answer leaves.

One line a request, fsynced, so that a test can judge by it what the collector stored.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from collector.errors import StateError
from collector.reading import Value


@dataclass(frozen=True, slots=True)
class Served:
    """One answer: who was asked for which registers when, and what its counter showed."""

    device: str
    function_code: int
    address: int
    count: int
    at: datetime
    counter: str
    value: Value | None
    """None where the device has no value, as a SunSpec counter that is still zero."""

    def line(self) -> str:
        """Write the answer as one line of JSON; time in microseconds, a decimal as text."""
        return json.dumps(
            {
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "device": self.device,
                "function_code": self.function_code,
                "address": self.address,
                "count": self.count,
                "counter": self.counter,
                "value": self.value if isinstance(self.value, int | None) else str(self.value),
            },
            separators=(",", ":"),
        )


class ServedLog:
    """Append answers to a file, each on the disk before it is given; without a file, nothing.

    Every gateway answers in its own thread.
    """

    def __init__(self, path: Path | None) -> None:
        """Open the file for appending."""
        self._lock = Lock()
        try:
            self._file = path.open("ab", buffering=0) if path else None
        except OSError as error:
            raise StateError(f"log {path}: cannot be written ({error.strerror})") from error

    def note(self, served: Served) -> None:
        """Put an answer on the disk."""
        if self._file:
            with self._lock:
                self._file.write(f"{served.line()}\n".encode())
            os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()
