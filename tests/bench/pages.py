"""Pages of a year's books, served as in production: how long they take, and how much they are."""

import gzip
import re
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from statistics import quantiles

from tests.bench.figure import Figure
from tests.bench.town import Town
from tests.faults.processes import Program, answers, free_port, minga, wait_until

HOMES = 40
YEAR = 2025
MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]
IN_PARALLEL = 5
ASKED = 400
WARM = 20
PAGES = {
    "month page": f"/community?month={YEAR}-06",
    "year page": f"/community?year={YEAR}",
    "day page": f"/community?date={YEAR}-06-15",
}
AIMS = {"month page": "at most 25 ms", "year page": "at most 25 ms"}
FIRST_LOADS = ("/tv", "/", PAGES["month page"])


def measure() -> list[Figure]:
    """Fill a year's books, serve them on one core, and ask."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        town = Town(folder / "town", HOMES, MONTHS)
        for month in MONTHS:
            town.live(month)
            town.settle(month)
        with _serving(town.folder) as address:
            waits = [
                _waits(f"{what}, p95 of {IN_PARALLEL} in parallel", address + path, AIMS.get(what))
                for what, path in PAGES.items()
            ]
            loads = [figure for path in FIRST_LOADS for figure in _first_load(address, path)]
    return [*waits, *loads]


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    port = free_port()
    config = folder / "minga.toml"
    config.write_text(
        '[coop]\ndatabase = "coop.db"\n[sqlite]\npath = "readings.sqlite"\n'
        f"[web]\nport = {port}\nsettle_every_s = 3600\n",
        encoding="utf-8",
    )
    web = _on_one_core(minga("web", folder, "--config", str(config), "web"))
    web.start()
    try:
        wait_until(lambda: answers(port), "the pages", 60)
        yield f"http://127.0.0.1:{port}"
    finally:
        web.stop()


def _on_one_core(program: Program) -> Program:
    return Program(
        program.name, ["taskset", "-c", "0", *program.command], program.folder, program.environment
    )


def _waits(what: str, address: str, aim: str | None) -> Figure:
    for _ in range(WARM):
        _get(address)
    with ThreadPoolExecutor(IN_PARALLEL) as pool:
        waits_ms = list(pool.map(_wait_ms, repeat(address, ASKED)))
    return Figure(what, quantiles(waits_ms, n=20)[-1], "ms", aim=aim or "")


def _wait_ms(address: str) -> float:
    begun = time.perf_counter()
    _get(address)
    return (time.perf_counter() - begun) * 1_000


def _first_load(address: str, path: str) -> Sequence[Figure]:
    page, sent = _get(address + path)
    parts = re.findall(r'(?:src|<link [^>]*href)="([^"]+)"', page.decode())
    total = sent + sum(_get(address + part)[1] for part in parts)
    return [
        Figure(f"first load of {path}, as sent with gzip", total / 1_024, "KB", aim="at most 30"),
        Figure(f"first load of {path}, requests", 1 + len(parts), "", aim="at most 3"),
    ]


def _get(address: str) -> tuple[bytes, int]:
    """Return a body, and how many bytes of it were sent."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310  our own server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  as above
        body: bytes = answer.read()
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(body) if is_packed else body), len(body)
