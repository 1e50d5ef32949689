"""Tells sayings to people: their languages in their order, corrections before catalogues."""

import gettext
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from coop.words.catalogue import read_catalogue
from coop.words.languages import FALLBACK, Language
from coop.words.saying import Saying, fill

Corrections = Mapping[tuple[Language, str], str]
"""What a steward made of a phrase, by language and message."""


class Told(NamedTuple):
    """A phrase as it is read, and the language it came out in."""

    language: Language
    text: str
    is_draft: bool


class Phrases(gettext.NullTranslations):
    """One language as gettext knows it, so that templates can use it as any other."""

    def __init__(self, language: Language, corrections: Corrections) -> None:
        super().__init__()
        self.language = language
        self._catalogue = read_catalogue(language)
        self._corrected = {
            message: text for (held, message), text in corrections.items() if held is language
        }

    def gettext(self, message: str) -> str:
        """Return a phrase in this language, else in the one it falls back to."""
        found = self.find(message)
        return super().gettext(message) if found is None else found.text

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the phrase for one or for several; each is a phrase of its own."""
        return self.gettext(msgid1 if n == 1 else msgid2)

    def find(self, message: str) -> Told | None:
        """Return a phrase in this language, if it has one."""
        if message in self._corrected:
            return Told(self.language, self._corrected[message], is_draft=False)
        entry = self._catalogue.get(message)
        if entry is not None:
            return Told(self.language, entry.text, entry.is_draft)
        if self.language is Language.ENGLISH:
            return Told(self.language, message, is_draft=False)
        return None


class Words:
    """Phrases in the languages of somebody who reads; Spanish, then English, stand behind each."""

    def __init__(
        self, languages: Sequence[Language], corrections: Corrections | None = None
    ) -> None:
        self.languages = tuple(languages)
        self._chains = {one: _chain(one, corrections or {}) for one in self.languages}

    def tell(self, saying: Saying) -> str:
        """Tell something in the first language."""
        return self.tell_in(self.languages[0], saying).text

    def tell_all(self, saying: Saying) -> tuple[Told, ...]:
        """Tell something in each language once; one that has no words for it is left out.

        Should none of them have words for it, it is told in the language behind them.
        """
        told = [self.tell_in(language, saying) for language in self.languages]
        return tuple({one.language: one for one in told}.values())

    def phrases(self, language: Language) -> Phrases:
        """Return one language for templates, with what stands behind it."""
        return self._chains[language][0]

    def tell_in(self, language: Language, saying: Saying) -> Told:
        """Tell something in one of the languages, or in the one behind it."""
        found = next(told for one in self._chains[language] if (told := one.find(saying.message)))
        values = {name: self._value(value, language) for name, value in saying.values.items()}
        return found._replace(text=fill(found.text, values))

    def _value(self, value: int | str | Saying, language: Language) -> str:
        if isinstance(value, Saying):
            return self.tell_in(language, value).text
        if isinstance(value, int):
            from coop.words.amounts import whole  # noqa: PLC0415  who only measures has no Babel

            return whole(value)
        return value


def _chain(language: Language, corrections: Corrections) -> list[Phrases]:
    """Return a language and those behind it, each falling back to the next."""
    order = dict.fromkeys((language, FALLBACK, Language.ENGLISH))
    chain = [Phrases(one, corrections) for one in order]
    for one, behind in pairwise(chain):
        one.add_fallback(behind)
    return chain
