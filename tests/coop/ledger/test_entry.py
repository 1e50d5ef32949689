"""Entries balance, have one canonical text, and hang together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.errors import LedgerError
from coop.ledger import Draft, Entry, Kind, find_broken_link, first_hash, seal

AT_S = 1_772_341_200


def chain(count: int) -> list[Entry]:
    """Return the first entries of a cooperative."""
    entries: list[Entry] = []
    for number in range(1, count + 1):
        before = entries[-1].hash if entries else first_hash("coop")
        draft = Draft(
            Kind.SLOT, "2026-03", {"roof:r": -number, "shared:a": number}, slot_start_s=AT_S
        )
        entries.append(seal(draft, number, before, AT_S))
    return entries


def test_an_entry_is_one_line_with_sorted_names() -> None:
    draft = Draft(Kind.SLOT, "2026-03", {"shared:a": 30, "roof:r": -30}, slot_start_s=AT_S)

    assert seal(draft, 1, first_hash("coop"), AT_S + 960).line == (
        '{"kind":"slot","month":"2026-03","number":1,"postings":{"roof:r":-30,"shared:a":30},'
        '"slot":"2026-03-01T05:00:00Z","unit":"dWh","written":"2026-03-01T05:16:00Z"}'
    )


def test_an_entry_that_does_not_balance_is_refused() -> None:
    with pytest.raises(LedgerError, match="sum to 1 dWh, not to zero"):
        seal(Draft(Kind.SLOT, "2026-03", {"roof:r": -9, "shared:a": 10}), 1, "", AT_S)


def test_a_posting_of_zero_is_left_out() -> None:
    draft = Draft(Kind.SLOT, "2026-03", {"roof:r": 0, "shared:a": 0})

    assert seal(draft, 1, "", AT_S).document["postings"] == {}


def test_a_whole_chain_is_whole() -> None:
    assert find_broken_link(chain(5), first_hash("coop")) is None


def test_a_missing_entry_is_named() -> None:
    entries = chain(5)

    found = find_broken_link([*entries[:2], *entries[3:]], first_hash("coop"))

    assert found == "ledger entry 3 is missing: entry 4 stands in its place"


def test_another_cooperatives_books_do_not_follow() -> None:
    assert find_broken_link(chain(1), first_hash("other")) is not None


@given(place=st.integers(0, 4), at=st.integers(0, 200), to=st.sampled_from("0123456789"))
def test_any_changed_digit_is_found(place: int, at: int, to: str) -> None:
    entries = chain(5)
    line = entries[place].line
    digits = [index for index, letter in enumerate(line) if letter.isdecimal() and letter != to]
    index = digits[at % len(digits)]
    changed = Entry(place + 1, line[:index] + to + line[index + 1 :], entries[place].hash)

    found = find_broken_link([*entries[:place], changed, *entries[place + 1 :]], first_hash("coop"))

    assert found is not None
    assert f"ledger entry {place + 1} " in found
