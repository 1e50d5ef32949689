"""Lets one check of a password run at a time, and only a few wait for their turn.

So many tries at once cost neither the threads that serve pages nor the memory of many hashes, and
no two of them pass the same count of wrong tries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

_PLACES = 3


class Turns:
    """One place to be served and two to wait."""

    def __init__(self) -> None:
        self._places = BoundedSemaphore(_PLACES)
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Wait for a turn; give False at once when too many wait already."""
        if not self._places.acquire(blocking=False):
            yield False
            return
        try:
            with self._lock:
                yield True
        finally:
            self._places.release()
