"""Readings as columns: each comes back to the letter, in its place, whatever others say."""

import bz2
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.reading import Reading, dump_content, tell
from collector.sending.columns import pack, unpack

WORDS = st.text(max_size=8)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
VALUES = st.one_of(
    st.integers(), WORDS, st.decimals(allow_nan=False, allow_infinity=False, places=3)
)
READINGS = st.builds(
    Reading,
    st.sampled_from(["roof-1", "roof-2", "7"]),
    st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  it is given one
    st.dictionaries(NAMES, VALUES, max_size=3),
    st.dictionaries(NAMES, WORDS, max_size=2),
    WORDS,
    st.integers(0, 10**12),
    st.booleans(),
)


@given(st.lists(READINGS, min_size=1, max_size=8))
def test_any_readings_come_back_to_the_letter(readings: list[Reading]) -> None:
    body = pack((one.device, tell(one)) for one in readings)

    assert unpack(body) == [(one.device, dump_content(one)) for one in readings]


@pytest.mark.parametrize("compress", [zlib.compress, bz2.compress])
def test_what_stood_line_by_line_comes_back(compress: object) -> None:
    assert callable(compress)
    body = compress(b'roof-1\t{"q":{}}\n7\t{"q":{"a":1}}')

    assert unpack(body) == [("roof-1", '{"q":{}}'), ("7", '{"q":{"a":1}}')]


def test_a_text_that_looks_like_a_place_is_none() -> None:
    reading = Reading("r", datetime(2026, 3, 1, tzinfo=UTC), {"a": "%s"}, {"b": "%d"}, "%s%%", 1)

    assert dump_content(reading) == (
        '{"taken_at":"2026-03-01T00:00:00.000Z","boot":"%s%%","mono_ms":1,"trusted":true,'
        '"q":{"a":"%s"},"bad":{"b":"%d"}}'
    )
