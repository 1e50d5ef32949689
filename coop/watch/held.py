"""Keeps what was worked out until what it was worked out from changes."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 24


class Held(Generic[T]):
    """Results by name, each with what it stands on; safe to share between threads."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Hashable, T]] = {}

    def get(self, name: str, basis: Hashable, work_out: Callable[[], T]) -> T:
        """Return the result of this name, worked out anew where its basis changed."""
        held = self._held.get(name)
        if held is None or held[0] != basis:
            held = (basis, work_out())
            if len(self._held) >= MOST:
                self._held.clear()
            self._held[name] = held
        return held[1]
