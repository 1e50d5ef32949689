"""F10, F12, F13, F14: spoilt answers, word soup, sentinels and counters that misbehave.

Every third answer is one that no honest device gives. The gateway notes its true values only, so
that any other value that is accepted counts as wrong. The soup leaves out one thing: a counter just
above the last one, as fast as the rating allows, is what an honest device may say, and nobody can
tell it from the truth (`tests/collector/devices/test_counters.py` holds where that ends).
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import Report
from tests.faults.known_gateway import FIRST_WH, Manners
from tests.faults.pipeline import Pipeline, either

pytestmark = pytest.mark.faults

UNITS = 4
EXCEPTIONS = (1, 2, 3, 4, 5, 6, 10, 11)
COUNTABLE_WH = 30_000_000
"""What the rating of 100 MW and the lag of a minute let a counter rise in 15 minutes; a scenario
takes less."""
CHANCE = Random(12)  # noqa: S311  chance for a test


def refused_with(exception: int) -> Callable[[bytes], bytes]:
    """Return what makes an exception of an answer."""
    return lambda answer: answer[:4] + b"\0\3" + bytes([answer[6], answer[7] | 0x80, exception])


SPOILS: Sequence[Callable[[bytes], bytes]] = (
    lambda answer: answer[:-3],
    lambda answer: answer[:8] + bytes([answer[8] + 2]) + answer[9:],
    lambda answer: answer[:6] + bytes([answer[6] % UNITS + 1]) + answer[7:],
    lambda answer: answer[:7] + b"\x04" + answer[8:],
    lambda answer: bytes([answer[0], answer[1] ^ 1]) + answer[2:],
    lambda answer: answer[:5] + b"\xff" + answer[6:],
    lambda answer: answer[:12],
    lambda answer: answer + answer[9:],
    lambda _: b"\0" * 40,
    lambda _: b"",
    *(refused_with(one) for one in EXCEPTIONS),
)


def words(value: int, power: int = 1) -> list[int]:
    """Return the words of a counter and a power."""
    return [value >> 16 & 0xFFFF, value & 0xFFFF, power]


def unit_of(value: int) -> int:
    """Return whose counter shows a value."""
    return value // FIRST_WH


def soup(value: int) -> list[int]:
    """Return any words but those that the counter may have reached since it was read first."""
    first_wh = unit_of(value) * FIRST_WH
    while True:
        shown = CHANCE.randrange(2**32)
        if not first_wh <= shown <= value + COUNTABLE_WH:
            return words(shown, CHANCE.randrange(65_536))


SENTINELS: Sequence[Callable[[int], list[int]]] = (
    lambda _: words(0xFFFF_FFFF, 0xFFFF),
    lambda _: words(0x8000_0000, 0x8000),
)
MISBEHAVES: Sequence[Callable[[int], list[int]]] = (
    lambda _: words(0),
    lambda value: words(value + 4_000_000_000),
    lambda value: words(value - 5 * unit_of(value)),
    lambda value: words(value // 2),
    lambda value: words(value // unit_of(value) * (unit_of(value) % UNITS + 1)),
    lambda _: words(1),
)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Pipeline]:
    made = Pipeline(tmp_path, units=UNITS, poll_s=0.05, timeout_s=0.2)
    yield made
    made.end()


@pytest.mark.parametrize(
    ("scenario", "manners"),
    [
        ("F10 spoilt answers", Manners(spoils=SPOILS)),
        ("F12 any words", Manners(fakes=[soup])),
        ("F13 sentinels", Manners(fakes=SENTINELS)),
        ("F14 counters that misbehave", Manners(fakes=MISBEHAVES)),
    ],
    ids=["F10", "F12", "F13", "F14"],
)
def test_every_third_answer_is_a_lie_and_no_lie_is_stored(
    line: Pipeline, report: Report, scenario: str, manners: Manners
) -> None:
    line.start("mosquitto", "ingest", "collect")
    line.wait_known()
    line.gateway.manners = manners
    line.wait_served(either(150, 3_000), 600)
    told = line.gateway.faked

    line.gateway.manners = Manners()
    recovery_s = line.wait_accepted(UNITS)
    line.settle_down()

    row = line.tell(report, scenario, told, recovery_s)
    assert row.is_whole
    assert told >= either(40, 800)
    assert line.measured() > row.accepted // 4
