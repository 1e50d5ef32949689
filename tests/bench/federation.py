"""Two hundred cooperatives of ten homes, a month each, on one worker and on two."""

import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from coop.federation.cluster import Where, settle_all
from coop.federation.partition import Settled
from minga import Front
from tests.bench.figure import Figure
from tests.bench.town import LATE_S, Town

COOPS = 200
HOMES = 10
MONTH = "2026-03"


def measure() -> list[Figure]:
    """Return the seconds with two workers beside those with one."""
    what = f"federation: {COOPS} cooperatives of {HOMES} homes x 1 month"
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name) / "town", HOMES, [MONTH])
        town.live(MONTH)
        now = datetime.fromtimestamp(town.slots_of(MONTH).stop + LATE_S, UTC)
        one, two = (_settle(town, Path(name) / f"on-{workers}", workers, now) for workers in (1, 2))
    return [
        Figure(f"{what}, 1 worker", one, "s"),
        Figure(f"{what}, 2 workers", two, "s", one, "at most 0.6 of it on two idle cores"),
    ]


def _settle(town: Town, folder: Path, workers: int, now: datetime) -> float:
    fronts = [_found(town, folder / f"coop-{place}") for place in range(COOPS)]
    begun = time.perf_counter()
    found = list(settle_all(fronts, now, Where(workers=workers)))
    taken = time.perf_counter() - begun
    if sum(one.settled for one in found if isinstance(one, Settled)) != COOPS * len(
        town.slots_of(MONTH)
    ):
        raise AssertionError(f"not all was settled: {found[:3]}")
    shutil.rmtree(folder)
    return taken


def _found(town: Town, folder: Path) -> Front:
    """Copy the town; its id makes another ledger of it."""
    shutil.copytree(town.folder, folder)
    (folder / "minga.toml").write_text(
        f'[coop]\nid = "{folder.name}"\n[sqlite]\npath = "readings.sqlite"\n', encoding="utf-8"
    )
    return Front(folder / "minga.toml")
