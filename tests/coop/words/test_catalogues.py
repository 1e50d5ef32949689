"""Every phrase is in the template and in every language; what goes into it is the same in all."""

import re

import pytest

from coop.words import Language, placeholders, read_catalogue
from coop.words.catalogue import parse_catalogue, path_of
from coop.words.template import TEMPLATE, find_messages, template_text, wanted_in
from tests.requirements import ROOT

MESSAGES = find_messages(ROOT)
TRANSLATED = (Language.SPANISH, Language.QUECHUA, Language.AYMARA)
DRAFTS = (Language.QUECHUA, Language.AYMARA)


def test_the_template_holds_what_the_code_says() -> None:
    assert TEMPLATE.read_text(encoding="utf-8") == template_text(MESSAGES), "run `make words`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_phrase_is_translated(language: Language) -> None:
    assert sorted(wanted_in(language, MESSAGES) - set(read_catalogue(language))) == []


def test_what_only_stewards_read_needs_spanish_alone() -> None:
    messages = {"a": ["dashboard/steward/frame.py"], "b": ["dashboard/steward/a.py", "coop/b.py"]}

    assert wanted_in(Language.SPANISH, messages) == {"a", "b"}
    assert wanted_in(Language.AYMARA, messages) == {"b"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_phrase_is_kept_that_nobody_says(language: Language) -> None:
    held = parse_catalogue(path_of(language).read_text(encoding="utf-8"))

    assert sorted(set(held) - set(MESSAGES)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_goes_into_a_phrase_is_the_same_in_every_language(language: Language) -> None:
    differing = [
        message
        for message, entry in read_catalogue(language).items()
        if placeholders(entry.text) != placeholders(message)
    ]

    assert differing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_in_a_phrase_looks_like_a_place_that_is_none(language: Language) -> None:
    odd = [
        entry.text
        for entry in read_catalogue(language).values()
        if set("{}") & set(re.sub(r"\{[a-z_]+\}", "", entry.text))
    ]

    assert odd == []


@pytest.mark.parametrize("language", DRAFTS)
def test_a_draft_says_how_sure_it_is(language: Language) -> None:
    unsure = [
        message
        for message, entry in read_catalogue(language).items()
        if entry.is_draft and not re.match(r"(high|medium|low)\b", entry.note)
    ]

    assert unsure == []


@pytest.mark.parametrize("language", DRAFTS)
def test_no_assembly_has_confirmed_a_translation_yet(language: Language) -> None:
    assert {entry.is_draft for entry in read_catalogue(language).values()} == {True}


def test_a_catalogue_is_read_over_several_lines() -> None:
    text = (
        'msgid ""\nmsgstr "head"\n\n# draft: low\nmsgid "a "\n"\\"b\\""\nmsgstr ""\n"c\\n"\n"d"\n'
    )

    [(message, entry)] = parse_catalogue(text).items()

    assert (message, entry.text, entry.is_draft, entry.note) == ('a "b"', "c\nd", True, "low")
