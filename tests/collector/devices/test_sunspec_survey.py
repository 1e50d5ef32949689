"""A live SunSpec device is read whole, whatever models it has, in reads that a device answers."""

import pytest

from collector.devices.survey import Line, capture
from collector.profiles.decode import decode_blocks
from collector.profiles.layout import Captured
from collector.profiles.profile import load_profile
from collector.profiles.sunspec_points import list_models
from tests.collector.devices.fake_bus import FakeBus
from tests.collector.profiles.sunspec_device import BASE, NUMBERS, random_device

PROFILE = load_profile("sunspec_101_103")


def words_of(number: int) -> list[int]:
    """Return all words of a device with one model behind its common model."""
    device = random_device(number, 3)
    return [device.words[address] or 0 for address in range(BASE, device.next)]


def served(words: list[int], base: int = BASE) -> FakeBus:
    """Serve words from an address on."""
    return FakeBus({(3, address): word for address, word in enumerate(words, base)})


@pytest.mark.parametrize("number", NUMBERS)
def test_a_device_answers_live_what_its_words_say(number: int) -> None:
    words = words_of(number)
    bus = served(words)

    blocks = capture(PROFILE, Line(bus, 1))

    assert decode_blocks(PROFILE, blocks) == decode_blocks(PROFILE, [Captured(3, BASE, words)])
    assert max(count for _, _, count in bus.asked) <= 125


@pytest.mark.parametrize("base", [0, 40_000, 50_000])
def test_a_map_is_found_at_each_of_its_bases(base: int) -> None:
    blocks = capture(PROFILE, Line(served(words_of(120), base), 1))

    assert blocks[0].address == base


def test_a_person_is_told_that_a_cycle_reads_none_of_the_models() -> None:
    blocks = capture(PROFILE, Line(served(words_of(120)), 1))

    assert list_models(PROFILE, blocks) == (
        "models: 1 at 40002, 120 at 40070; each cycle reads none"
    )
