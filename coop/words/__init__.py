"""What Minga says to people, in the languages that a cooperative reads.

A phrase is written once in English, with `say`; catalogues hold it in the other languages, and a
steward's correction goes before a catalogue. docs/words.md tells how to add and correct phrases.
"""

from coop.words.catalogue import Catalogue, Entry, read_catalogue
from coop.words.languages import Language, parse_languages
from coop.words.saying import Saying, placeholders, say
from coop.words.words import Told, Words

__all__ = [
    "Catalogue",
    "Entry",
    "Language",
    "Saying",
    "Told",
    "Words",
    "parse_languages",
    "placeholders",
    "read_catalogue",
    "say",
]
