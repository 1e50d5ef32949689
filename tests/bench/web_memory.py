"""How much memory the web process holds after ten thousand requests over all pages."""

import itertools
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from coop.database.opening import open_database
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward
from coop.settings import CoopSettings
from tests.bench.browsing import Browser, served, worker_of
from tests.bench.figure import Figure
from tests.bench.town import Town
from tests.faults.processes import Program

HOMES = 40
MONTHS = ["2025-05", "2025-06"]
REQUESTS = 10_000
IN_PARALLEL = 5
HOME, STEWARD = "h001", "rosa"
PAPER_EVERY = 250
"""One request of so many is for paper, which takes a second."""

OPEN = "/ /tv /index.json /tv.json /tv.csv /health /api/v1/now /api/v1/openapi.json /sign-in"
ALL = "/reports /reports.json /reports.csv /assembly /assembly.json /assembly.csv"
STEWARDS = (
    "/steward /steward.json /steward.csv /steward/data?month={month} /steward/data.csv /account "
    "/steward/cards /steward/record /steward/quarantine /steward/roofs /steward/roofs.json"
)
DAYS = (
    "/community?date={day} /community.json?date={day} /community.csv?date={day} "
    "/api/v1/community/days/{day} /api/v1/community/days/{day}/slots"
)
LONG = (
    "/community?month={month} /community.csv?month={month} /community?year=2025 "
    "/api/v1/community/months/{month} /api/v1/community/months/{month}/slots "
    "/reports/{month} /reports/{month}.json /reports/{month}.xlsx /reports/{month}/read"
)
HOUSE = (
    "/home?home={home}&date={day} /home?home={home}&month={month} /home.json?home={home} "
    "/home.csv?home={home}&month={month} /home/statement?home={home}&month={month} "
    "/home/why/{day}T17:00Z?home={home} /api/v1/home/days/{day}?home={home}"
)
PAGES = (OPEN, ALL, STEWARDS, DAYS, LONG, HOUSE)
PAPER = ("/reports/{month}.pdf", "/reports/{month}/slips.pdf")


def measure() -> list[Figure]:
    """Ask for every page, of every day and every home, again and again."""
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name) / "town", HOMES, MONTHS)
        for month in MONTHS:
            town.live(month)
            town.settle(month)
        return figures_of(town.folder)


def figures_of(folder: Path) -> list[Figure]:
    """Measure with books that are there."""
    _elect(folder)
    with served(folder, HOME, steward=STEWARD) as (web, browser):
        browser.get("/tv")
        first_mb = _memory_mb(web, "VmRSS")
        found: Counter[int] = Counter()
        with ThreadPoolExecutor(IN_PARALLEL) as pool:
            paths = itertools.islice(_paths(), REQUESTS)
            found.update(pool.map(lambda path: _status(browser, path), paths))
        last_mb, most_mb = _memory_mb(web, "VmRSS"), _memory_mb(web, "VmHWM")
    if found[200] < REQUESTS * 9 // 10:
        raise AssertionError(f"not what was to be measured: {found}")
    return [
        Figure("memory of the web process after its first page", first_mb, "MB"),
        Figure(f"the same after {REQUESTS:,} requests", last_mb, "MB", aim="at most 150"),
        Figure("the most it ever had", most_mb, "MB"),
    ]


def _paths() -> Iterator[str]:
    """Yield addresses without end, each of another day and home than the one before."""
    whole = [path for paths in PAGES for path in paths.split()]
    first = date.fromisoformat(f"{MONTHS[0]}-01")
    for number in itertools.count():
        is_paper = number % PAPER_EVERY == 0
        path = PAPER[number // PAPER_EVERY % 2] if is_paper else whole[number % len(whole)]
        day = first + timedelta(days=number % 60)
        yield path.format(day=day, month=f"{day:%Y-%m}", home=f"h{number % HOMES + 1:03}")


def _status(browser: Browser, path: str) -> int:
    return browser.get(path).status


def _elect(folder: Path) -> None:
    settings = CoopSettings().resolved(folder)
    with open_database(settings) as database, database.writing() as connection:
        add_steward(connection, Steward(STEWARD, "Rosa", Validity(0)))


def _memory_mb(web: Program, what: str) -> float:
    told = Path(f"/proc/{worker_of(web)}/status").read_text(encoding="ascii")
    line = next(line for line in told.splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1_024
