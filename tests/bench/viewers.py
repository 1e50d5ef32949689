"""A market day: 300 phones that ask, 30 screens that listen, and five who look at a month at once.

Each does what its script does: a phone asks for the live figures every 15 s and loads its page when
they changed; a screen loads its page when it is told to. A reading comes every 10 s. Page and
readings are served as in production, on one core; who looks has the other one.
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles

from collector.reading import AcceptedReading, Identity, Reading
from collector.store_settings import SqliteSettings
from collector.stores.sqlite import SqliteStore
from tests.bench.browsing import Browser, served, worker_cpu_s
from tests.bench.figure import Figure
from tests.bench.lines import Line, Reply
from tests.bench.pages import HOME, HOMES
from tests.bench.town import ROOF, Town
from tests.faults.processes import Program

MONTH = "2025-06"
PHONES, PHONE_S = 300, 15.0
SCREENS = 30
AT_ONCE = 5
READING_S = 10.0
MEASURED_S = 45.0
NOW, STREAM, PAGE = "/api/v1/now", "/api/v1/stream", f"/community?month={MONTH}"


@dataclass
class Seen:
    """How long everybody waited, in ms, and what went wrong."""

    polls: list[float] = field(default_factory=list)
    months: list[float] = field(default_factory=list)
    told: int = 0
    failed: int = 0


def measure() -> list[Figure]:
    """Fill a month's books, serve them, and let everybody look."""
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name) / "town", HOMES, [MONTH])
        town.live(MONTH)
        town.settle(MONTH)
        return figures_of(town.folder)


def figures_of(folder: Path) -> list[Figure]:
    """Measure with books that are there."""
    with served(folder, HOME) as (web, browser):
        return asyncio.run(_market(folder, web, browser))


async def _market(folder: Path, web: Program, browser: Browser) -> list[Figure]:
    seen = Seen()
    async with _together([_measure_roofs(folder)]), _everybody(browser, seen):
        calm_cpu = await _share(web)
        calm_polls, seen.polls = seen.polls, []
        async with _together(_look(browser, seen) for _ in range(AT_ONCE)):
            await _share(web)
    if seen.failed or seen.told < SCREENS:
        raise AssertionError(f"{seen.failed} failed, {seen.told} were told")
    crowd = f"{PHONES} phones and {SCREENS} streams"
    return [
        Figure(f"{crowd}: CPU of one core", calm_cpu * 100, "%"),
        Figure(f"{crowd}: a poll, p95", _p95(calm_polls), "ms"),
        Figure(f"{crowd}, month page {AT_ONCE} at once: the page, p50", median(seen.months), "ms"),
        Figure(
            f"{crowd}, month page {AT_ONCE} at once: the page, p95",
            _p95(seen.months),
            "ms",
            aim="at most 25 ms",
        ),
        Figure(f"{crowd}, month page {AT_ONCE} at once: a poll, p95", _p95(seen.polls), "ms"),
    ]


async def _share(web: Program) -> float:
    """Return which share of a core the worker used meanwhile."""
    begun_s, cpu_s = time.monotonic(), worker_cpu_s(web)
    await asyncio.sleep(MEASURED_S)
    return (worker_cpu_s(web) - cpu_s) / (time.monotonic() - begun_s)


@asynccontextmanager
async def _everybody(browser: Browser, seen: Seen) -> AsyncIterator[None]:
    phones = (_phone(browser, seen, PHONE_S * number / PHONES) for number in range(PHONES))
    screens = (_screen(browser, seen) for _ in range(SCREENS))
    async with _together(phones), _together(screens):
        yield


@asynccontextmanager
async def _together(doing: Iterable[Coroutine[None, None, None]]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one) for one in doing]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _phone(browser: Browser, seen: Seen, first_s: float) -> None:
    tag = ""
    await asyncio.sleep(first_s)
    while True:
        begun_s = time.monotonic()
        line = Line(browser.port, browser.cookie)
        reply = await _ask(line, NOW, seen, seen.polls, tag)
        if reply and reply.status == HTTPStatus.OK:
            tag = reply.headers["etag"]
            await _ask(line, "/", seen, [])
        line.close()
        await asyncio.sleep(PHONE_S - (time.monotonic() - begun_s))


async def _screen(browser: Browser, seen: Seen) -> None:
    stream, line = (Line(browser.port, browser.cookie) for _ in range(2))
    async for _ in stream.listen(STREAM):
        seen.told += 1
        await _ask(line, "/tv", seen, [])


async def _look(browser: Browser, seen: Seen) -> None:
    line = Line(browser.port, browser.cookie)
    while True:
        await _ask(line, PAGE, seen, seen.months)


async def _ask(
    line: Line, path: str, seen: Seen, waits_ms: list[float], tag: str = ""
) -> Reply | None:
    """Ask, and note how long it took or that it failed."""
    begun_s = time.perf_counter()
    try:
        reply = await line.get(path, tag)
    except (OSError, asyncio.IncompleteReadError):
        seen.failed += 1
        line.close()
        return None
    waits_ms.append((time.perf_counter() - begun_s) * 1_000)
    seen.failed += reply.status not in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
    return reply


async def _measure_roofs(folder: Path) -> None:
    """Let the roof say something else every few seconds."""
    store = SqliteStore(SqliteSettings(path=folder / "readings.sqlite"))
    for number in itertools.count():
        reading = Reading(ROOF[0], datetime.now(UTC), {"ac_power": 1_000 + number}, {}, "boot", 0)
        store.write([AcceptedReading(Identity("pi", "e", ROOF[0], number), reading)])
        await asyncio.sleep(READING_S)


def _p95(waits_ms: list[float]) -> float:
    return quantiles(waits_ms, n=20)[-1]
