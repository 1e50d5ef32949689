"""Tells browsers by themselves when the live figures change: server-sent events, so many at once.

Each open stream takes one of the server's threads; `server` starts that many more.
"""

import time
from collections.abc import Iterator
from threading import BoundedSemaphore, Event

from flask import Flask, Response, g, json, request
from flask.typing import ResponseReturnValue

from collector.errors import CollectorError
from coop.errors import CoopError
from coop.words import say
from dashboard.failures import answer
from dashboard.language.wording import Failure
from dashboard.public import documents
from dashboard.public.figures import Reader

EXTENSION = "minga-streams"
RETRY_S = 15
_EVERY_S = 3.0
_LASTS_S = 600
"""After which a browser has to come again."""

BUSY = Failure(
    say("Too many screens listen at once"),
    say("Ask again and again for the live figures instead, or come back later."),
)


class Streams:
    """The open streams of one app."""

    def __init__(self, reader: Reader, most: int, every_s: float = _EVERY_S) -> None:
        self._reader = reader
        self._places = BoundedSemaphore(most) if most else None
        self._every_s = every_s
        self._ended = Event()

    def register(self, app: Flask) -> None:
        """Give the stream its address, and the server what ends all of them."""
        app.extensions[EXTENSION] = self
        app.add_url_rule("/api/v1/stream", "stream", self.stream, methods=["GET"])

    def end(self) -> None:
        """End all streams at once."""
        self._ended.set()

    def stream(self) -> ResponseReturnValue:
        """Send the live figures whenever they change; 503 while every place is taken."""
        if self._places is None or not self._places.acquire(blocking=False):
            g.failure = BUSY
            refused = answer(503)
            refused.headers["Retry-After"] = str(RETRY_S)
            return refused
        events = self._events(request.headers.get("Last-Event-ID", ""))
        response = Response(events, mimetype="text/event-stream")
        response.call_on_close(self._places.release)
        return response

    def _events(self, tag: str) -> Iterator[str]:
        """Yield what a browser is told; a line that says nothing finds out whether it is there."""
        yield f"retry: {RETRY_S * 1_000}\n\n"
        until_s = time.monotonic() + _LASTS_S
        while not self._ended.is_set() and time.monotonic() < until_s:
            told, tag = self._news(tag)
            yield told
            self._ended.wait(self._every_s)

    def _news(self, tag: str) -> tuple[str, str]:
        try:
            board = self._reader.board()
        except (CoopError, CollectorError):
            return ":\n\n", tag  # the page itself says so when it is loaded
        found = documents.now_tag(board)
        if found == tag:
            return ":\n\n", tag
        told = json.dumps(documents.now_document(board))
        return f"event: now\nid: {found}\ndata: {told}\n\n", found
