"""Registers that a device refuses: found by splitting, left out, asked again daily or hourly."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.devices.planner import Block
from collector.devices.refusals import Joining, Refusals
from collector.errors import DeviceError, RefusedError

DAY_S = 86_400.0


@dataclass
class Registers:
    """A device with 200 registers that refuses some of them."""

    refused: set[int] = field(default_factory=set)
    code: int = 2
    silent_from: int = 1_000
    at_s: float = 50.0
    asked: list[Block] = field(default_factory=list)

    def read(self, block: Block) -> Sequence[int]:
        self.asked.append(block)
        words = range(block.address, block.end)
        if block.end > self.silent_from:
            raise DeviceError("no answer")
        if self.refused & set(words):
            raise RefusedError("refused", self.code)
        return words

    def refusals(self, max_gap: int = 10) -> Refusals:
        return Refusals("roof-1", Joining(125, max_gap), lambda: self.at_s)


def stretches(*starts: int) -> tuple[Block, ...]:
    """Make stretches of two words."""
    return tuple(Block(3, start, 2) for start in starts)


def words_of(found: object) -> set[int]:
    """Return every address that came."""
    return {
        address
        for one in found.captured  # type: ignore[attr-defined]  # Gathered
        for address in range(one.address, one.address + len(one.words))
    }


EIGHT = stretches(0, 2, 4, 6, 8, 10, 12, 14)


def test_one_refused_register_is_found_and_all_others_are_read() -> None:
    device = Registers({9})

    found = device.refusals().read_all(EIGHT, device.read)

    assert words_of(found) == {*range(16)} - {8, 9}
    assert found.refused == [Block(3, 8, 2)]
    assert len(device.asked) == 7


def test_it_is_left_out_afterwards() -> None:
    device = Registers({9})
    refusals = device.refusals()
    refusals.read_all(EIGHT, device.read)
    device.asked.clear()

    found = refusals.read_all(EIGHT, device.read)

    assert device.asked == [Block(3, 0, 8), Block(3, 10, 6)]
    assert found.refused == [Block(3, 8, 2)]


def test_it_is_asked_again_after_a_day() -> None:
    device = Registers({9})
    refusals = device.refusals()
    refusals.read_all(EIGHT, device.read)
    device.refused.clear()

    device.at_s += DAY_S - 1
    before = refusals.read_all(EIGHT, device.read)
    device.at_s += 1
    after = refusals.read_all(EIGHT, device.read)

    assert words_of(before) == {*range(16)} - {8, 9}
    assert words_of(after) == {*range(16)}
    assert after.refused == []


@pytest.mark.parametrize(("after_s", "missing"), [(3_599.0, {8, 9}), (3_600.0, set())])
def test_a_register_that_came_before_is_asked_again_after_an_hour(
    after_s: float, missing: set[int]
) -> None:
    device = Registers()
    refusals = device.refusals()
    refusals.read_all(EIGHT, device.read)
    device.refused = {9}
    refusals.read_all(EIGHT, device.read)
    device.refused = set()

    device.at_s += after_s
    found = refusals.read_all(EIGHT, device.read)

    assert words_of(found) == {*range(16)} - missing


@pytest.mark.parametrize(("after_s", "reads"), [(3_599.0, 2), (3_600.0, 7)])
def test_a_reconnect_asks_again_what_was_refused_an_hour_ago(after_s: float, reads: int) -> None:
    device = Registers({9})
    refusals = device.refusals()
    refusals.read_all(EIGHT, device.read)
    device.asked.clear()

    device.at_s += after_s
    refusals.reconsider()
    refusals.read_all(EIGHT, device.read)

    assert len(device.asked) == reads


def test_another_device_is_asked_everything() -> None:
    device = Registers({9})
    refusals = device.refusals()
    refusals.read_all(EIGHT, device.read)
    device.asked.clear()

    refusals.clear()
    refusals.read_all(EIGHT, device.read)

    assert device.asked[0] == Block(3, 0, 16)


@pytest.mark.parametrize("code", [1, 2, 3])
def test_lasting_refusals_are_remembered(code: int) -> None:
    device = Registers({9}, code)
    refusals = device.refusals()
    refusals.read_all(EIGHT, device.read)

    assert refusals.plan(EIGHT) == (Block(3, 0, 8), Block(3, 10, 6))


@pytest.mark.parametrize("code", [4, 5, 6])
def test_a_busy_device_is_asked_the_same_again(code: int) -> None:
    wanted = stretches(0, 2, 100, 102)
    device = Registers({1}, code)
    refusals = device.refusals()

    found = refusals.read_all(wanted, device.read)

    assert device.asked == [Block(3, 0, 4), Block(3, 100, 4)]
    assert found.refused == [Block(3, 0, 4)]
    assert refusals.plan(wanted) == (Block(3, 0, 4), Block(3, 100, 4))


def test_a_device_that_refuses_everything_is_an_error_and_nothing_is_remembered() -> None:
    device = Registers({*range(200)})
    refusals = device.refusals()

    with pytest.raises(RefusedError):
        refusals.read_all(EIGHT, device.read)

    assert refusals.plan(EIGHT) == (Block(3, 0, 16),)


def test_when_all_that_is_wanted_is_known_as_refused_it_is_asked_again() -> None:
    device = Registers({9})
    refusals = device.refusals()
    refusals.read_all(EIGHT, device.read)

    with pytest.raises(RefusedError):
        refusals.read_all(stretches(8), device.read)


def test_a_refused_gap_is_not_bridged_any_more() -> None:
    wanted = stretches(0, 2, 10, 12)
    device = Registers({5})
    refusals = device.refusals()

    found = refusals.read_all(wanted, device.read)
    device.asked.clear()
    refusals.read_all(wanted, device.read)

    assert found.refused == []
    assert device.asked == [Block(3, 0, 4), Block(3, 10, 4)]


def test_what_came_before_the_silence_stays() -> None:
    device = Registers(silent_from=50)

    found = device.refusals().read_all(stretches(0, 100), device.read)

    assert words_of(found) == {0, 1}


def test_silence_alone_is_an_error() -> None:
    device = Registers(silent_from=0)

    with pytest.raises(DeviceError, match="no answer"):
        device.refusals().read_all(EIGHT, device.read)


def test_a_stretch_longer_than_a_read_is_left_out_in_part() -> None:
    device = Registers({130})
    refusals = device.refusals()

    found = refusals.read_all((Block(3, 0, 200),), device.read)

    assert words_of(found) == {*range(125)}
    assert refusals.plan((Block(3, 0, 200),)) != ()


@given(
    st.lists(st.builds(Block, st.just(3), st.integers(0, 90), st.integers(1, 4)), min_size=1),
    st.sets(st.integers(0, 95), max_size=6),
    st.integers(0, 10),
)
def test_every_stretch_that_can_be_read_is_read_at_once_and_ever_after(
    wanted: list[Block], refused: set[int], max_gap: int
) -> None:
    device = Registers(refused)
    refusals = device.refusals(max_gap)
    free = {one for one in wanted if not refused & set(range(one.address, one.end))}
    expected = {address for one in free for address in range(one.address, one.end)}

    came = [words_of(attempt(refusals, tuple(wanted), device)) for _ in range(2)]

    assert [expected <= one for one in came] == [True, True]
    assert [one & refused for one in came] == [set(), set()]


@dataclass
class Nothing:
    """What a device that refuses everything gives."""

    captured: tuple[()] = ()


def attempt(refusals: Refusals, wanted: tuple[Block, ...], device: Registers) -> object:
    """Read all, or nothing."""
    try:
        return refusals.read_all(wanted, device.read)
    except RefusedError:
        return Nothing()
