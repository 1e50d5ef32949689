"""What was packed comes back, whichever version of Minga packed it."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.packing import pack, unpack

LINES = "\n".join(f'{seq}\tinverter-01\t{{"ac_power":{seq * 7 % 1000}}}' for seq in range(200))


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert unpack(pack(text)) == text


@pytest.mark.parametrize("text", ["", LINES])
def test_what_an_earlier_version_packed_comes_back(text: str) -> None:
    assert unpack(zlib.compress(text.encode(), 9)) == text


def test_many_readings_become_few_bytes() -> None:
    assert len(pack(LINES)) < len(LINES) / 8
