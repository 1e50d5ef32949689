"""Pages of a year's books, served as in production: how long they take, and how much they are."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread

from sqlalchemy import update

from coop.database.opening import open_database
from coop.database.schema import roof
from coop.settings import CoopSettings
from tests.bench.browsing import Browser, served, worker_cpu_s
from tests.bench.figure import Figure
from tests.bench.town import Town
from tests.faults.processes import Program

HOMES = 40
HOME = "h001"
YEAR = 2025
MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]
IN_PARALLEL = 5
ASKED = 400
WARM = 20
EVERY_S = 0.1
PAGES = {
    "month page": f"/community?month={YEAR}-06",
    "year page": f"/community?year={YEAR}",
    "day page": f"/community?date={YEAR}-06-15",
    "a home's month": f"/home?month={YEAR}-06",
}
AIMS = {"month page": "at most 25 ms", "year page": "at most 25 ms"}
FIRST_LOADS = ("/tv", "/", "/home", PAGES["month page"])


def measure() -> list[Figure]:
    """Fill a year's books, serve them on one core, and ask."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        town = Town(folder / "town", HOMES, MONTHS)
        for month in MONTHS:
            town.live(month)
            town.settle(month)
        return figures_of(town.folder)


def figures_of(folder: Path) -> list[Figure]:
    """Measure the pages of books that are there."""
    with served(folder, HOME) as (web, browser):
        waits = [
            _waits(f"{what}, p95 of {IN_PARALLEL} in parallel", browser, path, AIMS.get(what, ""))
            for what, path in PAGES.items()
        ]
        spent = [_cpu(f"{what}, CPU", web, browser, path) for what, path in PAGES.items()]
        with _changing(folder):
            written = [
                _waits(f"{what}, what it shows changes every {EVERY_S} s", browser, PAGES[what])
                for what in AIMS
            ]
        loads = [figure for path in FIRST_LOADS for figure in _first_load(browser, path)]
    return [*waits, *spent, *written, *loads]


def _waits(what: str, browser: Browser, path: str, aim: str = "") -> Figure:
    for _ in range(WARM):
        browser.get(path)
    with ThreadPoolExecutor(IN_PARALLEL) as pool:
        answers = list(pool.map(browser.get, repeat(path, ASKED)))
    if {answer.status for answer in answers} != {200}:
        raise AssertionError(f"{path}: {answers[0].status}")
    return Figure(what, quantiles([one.wait_ms for one in answers], n=20)[-1], "ms", aim=aim)


def _cpu(what: str, web: Program, browser: Browser, path: str) -> Figure:
    """Measure what stays the same while neighbours use the machine."""
    begun_s = worker_cpu_s(web)
    for _ in range(ASKED):
        browser.get(path)
    return Figure(what, (worker_cpu_s(web) - begun_s) * 1_000 / ASKED, "ms")


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    """Write another name of a roof again and again, so that nothing can be kept for long."""
    is_over = Event()

    def write() -> None:
        with open_database(CoopSettings().resolved(folder)) as database:
            number = 0
            while not is_over.wait(EVERY_S):
                number += 1
                with database.writing() as connection:
                    connection.execute(update(roof).values(name=f"School {number}"))

    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        is_over.set()
        writer.join()


def _first_load(browser: Browser, path: str) -> Sequence[Figure]:
    page = browser.get(path)
    parts = re.findall(r'(?:src|<link [^>]*href)="(/[^"]+)"', page.body.decode())
    total = page.sent + sum(browser.get(part).sent for part in parts)
    return [
        Figure(f"first load of {path}, as sent with gzip", total / 1_024, "KB", aim="at most 30"),
        Figure(f"first load of {path}, requests", 1 + len(parts), "", aim="at most 3"),
    ]
