"""Serves the pages with gunicorn: one worker, threads, and what runs beside them.

With `patience` the only user of gunicorn. It knows nothing of pages; everything is opened in the
worker, because databases do not survive a fork.
"""

import ctypes
import logging
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from gunicorn.app.base import BaseApplication

from dashboard.serving.errors import AddressError
from dashboard.serving.patience import CONNECTIONS, PatientWorker
from dashboard.serving.settling import SettlerLoop
from dashboard.serving.turns import Turns
from dashboard.settings import WebSettings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_LOGGER = logging.getLogger(__name__)
_BACKLOG = 256
_GRACE_S = 1
_M_ARENA_MAX = -8
_SWITCH_S = 0.0005
"""Whoever has its turn asks the database a few times, and each time waits so long at most to go on.

With Python's own 5 ms a page under load takes a third longer (`make bench BENCH=pages`).
"""


class Endable(Protocol):
    """What holds threads until it is told to let go of them."""

    def end(self) -> None:
        """Let go."""
        ...


@dataclass(frozen=True, slots=True)
class Worker:
    """What the worker runs: the pages, their streams, the settler, and how to close the rest."""

    app: "WSGIApplication"
    streams: Endable
    settler: SettlerLoop
    close: Callable[[], None]


def serve(
    listening: socket.socket, settings: WebSettings, make_worker: Callable[[], Worker]
) -> None:
    """Serve on a listening socket until SIGINT or SIGTERM."""
    host, port = listening.getsockname()[:2]
    _LOGGER.info("pages at http://%s/", _authority(host, port))
    # gunicorn closes the descriptor that it is given.
    _Server(settings, make_worker, os.dup(listening.fileno())).run()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise AddressError if the address cannot be had.

    gunicorn by itself would try for five seconds and then exit with 1.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressError(_advice(host, port, error)) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Whoever connects before the worker is up must not wait 40 ms for every answer.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise AddressError(_advice(host, port, error)) from error
    return listening


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(
        self, settings: WebSettings, make_worker: Callable[[], Worker], descriptor: int
    ) -> None:
        self._settings = settings
        self._make_worker = make_worker
        self._descriptor = descriptor
        self._worker: Worker | None = None
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"fd://{self._descriptor}",
            "workers": 1,
            "worker_class": PatientWorker,
            "worker_connections": CONNECTIONS,
            "sendfile": False,
            # A stream holds a thread for itself; pages keep theirs.
            "threads": self._settings.threads + self._settings.streams_max,
            "graceful_timeout": _GRACE_S,
            "keepalive": 2,
            "accesslog": None,
            "loglevel": "warning",
            # Two instances on one machine would share one socket.
            "control_socket_disable": True,
            "post_worker_init": self._start_beside,
            "worker_int": self._stop_beside,
            "worker_exit": self._close,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        _share_memory()
        sys.setswitchinterval(_SWITCH_S)
        self._worker = self._make_worker()
        return Turns(self._worker.app)

    def _start_beside(self, _worker: object) -> None:
        if self._worker:
            self._worker.settler.start()

    def _stop_beside(self, _worker: object) -> None:
        if self._worker:
            self._worker.streams.end()
            self._worker.settler.stop(0)

    def _close(self, _server: object, _worker: object) -> None:
        if self._worker:
            self._worker.streams.end()
            self._worker.settler.stop(_GRACE_S / 2)
            self._worker.close()


def _share_memory() -> None:
    """Let all threads take memory from two pools: one for each would hold what others let go."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it
    if mallopt:
        mallopt(_M_ARENA_MAX, 2)


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _advice(host: str, port: int, error: OSError) -> str:
    return (
        f"[web] {_authority(host, port)} cannot be listened on: {error.strerror or error}; "
        "stop the program that uses it, or set another host or port in [web]"
    )
