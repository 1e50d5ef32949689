"""What Minga says in a language, and what stewards make of it, as `minga words` does."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from coop.desk.office import Office
from coop.words import Language, placeholders, read_catalogue
from coop.words.corrections import correct_phrase, read_corrections
from coop.words.languages import FALLBACK
from coop.words.words import Corrections, Phrases


class Marked(StrEnum):
    """Which phrases are looked for."""

    ALL = "all"
    DRAFT = "draft"
    CORRECTED = "corrected"
    LACKING = "lacking"


@dataclass(frozen=True, slots=True)
class PhraseLine:
    """One phrase in one language."""

    message: str
    """The English, which names it."""
    meaning: str
    """In Spanish."""
    text: str | None
    """None where the language has no words for it yet."""
    draft: str | None
    """How sure a draft is, and where its terms come from; None for what is no draft."""
    is_corrected: bool

    @property
    def places(self) -> list[str]:
        """Return what must stay in braces."""
        return sorted(placeholders(self.message))

    def has(self, wanted: str) -> bool:
        """Say whether a text stands in it, in any of its languages."""
        texts = (self.message, self.meaning, self.text or "")
        return any(wanted.casefold() in one.casefold() for one in texts)

    def is_marked(self, mark: Marked) -> bool:
        """Say whether it is one of those looked for."""
        return {
            Marked.ALL: True,
            Marked.DRAFT: self.draft is not None,
            Marked.CORRECTED: self.is_corrected,
            Marked.LACKING: self.text is None,
        }[mark]


class Phrasebook:
    """The phrases of every language, with what stewards made of them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def lines(self, language: Language) -> Sequence[PhraseLine]:
        """Return every phrase as it stands in a language, by its English."""
        with self._office.database.reading() as connection:
            corrections = read_corrections(connection)
        catalogue = read_catalogue(language)
        phrases, spanish = Phrases(language, corrections), Phrases(FALLBACK, corrections)
        return [
            PhraseLine(
                message,
                spanish.gettext(message),
                told.text if (told := phrases.find(message)) else None,
                catalogue[message].note if told and told.is_draft else None,
                (language, message) in corrections,
            )
            for message in sorted(read_catalogue(FALLBACK))
        ]

    def correct(self, language: Language, message: str, text: str, steward: str) -> None:
        """Say a phrase otherwise from now on, unless it is said so; raise InputError."""
        office = self._office
        with office.database.writing() as connection:
            held: Corrections = read_corrections(connection)
            if held.get((language, message)) == text.strip():
                return
            correct_phrase(connection, language, message, text, (steward, office.now()))
            office.witness(steward)(connection, f"phrase in {language}: {message}")
