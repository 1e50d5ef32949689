"""The settler beside the pages goes on, whatever happens."""

from collections.abc import Callable
from itertools import count
from threading import Event

import pytest

from coop.errors import UnreachableError
from dashboard.serving.settling import SettlerLoop
from tests.dashboard.fakes import FixedClock


def failing(error: Exception, times: int) -> Callable[[], None]:
    """Make a settler that fails at first."""
    runs = count(1)

    def settle() -> None:
        if next(runs) <= times:
            raise error

    return settle


def test_it_settles_at_once_and_ends_when_told() -> None:
    settled = Event()
    loop = SettlerLoop(settled.set, FixedClock(), 3_600)

    loop.start()

    assert settled.wait(10)
    loop.stop(10)
    assert not loop._thread.is_alive()


def test_it_settles_again_although_the_clock_stands_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dashboard.serving.settling._TICK_S", 0.001)
    runs, twice = count(1), Event()
    loop = SettlerLoop(lambda: twice.set() if next(runs) > 1 else None, FixedClock(), 0.01)

    loop.start()

    assert twice.wait(10)
    loop.stop(10)


def test_a_failure_is_logged_once_down_and_once_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    clock = FixedClock()
    loop = SettlerLoop(failing(UnreachableError("database away"), 2), clock, 5)

    loop.settle_once()
    clock.wait_until(Event(), clock.monotonic_s() + 5)
    loop.settle_once()
    clock.wait_until(Event(), clock.monotonic_s() + 5)
    loop.settle_once()
    loop.settle_once()

    assert [record.getMessage() for record in caplog.records] == [
        "settling failed: database away",
        "settling is back after 10 s",
    ]
    assert caplog.records[0].exc_info is None


def test_a_surprise_brings_its_traceback_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    SettlerLoop(failing(ZeroDivisionError("oh"), 1), FixedClock(), 5).settle_once()

    assert caplog.records[0].exc_info is not None


def test_what_is_done_beside_goes_on_although_settling_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []
    beside = {
        "reading reports": failing(UnreachableError("away"), 9),
        "reading corrections": done.clear,
    }
    loop = SettlerLoop(failing(UnreachableError("database away"), 9), FixedClock(), 5, beside)
    done.append("not yet")

    loop.settle_once()

    assert done == []
    assert [record.getMessage() for record in caplog.records] == [
        "settling failed: database away",
        "reading reports failed: away",
    ]
