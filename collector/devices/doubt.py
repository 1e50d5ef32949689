"""Remembers which answers may still be on their way, where no transaction id would tell them.

Decides what to ask first so that no late answer fits; reads nothing itself.
"""

from collections.abc import Callable

from collector.devices.frames import Head, Request

LATEST_ANSWER_S = 30.0
"""An answer that did not come for so long will not come any more."""


class Doubt:
    """The requests of a bus that ended without an answer, and until when one may come."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        """Start without doubt."""
        self._monotonic_s = monotonic_s
        self._until_s: dict[Request, float] = {}

    def note(self, request: Request) -> None:
        """Remember a request whose answer may still come."""
        self._until_s[request] = self._monotonic_s() + LATEST_ANSWER_S

    def about(self, unit: int) -> bool:
        """Say whether an earlier answer of a unit may still come."""
        return bool(self._until_s) and bool(self._pending(unit))

    def clear(self, unit: int) -> None:
        """Forget a unit: it answered, and it answers in order."""
        if self._until_s:
            kept = self._until_s.items()
            self._until_s = {one: until_s for one, until_s in kept if one.unit != unit}

    def heads(self, request: Request) -> set[Head]:
        """Return how late answers may begin that are none to this request."""
        if not self._until_s:
            return set()
        return {one.head for one in self._until_s} - {request.head}

    def probe(self, request: Request) -> Request | None:
        """Return a read of the same place that no earlier answer fits; None if there is none."""
        used = {
            one.count
            for one in self._pending(request.unit)
            if one.function_code == request.function_code
        }
        free = [count for count in range(1, max(request.count, 2) + 1) if count not in used]
        return request._replace(count=free[0]) if free else None

    def _pending(self, unit: int) -> list[Request]:
        now_s = self._monotonic_s()
        self._until_s = {one: at_s for one, at_s in self._until_s.items() if at_s > now_s}
        return [one for one in self._until_s if one.unit == unit]
