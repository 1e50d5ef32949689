"""What stands in addresses and forms is read strictly."""

import pytest

from dashboard.typed import whole


@pytest.mark.parametrize(("text", "found"), [("0", 0), ("007", 7), ("999999999", 999_999_999)])
def test_plain_digits_are_a_number(text: str, found: int) -> None:
    assert whole(text) == found


@pytest.mark.parametrize("text", ["", " 1", "-1", "+1", "1.0", "1_0", "\u0661", "\u00b2", "1" * 10])
def test_anything_else_is_none(text: str) -> None:
    assert whole(text) is None
