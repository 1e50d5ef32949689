from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.devices.planner import Block, plan_blocks
from collector.devices.survey import plan_all
from collector.profiles.layout import lay_out_fixed
from collector.profiles.profile import list_profiles, load_profile

stretches = st.lists(
    st.builds(Block, st.sampled_from([3, 4]), st.integers(0, 40), st.integers(1, 4)),
    min_size=1,
    max_size=7,
)
forbidden_stretches = st.lists(
    st.tuples(st.integers(0, 44), st.integers(0, 3)).map(lambda pair: (pair[0], sum(pair))),
    max_size=2,
)


def covered(blocks: Sequence[Block]) -> set[tuple[int, int]]:
    """Return every word that is read."""
    return {
        (block.function_code, one) for block in blocks for one in range(block.address, block.end)
    }


def is_possible(group: Sequence[Block], words: int, gap: int, bad: set[int]) -> bool:
    """Say whether one read may hold a whole group."""
    wanted = {address for _, address in covered(group)}
    span = set(range(min(wanted), max(wanted) + 1))
    skipped = sorted(span - wanted)
    longest = max((run_length(skipped, one) for one in skipped), default=0)
    return (
        len({one.function_code for one in group}) == 1
        and len(span) <= words
        and longest <= gap
        and not bad & set(skipped)
    )


def run_length(numbers: Sequence[int], start: int) -> int:
    """Return how many numbers follow each other from start on."""
    length = 1
    while start + length in numbers:
        length += 1
    return length


def fewest(wanted: Sequence[Block], words: int, gap: int, bad: set[int]) -> int:
    """Return the smallest number of reads by trying every way to split the sorted stretches."""
    ordered = tuple(sorted(wanted))

    @cache
    def best(first: int) -> int:
        if first == len(ordered):
            return 0
        ends = [
            end
            for end in range(first + 1, len(ordered) + 1)
            if is_possible(ordered[first:end], words, gap, bad)
        ]
        return 1 + min(best(end) for end in ends)

    return best(0)


@given(stretches, st.integers(4, 30), st.integers(0, 10))
def test_every_wanted_word_is_read_and_no_read_is_too_long(
    wanted: list[Block], words: int, gap: int
) -> None:
    blocks = plan_blocks(wanted, words, gap)

    assert covered(wanted) <= covered(blocks)
    assert max(block.count for block in blocks) <= words


@given(stretches, st.integers(4, 30), st.integers(0, 10), forbidden_stretches)
def test_no_other_plan_needs_fewer_reads(
    wanted: list[Block], words: int, gap: int, forbidden: list[tuple[int, int]]
) -> None:
    bad = {one for first, last in forbidden for one in range(first, last + 1)}
    blocks = plan_blocks(wanted, words, gap, forbidden)

    assert len(blocks) == fewest(wanted, words, gap, bad)


@given(stretches, st.integers(4, 30), st.integers(0, 10), forbidden_stretches)
def test_a_forbidden_word_is_read_only_if_it_is_wanted(
    wanted: list[Block], words: int, gap: int, forbidden: list[tuple[int, int]]
) -> None:
    bad = {one for first, last in forbidden for one in range(first, last + 1)}
    blocks = plan_blocks(wanted, words, gap, forbidden)

    extra = covered(blocks) - covered(wanted)
    assert {address for _, address in extra} & bad == set()


@given(stretches, st.integers(4, 30))
def test_a_value_is_never_torn_between_two_reads(wanted: list[Block], words: int) -> None:
    blocks = plan_blocks(wanted, words)

    assert [
        one for one in wanted if not any(covered([one]) <= covered([block]) for block in blocks)
    ] == []


