"""Cycles are gathered into one commit; a clock that nobody set holds sending, not measuring."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from collector.errors import NotAcceptedError, UnreachableError
from collector.moments import Moments
from collector.reading import Reading
from collector.sending.acceptance import Acceptance
from tests.collector.fakes import NOON, FakeClock, make_reading


@dataclass
class FakeKeeper:
    """An outbox that remembers its commits."""

    commits: list[list[Reading]] = field(default_factory=list)
    released: list[tuple[str, int]] = field(default_factory=list)
    is_full: bool = False
    held: bool = False

    def accept(self, readings: Sequence[Reading]) -> range:
        if self.is_full:
            raise UnreachableError("disk is full")
        before = sum(len(one) for one in self.commits)
        self.commits.append(list(readings))
        return range(before + 1, before + 1 + len(readings))

    def holds(self) -> bool:
        return self.held

    def release(self, boot: str, offset_ms: int) -> int:
        if self.is_full:
            raise UnreachableError("disk is full")
        self.released.append((boot, offset_ms))
        return 1


class SettableTrust:
    """Says what a test says."""

    def __init__(self) -> None:
        self.says = True

    def is_trusted(self) -> bool:
        return self.says


@dataclass
class Scene:
    """Acceptance between a clock and a keeper."""

    commit_s: float = 60
    clock: FakeClock = field(default_factory=FakeClock)
    keeper: FakeKeeper = field(default_factory=FakeKeeper)
    trust: SettableTrust = field(default_factory=SettableTrust)

    def __post_init__(self) -> None:
        self.moments = Moments(self.clock, "boot-1", self.trust)
        self.acceptance = Acceptance(self.keeper, self.moments, self.commit_s)

    def cycle(self, second: int, *, trusted: bool = True) -> range:
        """Take in one reading at a moment."""
        self.clock.at = NOON + timedelta(seconds=second)
        return self.acceptance.accept([replace(make_reading(second=second), trusted=trusted)])

    def sizes(self) -> list[int]:
        """Return how many readings each commit had."""
        return [len(one) for one in self.keeper.commits]


def test_the_first_cycle_is_accepted_at_once_and_the_next_ones_together() -> None:
    scene = Scene()

    given = [list(scene.cycle(second)) for second in range(0, 130, 10)]

    assert scene.sizes() == [1, 6, 6]
    assert given[0] == [1]
    assert given[6] == [2, 3, 4, 5, 6, 7]
    assert given[1:6] == [[]] * 5


def test_a_reading_that_opens_a_slot_is_accepted_at_once() -> None:
    scene = Scene(commit_s=600)
    scene.cycle(880)

    scene.cycle(890)
    scene.cycle(900)

    assert scene.sizes() == [1, 2]


def test_without_gathering_every_cycle_is_a_commit() -> None:
    scene = Scene(commit_s=0)

    for second in (0, 10, 20):
        scene.cycle(second)

    assert scene.sizes() == [1, 1, 1]


def test_the_end_accepts_what_was_gathered() -> None:
    scene = Scene()
    scene.cycle(0)
    scene.cycle(10)

    assert list(scene.acceptance.flush()) == [2]


def test_a_full_disk_costs_what_was_gathered_and_says_how_much() -> None:
    scene = Scene()
    scene.cycle(0)
    scene.cycle(10)
    scene.keeper.is_full = True

    with pytest.raises(NotAcceptedError, match="disk is full") as raised:
        scene.cycle(61)

    assert raised.value.refused == 2


def test_a_full_disk_counts_the_reading_that_found_it_too() -> None:
    scene = Scene()
    scene.cycle(0, trusted=False)
    scene.cycle(10, trusted=False)
    scene.keeper.is_full = True

    with pytest.raises(NotAcceptedError) as raised:
        scene.cycle(20, trusted=True)

    assert raised.value.refused == 2


def test_readings_before_and_after_trust_are_not_mixed() -> None:
    scene = Scene()
    scene.cycle(0, trusted=False)
    scene.cycle(10, trusted=False)

    given = scene.cycle(20, trusted=True)

    assert [{one.trusted for one in commit} for commit in scene.keeper.commits] == [
        {False},
        {False},
    ]
    assert list(given) == [2]
    assert list(scene.acceptance.flush()) == [3]


def test_held_readings_are_released_when_the_clock_is_right_and_not_before() -> None:
    scene = Scene()
    scene.keeper.held, scene.trust.says = True, False
    scene.acceptance.release_if_trusted()
    assert scene.keeper.released == []

    scene.trust.says = True
    scene.acceptance.release_if_trusted()

    assert scene.keeper.released == [("boot-1", 1_772_384_400_000)]


def test_a_full_disk_keeps_readings_held_until_there_is_room(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    scene.keeper.held = scene.keeper.is_full = True
    scene.acceptance.release_if_trusted()
    scene.acceptance.release_if_trusted()
    said = [one.message for one in caplog.records]

    scene.keeper.is_full = False
    scene.acceptance.release_if_trusted()

    assert said == ["disk is full"]
    assert scene.keeper.released == [("boot-1", 1_772_384_400_000)]


def test_a_clock_that_waits_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene(commit_s=0)

    for second in (0, 10, 20):
        scene.cycle(second, trusted=False)

    assert [record.message[:28] for record in caplog.records] == ["the clock is not set yet: re"]
