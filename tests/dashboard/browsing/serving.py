"""An app on loopback for as long as somebody looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server

from dashboard.serving.streams import EXTENSION


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an app at a free port; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        # A stream that goes on would be waited for.
        app.extensions[EXTENSION].end()
        server.shutdown()
        thread.join()
        server.server_close()
