"""Several services as processes of one command: start, watch, restart, end all of them.

A child ends itself when its parent is gone, so that nothing is left behind even by `kill -9`.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic

from collector.errors import CollectorError, UnreachableError

log = logging.getLogger(__name__)

SERVICES = ("collect", "ingest", "web")
"""What a single box runs."""

PARENT = "MINGA_PARENT"
WATCH_S = 0.2
GOODBYE_S = 8.0
START_S = 30.0
RESTART_PAUSE_S = 1.0
BAD_INPUT = 2


def stop_on_signals() -> Event:
    """Return an event that Ctrl-C or SIGTERM sets."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


@contextmanager
def stopping_on_signals() -> Iterator[Event]:
    """Yield an event that Ctrl-C or SIGTERM sets; afterwards they mean what they meant before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop_on_signals()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def follow_parent() -> None:
    """End this process by SIGTERM when the process that started it as a service is gone."""
    parent = int(os.environ.get(PARENT, "0"))
    if parent:
        Thread(target=_follow, args=(parent,), name="parent", daemon=True).start()


def _follow(parent: int) -> None:
    never = Event()
    while os.getppid() == parent:
        never.wait(WATCH_S)
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass(slots=True)
class _Child:
    arguments: Sequence[str]
    process: "subprocess.Popen[str]"
    restart_at_s: float | None = None


@dataclass(slots=True)
class Services:
    """The child processes of one command, each `minga` with other arguments."""

    environment: Mapping[str, str] = field(default_factory=dict)
    _children: dict[str, _Child] = field(default_factory=dict)

    def start(self, name: str, arguments: Sequence[str]) -> None:
        """Start one service."""
        self._children[name] = _Child(arguments, self._spawn(arguments))

    def wait_ready(self, name: str) -> str:
        """Return the first line that a service says, its word that it is ready."""
        said = self._children[name].process.stdout
        line = said.readline() if said else ""
        if not line:
            raise UnreachableError(f"{name} did not start; its own message stands above")
        return line.strip()

    def wait_for_port(self, name: str, port: int) -> None:
        """Wait until a service listens; raise UnreachableError if it ends or never does."""
        process, until_s = self._children[name].process, monotonic() + START_S
        never = Event()
        while process.poll() is None and monotonic() < until_s:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            never.wait(WATCH_S / 4)
        raise UnreachableError(f"{name} did not start; its own message stands above")

    def watch(self, stop: Event) -> None:
        """Restart what ends by itself, until told to stop; bad input is not tried again."""
        while not stop.wait(WATCH_S):
            for name, child in self._children.items():
                self._look_after(name, child)

    def end(self) -> None:
        """End all, the last started first, and wait for them."""
        for child in reversed(self._children.values()):
            if child.process.poll() is None:
                child.process.terminate()
        until_s = monotonic() + GOODBYE_S
        for child in self._children.values():
            _bury(child.process, until_s)
        self._children.clear()

    def _look_after(self, name: str, child: _Child) -> None:
        code = child.process.poll()
        if code is None:
            return
        if code == BAD_INPUT:
            raise CollectorError(f"{name} cannot start; its own message stands above")
        if child.restart_at_s is None:
            log.warning("%s ended with code %s; starting it again", name, code)
            child.restart_at_s = monotonic() + RESTART_PAUSE_S
        elif monotonic() >= child.restart_at_s:
            _close_pipe(child.process)
            child.process, child.restart_at_s = self._spawn(child.arguments), None

    def _spawn(self, arguments: Sequence[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603  our own program with our own arguments
            [sys.executable, "-m", "minga", *arguments],
            env={**os.environ, **self.environment, PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )


def _bury(process: "subprocess.Popen[str]", until_s: float) -> None:
    try:
        process.wait(timeout=max(until_s - monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _close_pipe(process)


def _close_pipe(process: "subprocess.Popen[str]") -> None:
    if process.stdout:
        process.stdout.close()
