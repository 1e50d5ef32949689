"""A server that speaks the v2 API as far as the store uses it, and fails on request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

SILENCE_S = 5.0


@dataclass(slots=True)
class FakeInflux:
    """What it answers, set by a test, and what it was sent."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Answers to the next writes; afterwards every write is done."""
    found: str = "\r\n"
    build: str | None = "OSS"
    is_silent: bool = False
    ended: Event = field(default_factory=Event)
    writes: list[bytes] = field(default_factory=list)
    stored: list[bytes] = field(default_factory=list)
    """Writes that it said it has done."""
    tokens: list[str] = field(default_factory=list)


@contextmanager
def running_fake() -> Iterator[FakeInflux]:
    """Serve on a free port of loopback."""
    fake = FakeInflux()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield fake
    finally:
        fake.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _make_handler(fake: FakeInflux) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(204, "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fake.tokens.append(self.headers.get("Authorization", ""))
            if self.path.startswith("/api/v2/query"):
                self._answer(200, fake.found)
                return
            fake.writes.append(body)
            if fake.is_silent:
                fake.ended.wait(SILENCE_S)
            status, said = fake.answers.pop(0) if fake.answers else (204, "")
            if status < 300:
                fake.stored.append(body)
            self._answer(status, said)

        def _answer(self, status: int, body: str) -> None:
            self.send_response(status)
            if fake.build:
                self.send_header("X-Influxdb-Build", fake.build)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
