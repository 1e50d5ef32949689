"""F34: whatever happens in whatever order, every accepted reading is stored once and unchanged.

CI walks 2,000 steps with the embedded store and 400 with InfluxDB's double, a desk a fifth of it;
`MINGA_WALKS=100` walks longer. The same number walks the same way.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from collector.sending import messages, outbox, uplink
from collector.stores import batches
from tests.collector.stores.fake_influx import running_fake
from tests.collector.walk.machine import Walk
from tests.collector.walk.storage import InfluxStorage, SqliteStorage, Storage

IN_CI = os.environ.get("CI") == "true"
MEMORY = Path("/dev/shm")  # noqa: S108  what a disk loses is played here, not waited for
STARTS = range(int(os.environ.get("MINGA_WALKS", "5" if IN_CI else "1")))
WALKS = 10
"""From the eleventh on hypothesis repeats parts of what it walked before."""
STEPS = 60
LEAST = {"sqlite": 400, "influxdb": 80}
"""How many steps a start takes at least; the first walks are short."""


@pytest.fixture(autouse=True)
def small_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring every bound so near that a short walk meets it."""
    monkeypatch.setattr(uplink, "WINDOW_READINGS", 12)
    monkeypatch.setattr(uplink, "WINDOW_MESSAGES", 6)
    monkeypatch.setattr(messages, "BATCH_BYTES", 900)
    monkeypatch.setattr(uplink, "_BATCH_READINGS", 5)
    monkeypatch.setattr(uplink, "LIVE_READINGS", 7)
    monkeypatch.setattr(outbox, "MOST_READINGS", 3)
    monkeypatch.setattr(batches, "MOST_READINGS", 4)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Lend a quick folder, and keep thousands of expected messages quiet."""
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as lent:
        yield Path(lent)
    logging.disable(logging.NOTSET)


@pytest.fixture(params=["sqlite", "influxdb"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """Give each kind of store."""
    if request.param == "sqlite":
        yield SqliteStorage()
        return
    token_file = tmp_path / "token"
    token_file.write_text("secret")
    with running_fake() as influx:
        yield InfluxStorage(influx, token_file)


@pytest.mark.parametrize("start", STARTS)
def test_a_random_walk_loses_repeats_and_changes_nothing(
    storage: Storage, folder: Path, start: int
) -> None:
    walks = WALKS if storage.name == "sqlite" else WALKS // 2
    Walk.tally.clear()
    walk = get_state_machine_test(
        lambda: Walk(folder, storage),
        settings=settings(
            max_examples=walks,
            stateful_step_count=STEPS,
            phases=[Phase.generate, Phase.shrink],
        ),
    )

    seed(start)(walk)()

    assert Walk.tally["ends"] >= walks
    assert Walk.tally["steps"] >= LEAST[storage.name]
