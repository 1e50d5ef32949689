"""Lets requests work one after the other, in the order in which they came.

Python works on one thing at a time anyway. When many threads compete for that, the machine hands it
around at random, and some wait four times as long as all of them would take one by one.
"""

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_S = 0.05
"""Then it goes on all the same: who is before it waits for a disk, a print or a server."""


class Turns:
    """An app whose requests take turns; what is sent bit by bit is sent in nobody's turn."""

    def __init__(self, app: "WSGIApplication", patience_s: float = PATIENCE_S) -> None:
        self._app = app
        self._patience_s = patience_s
        self._turn = Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request when it is its turn, or when that takes long."""
        has_turn = self._turn.acquire(timeout=self._patience_s)
        try:
            return self._app(environ, start_response)
        finally:
            if has_turn:
                self._turn.release()