@given(stretches, st.integers(4, 30), st.integers(0, 10))
def test_nothing_is_read_but_what_is_wanted_and_the_gaps_between(
    wanted: list[Block], words: int, gap: int
) -> None:
    blocks = plan_blocks(wanted, words, gap)

    needed = covered(wanted)
    ends = {(one.function_code, at) for one in blocks for at in (one.address, one.end - 1)}
    extra = sorted(at for code, at in covered(blocks) - needed if code == blocks[0].function_code)
    assert ends <= needed
    assert [one for one in extra if run_length(extra, one) > gap] == []


@given(stretches, st.integers(4, 30), st.integers(0, 10))
def test_no_word_is_read_twice_where_stretches_do_not_overlap(
    wanted: list[Block], words: int, gap: int
) -> None:
    apart = [one for at, one in enumerate(wanted) if not covered([one]) & covered(wanted[:at])]

    blocks = plan_blocks(apart, words, gap)

    assert sum(one.count for one in blocks) == len(covered(blocks))


@given(stretches, st.sets(st.integers(0, 44), max_size=4))
def test_no_read_goes_over_a_cut_between_two_stretches(wanted: list[Block], cuts: set[int]) -> None:
    blocks = plan_blocks(wanted, cuts=cuts)

    inside = {
        (one.function_code, cut) for one in wanted for cut in cuts if one.address < cut < one.end
    }
    over = {
        (one.function_code, cut) for one in blocks for cut in cuts if one.address < cut < one.end
    }
    assert over <= inside


@pytest.mark.parametrize("name", list_profiles())
@settings(max_examples=20)
@given(data=st.data())
def test_any_part_of_a_shipped_profile_is_read_in_allowed_reads(
    name: str, data: st.DataObject
) -> None:
    profile = load_profile(name)
    registers = data.draw(st.lists(st.sampled_from(profile.registers), min_size=1, unique=True))
    wanted = [Block(profile.function_codes[0], one.start, len(one.words)) for one in registers]

    blocks = plan_blocks(wanted, profile.max_words, profile.max_gap, profile.forbidden)

    assert covered(wanted) <= covered(blocks)
    assert max(one.count for one in blocks) <= profile.max_words <= 125


@given(
    st.lists(
        st.builds(Block, st.sampled_from([3, 4]), st.integers(0, 65_135), st.integers(1, 400)),
        max_size=20,
    ),
    st.lists(st.tuples(st.integers(0, 65_535), st.integers(0, 300)), max_size=9),
)
def test_stretches_anywhere_and_of_any_length_are_read_whole_in_allowed_reads(
    wanted: list[Block], spans: list[tuple[int, int]]
) -> None:
    forbidden = [(first, first + more) for first, more in spans]
    bad = {one for first, last in forbidden for one in range(first, last + 1)}

    blocks = plan_blocks(wanted, forbidden=forbidden)

    extra = covered(blocks) - covered(wanted)
    assert covered(wanted) <= covered(blocks)
    assert [one for one in blocks if one.count not in range(1, 126) or one.end > 65_536] == []
    assert {address for _, address in extra} & bad == set()


def test_what_no_read_can_hold_is_cut() -> None:
    assert plan_blocks([Block(3, 100, 300)]) == (
        Block(3, 100, 125),
        Block(3, 225, 125),
        Block(3, 350, 50),
    )


@pytest.mark.parametrize(
    ("family", "reads"), [("huawei_sun2000", 8), ("eastron_sdm", 4), ("chint_ddsu666", 2)]
)
def test_a_whole_family_is_read_in_few_reads(family: str, reads: int) -> None:
    profile = load_profile(family)

    assert len(plan_all(profile, lay_out_fixed(profile))) == reads


@pytest.mark.parametrize("name", list_profiles())
def test_no_read_of_a_shipped_profile_exceeds_its_limit(name: str) -> None:
    profile = load_profile(name)
    fixed = [one for one in profile.registers if one.address is not None]

    blocks = plan_blocks(
        [Block(3, one.start, len(one.words)) for one in fixed], profile.max_words, profile.max_gap
    )

    assert [block for block in blocks if block.count > profile.max_words] == []
