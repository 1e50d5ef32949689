"""Words by which devices say "nothing", in every polled counter of every family: never energy."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from collector.devices.survey import Line, lay_out_device
from collector.profiles.layout import Placed
from collector.profiles.profile import Profile, list_profiles, load_profile
from collector.simulator.registers import Image
from tests.collector.devices.played import Rig
from tests.collector.fakes import NOON

PATTERNS = {
    "0x8000": (0x8000, 0, 0, 0),
    "0xffff": (0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF),
    "0x7fff": (0x7FFF, 0xFFFF, 0xFFFF, 0xFFFF),
    "nan": (0x7FC0, 0, 0, 0),
    "lowest float": (0xFF7F, 0xFFFF, 0, 0),
    "infinity": (0x7F80, 0, 0, 0),
    "zero": (0, 0, 0, 0),
}
GOOD_WH = 12_000


def counters() -> Iterator[tuple[str, str]]:
    """Yield every polled counter; the one family with module blocks cannot be simulated."""
    for name in list_profiles():
        profile = load_profile(name)
        known = profile.by_quantity
        simulated = profile.sunspec is None or profile.sunspec.module is None
        yield from ((name, one) for one in profile.poll if simulated and known[one].unit == "Wh")


def place(profile: Profile, image: Image, rig: Rig, quantity: str) -> Placed:
    rig.bus.image = image
    layout, _ = lay_out_device(profile, Line(rig.bus, 1))
    return next(one for one in layout.placed if one.quantity == quantity)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("family", "quantity"), list(counters()))
def test_a_counter_that_says_nothing_is_withheld(family: str, quantity: str, pattern: str) -> None:
    profile = load_profile(family)
    rig = Rig(profile, 5_000)
    image = rig.image.encode({quantity: GOOD_WH})
    placed = place(profile, image, rig, quantity)
    good = rig.poll(NOON, {quantity: GOOD_WH})
    words = PATTERNS[pattern][: len(placed.words)][:: -1 if placed.is_little else 1]
    rig.bus.image |= {
        (placed.function_codes[0], at): word for at, word in zip(placed.words, words, strict=True)
    }
    rig.clock.at = NOON + timedelta(minutes=1)

    reading = rig.device.poll()

    assert good.quantities[quantity] == GOOD_WH
    assert quantity not in reading.quantities
    assert quantity in reading.bad
