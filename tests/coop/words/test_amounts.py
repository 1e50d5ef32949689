import pytest

from coop.words import amounts


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0"), (1_234_567, "1\u00a0234\u00a0567"), (-1_234, "\u22121\u00a0234"), (None, "\u2014")],
)
def test_whole_numbers_are_grouped_and_missing_is_no_zero(amount: int | None, text: str) -> None:
    assert amounts.whole(amount) == text


@pytest.mark.parametrize(
    ("centimos", "text"),
    [(0, "0,00"), (5, "0,05"), (123_456, "1\u00a0234,56"), (-70, "\u22120,70"), (None, "\u2014")],
)
def test_money_is_told_in_soles(centimos: int | None, text: str) -> None:
    assert amounts.soles(centimos) == text
