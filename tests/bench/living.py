"""How much memory each service of a running demo holds, and how soon its pages are full."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil

from tests.bench.figure import Figure
from tests.faults.processes import free_port, wait_until
from tests.requirements import ROOT

SETTLED_S = 20.0
SERVICES = ("collect", "ingest", "web", "broker", "simulate")
AIMS = {"collect": "at most 60"}


def measure() -> list[Figure]:
    """Start a demo, look at its processes, end it."""
    port = free_port()
    begun_s = time.monotonic()
    demo = subprocess.Popen(
        [sys.executable, "-m", "minga", "demo", "--port", str(port), "--no-browser"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _is_full(port), "the demo's page is full", 120)
        ready_s = time.monotonic() - begun_s
        time.sleep(SETTLED_S)
        memory = _memory_mb(demo.pid)
    finally:
        os.kill(demo.pid, signal.SIGINT)
        demo.wait(30)
    return [
        Figure("demo, from start to a full page", ready_s, "s", None, "at most 15"),
        *(
            Figure(f"{name}, memory in the demo", memory[name], "MB", None, AIMS.get(name, ""))
            for name in SERVICES
        ),
    ]


def _is_full(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/tv.json", timeout=5) as answer:
            return bool(json.load(answer)["state"] == "full")
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _memory_mb(demo: int) -> dict[str, float]:
    sizes = dict.fromkeys(SERVICES, 0.0)
    for child in psutil.Process(demo).children(recursive=True):
        arguments = child.cmdline()
        for name in SERVICES:
            if name in arguments:
                sizes[name] += child.memory_info().rss / 1e6
    return sizes
