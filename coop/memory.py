"""Keeps what was made while what it was made from is the same; bounded, and safe for threads.

Slots are only ever added to the books: as many lines as before are the same lines as before.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Remembers values under a name, each with the stamp of what it was made from."""

    def __init__(self, most: int) -> None:
        """Keep at most so many; the one unused for longest goes first."""
        self._most = most
        self._lock = Lock()
        self._held: OrderedDict[Hashable, tuple[Hashable, T]] = OrderedDict()

    def recall(self, name: Hashable, stamp: Hashable) -> T | None:
        """Return what is held under a name, if it was made from the same."""
        with self._lock:
            held = self._held.get(name)
            if held is None or held[0] != stamp:
                return None
            self._held.move_to_end(name)
            return held[1]

    def recall_or_make(self, name: Hashable, stamp: Hashable, make: Callable[[], T]) -> T:
        """Return what is held if it was made from the same; else make it and hold it.

        The stamp must be older than what is made: what is written meanwhile is seen the next time.
        """
        held = self.recall(name, stamp)
        if held is None:
            held = make()
            self.keep(name, stamp, held)
        return held

    def keep(self, name: Hashable, stamp: Hashable, value: T) -> None:
        """Hold a value instead of what was under its name."""
        with self._lock:
            self._held[name] = (stamp, value)
            self._held.move_to_end(name)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
