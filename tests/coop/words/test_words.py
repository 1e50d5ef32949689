"""Who reads is told in the languages they asked for; a correction goes before a catalogue."""

import pytest

from coop.errors import InputError
from coop.words import Language, Told, Words, parse_languages, say

QU, AY, ES, EN = Language.QUECHUA, Language.AYMARA, Language.SPANISH, Language.ENGLISH
USED = say("You used {wh} Wh.", wh=12_345)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (QU, "12,345 Wh kallpata apaykacharqanki."),
        (AY, "12,345 Wh ch'am apnaqtawa."),
        (ES, "Usted usó 12,345 Wh."),
        (EN, "You used 12,345 Wh."),
    ],
)
def test_a_phrase_is_told_in_each_language(language: Language, text: str) -> None:
    assert Words([language]).tell(USED) == text


def test_all_languages_are_told_in_their_order() -> None:
    told = Words(parse_languages("qu,es")).tell_all(USED)

    assert [(one.language, one.is_draft) for one in told] == [(QU, True), (ES, False)]


def test_what_a_language_has_no_words_for_is_told_once_in_spanish() -> None:
    words = Words([QU, ES], {(ES, "New phrase"): "Frase nueva"})

    told = words.tell_all(say("New phrase"))

    assert told == (Told(ES, "Frase nueva", is_draft=False),)


def test_what_no_language_has_words_for_is_told_in_english() -> None:
    assert Words([QU, ES]).tell_all(say("New phrase")) == (Told(EN, "New phrase", is_draft=False),)


def test_a_correction_goes_before_the_catalogue_and_is_no_draft() -> None:
    words = Words([QU], {(QU, USED.message): "Apaykachasqayki: {wh} Wh"})

    assert words.tell_all(USED) == (Told(QU, "Apaykachasqayki: 12,345 Wh", is_draft=False),)


def test_a_value_that_is_a_phrase_is_told_in_the_same_language() -> None:
    outer = say("Home {home}, {day}, from {start} to {end}.", home=say("You used {wh} Wh.", wh=1))
    outer = outer.put(day="d", start="s", end="e")

    assert Words([ES]).tell(outer) == "Casa Usted usó 1 Wh., d, de s a e."


def test_nothing_in_a_phrase_is_run() -> None:
    words = Words([EN], {(EN, "a"): "{wh.__class__} {0} %s {wh}"})

    assert words.tell(say("a", wh=1)) == "{wh.__class__} {0} %s 1"


def test_a_template_can_use_a_language_as_any_other_of_gettext() -> None:
    phrases = Words([QU], {(ES, "only Spanish"): "solo español"}).phrases(QU)

    told = (phrases.gettext("only Spanish"), phrases.ngettext("one", "many", 2))
    assert told == ("solo español", "many")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("fr", "language 'fr' is not spoken here; allowed: qu, ay, es, en"),
        ("", "language '' is not spoken here"),
        ("qu,qu", "one stands twice"),
    ],
)
def test_a_language_that_nobody_has_is_refused(told: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_languages(told)
