"""The line by which a reader chooses another language for the page that is open."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import g, request

from coop.words import Language, Words
from dashboard.language.speech import read_in

_NAMES = {
    Language.QUECHUA: "Runasimi",
    Language.AYMARA: "Aymar aru",
    Language.SPANISH: "Español",
}
"""What each language calls itself; English is for programmers, who know `?lang=en`."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language a page can be read in."""

    code: Language
    name: str
    address: str
    is_read: bool


def tongues() -> tuple[Tongue, ...]:
    """Return the languages of this page; none where there is no page to load again."""
    if request.method != "GET":
        return ()
    asked = request.args.to_dict(flat=False)
    words: Words = g.words
    order = sorted(_NAMES, key=lambda one: one not in words.languages)
    return tuple(
        Tongue(
            one,
            _NAMES[one],
            f"?{urlencode({**asked, 'lang': one.value}, doseq=True)}",
            one is read_in(),
        )
        for one in order
    )
