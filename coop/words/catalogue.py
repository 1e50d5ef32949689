"""Phrases of one language, read from a `.po` file, the format of gettext that translators know.

A comment `# draft: …` marks a translation that no assembly has confirmed yet.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coop.words.languages import Language

FOLDER = Path(__file__).parent
_DRAFT = "# draft"
_PART = re.compile(r'(?:(msgid|msgstr) )?(".*")')


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase in one language; an empty text is not translated yet."""

    text: str
    is_draft: bool = False
    note: str = ""
    """Where its terms come from, and how sure they are."""


Catalogue = Mapping[str, Entry]
"""Entry by message."""


@cache
def read_catalogue(language: Language) -> Catalogue:
    """Return the phrases of a language that have a text; English needs no file."""
    if language is Language.ENGLISH:
        return {}
    found = parse_catalogue(path_of(language).read_text(encoding="utf-8"))
    return {message: entry for message, entry in found.items() if entry.text}


def path_of(language: Language) -> Path:
    """Return the file of a language."""
    return FOLDER / f"{language}.po"


def parse_catalogue(text: str) -> dict[str, Entry]:
    """Read the text of a `.po` file, without its head."""
    blocks = (block.splitlines() for block in re.split(r"\n\s*\n", text.strip()))
    found = dict(_entry(lines) for lines in blocks)
    found.pop("", None)
    return found


def _entry(lines: list[str]) -> tuple[str, Entry]:
    notes = [line for line in lines if line.startswith("# ")]
    said = {"msgid": "", "msgstr": ""}
    for name, part in _parts(lines):
        said[name] += part
    drafts = [note for note in notes if note.startswith(_DRAFT)]
    note = drafts[0].removeprefix(_DRAFT).lstrip(": ") if drafts else ""
    return said["msgid"], Entry(said["msgstr"], is_draft=bool(drafts), note=note)


def _parts(lines: list[str]) -> Iterator[tuple[str, str]]:
    name = "msgid"
    for line in lines:
        part = _PART.fullmatch(line)
        if part:
            name = part[1] or name
            # The quoting of a .po file is that of a Python literal.
            yield name, ast.literal_eval(part[2])
