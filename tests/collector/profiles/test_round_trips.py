"""Every family: random devices, whole and torn, give exactly what the facts demand."""

import re
from itertools import groupby, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.profiles.decode import Decoded, decode_blocks
from collector.profiles.layout import Captured
from collector.profiles.profile import list_profiles, load_profile
from collector.profiles.sunspec import ModelStart
from tests.collector.profiles.encoder import (
    MODEL_AT,
    Expected,
    Frame,
    as_fraction,
    facts,
    random_frame,
    sentinel_frame,
)
from tests.collector.profiles.families import FAMILIES

seeds = st.integers(0, 2**32)


def captured(frame: Frame, function_code: int) -> list[Captured]:
    """Split a frame into blocks of neighbouring words."""
    runs = groupby(enumerate(sorted(frame.words)), key=lambda pair: pair[1] - pair[0])
    addresses = [[address for _, address in run] for _, run in runs]
    return [
        Captured(function_code, run[0], [frame.words[address] for address in run])
        for run in addresses
    ]


def torn(frame: Frame, function_code: int, seed: int) -> list[Captured]:
    """Cut a frame anywhere; blocks overlap, and a word that is missing in one comes in another."""
    random = Random(seed)  # noqa: S311  chance for a test, no secret
    blocks = []
    for block in captured(frame, function_code):
        start, words = block.address, list(block.words)
        cuts = sorted({0, len(words), *(random.randrange(len(words)) for _ in range(4))})
        for first, end in pairwise(cuts):
            begin = random.randint(max(first - 3, 0), first)
            blocks.append(Captured(function_code, start + begin, words[begin:end]))
        blocks.append(Captured(function_code, start, [None] * len(words)))
    return random.sample(blocks, len(blocks))


def answer(family: str, frame: Frame) -> list[Expected]:
    """Decode a frame; return what the expectation is compared with."""
    profile = load_profile(family)
    start = ModelStart(MODEL_AT) if profile.sunspec else None
    decoded = decode_blocks(profile, captured(frame, profile.function_codes[-1]), start)
    return [comparable(one) for one in decoded]


def comparable(one: Decoded) -> Expected:
    """Reduce an answer to what the facts demand."""
    return one.quantity, one.address, str(one.quality), as_fraction(one.value)


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=25)
@given(seed=seeds)
def test_what_a_device_measures_is_answered_exactly(family: str, seed: int) -> None:
    frame = random_frame(family, seed)

    assert answer(family, frame) == frame.expected


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=25)
@given(seed=seeds)
def test_a_value_with_a_missing_word_is_unread(family: str, seed: int) -> None:
    frame = random_frame(family, seed, lost=0.2)

    assert answer(family, frame) == frame.expected


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=10)
@given(seed=seeds)
def test_how_a_capture_is_cut_into_blocks_changes_nothing(family: str, seed: int) -> None:
    profile, frame = load_profile(family), random_frame(family, seed, lost=0.02)
    start = ModelStart(MODEL_AT) if profile.sunspec else None

    decoded = decode_blocks(profile, torn(frame, profile.function_codes[0], seed), start)

    assert [comparable(one) for one in decoded] == frame.expected


@pytest.mark.parametrize("family", [one for one in FAMILIES if one.startswith("sunspec")])
@settings(max_examples=25)
@given(seed=seeds, behind=st.booleans())
def test_a_model_that_is_walked_to_answers_the_same(family: str, seed: int, behind: bool) -> None:  # noqa: FBT001  hypothesis hands it over
    profile, frame = load_profile(family), random_frame(family, seed)
    known = profile.sunspec
    assert known is not None
    length = max(frame.words) - MODEL_AT - 1
    words = [frame.words.get(MODEL_AT + at, 0) for at in range(length + 2)]
    words[:2] = [known.models[seed % len(known.models)], known.model_length or length]
    words += [0] * ((known.model_length or length) - length)
    other = [120, 26, *[5] * 26]
    end = [0xFFFF, 0]
    head = [0x5375, 0x6E53, 1, 65, *[0x4142] * 16, *[0] * 49]
    whole = Captured(3, 40_000, [*head, *words, *(other if behind else []), *end])

    decoded = decode_blocks(profile, [whole])

    inside = range(MODEL_AT + 2, MODEL_AT + len(words))
    own = [comparable(one) for one in decoded if one.address in inside]
    # The Alliance's files name one point more than the facts.
    assert [one for one in own if not re.fullmatch("m160_module_._id", one[0])] == frame.expected


@pytest.mark.parametrize("family", FAMILIES)
def test_every_sentinel_is_not_available(family: str) -> None:
    frame = sentinel_frame(family)

    assert [one for one in answer(family, frame) if one[2] != "not_available"] == []
    assert len(answer(family, frame)) == len(frame.expected)


def test_every_family_of_the_facts_has_a_profile() -> None:
    assert sorted(facts()) == sorted(FAMILIES)
    assert list_profiles() == sorted(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_profile_has_every_register_of_the_facts_and_no_other(family: str) -> None:
    registers = load_profile(family).registers

    assert [
        (one.quantity, one.start, one.unit, one.confidence, str(one.multiplier))
        for one in registers
    ] == [
        (
            fact["canonical"],
            fact.get("addr", fact.get("point_offset")),
            fact["base_unit"],
            fact["confidence"],
            fact["multiplier"],
        )
        for fact in facts()[family]["registers"]
    ]
