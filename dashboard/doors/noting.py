"""Notes who was denied what, and what stewards did, without letting anybody fill the disk."""

import logging
from http.client import BAD_REQUEST
from threading import Lock

from flask import Flask, Response, g, request

from collector.clock import Clock
from coop.doors.deeds import What
from coop.doors.door import Doors
from coop.doors.visits import Guest
from coop.errors import CoopError
from dashboard.visiting import Visitor, visitor

_LOGGER = logging.getLogger(__name__)

SILENT_S = 15 * 60
"""The same denial of the same visitor is noted once in this time."""
_MOST = 1_000


class Notes:
    """Writes deeds of this app's visitors; a record that cannot be written stops no answer."""

    def __init__(self, doors: Doors, clock: Clock) -> None:
        self._doors = doors
        self._clock = clock
        self._lock = Lock()
        self._noted: dict[str, float] = {}

    def register(self, app: Flask) -> None:
        """Look at every answer."""
        app.after_request(self._look)

    def _look(self, response: Response) -> Response:
        if request.endpoint in {None, "static", "health"}:
            return response
        if g.get("denied"):
            self._note_denial(visitor())
        elif request.endpoint == "sign_out" and response.status_code < BAD_REQUEST:
            self._note(visitor(), What.LEFT, "")
        return response

    def _note_denial(self, who: Visitor) -> None:
        denied = f"{request.method} {request.endpoint}"
        if self._is_new(f"{who.home_id} {who.steward_id} {denied}"):
            self._note(who, What.DENIED, denied)

    def _is_new(self, key: str) -> bool:
        now_s = self._clock.monotonic_s()
        with self._lock:
            if now_s - self._noted.get(key, now_s - SILENT_S) < SILENT_S:
                return False
            if len(self._noted) >= _MOST:
                self._noted.clear()
            self._noted[key] = now_s
        return True

    def _note(self, who: Visitor, what: What, text: str) -> None:
        try:
            self._doors.note(Guest(who.home_id, who.steward_id), what, text)
        except CoopError as error:
            _LOGGER.warning("a deed could not be noted: %s", error)
