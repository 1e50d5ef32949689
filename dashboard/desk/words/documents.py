"""What programs get of phrases: JSON and CSV, field by field."""

from collections.abc import Sequence
from dataclasses import asdict

from coop.desk import PhraseLine
from coop.words import Language
from dashboard.documents import Document, csv_text

_HEAD = ("english", "spanish", "text", "draft", "corrected")


def phrases_document(language: Language, lines: Sequence[PhraseLine]) -> Document:
    """Return phrases of a language."""
    return {"language": language, "phrases": [asdict(one) for one in lines]}


def phrases_csv(lines: Sequence[PhraseLine]) -> str:
    """Return phrases of a language, one a line."""
    rows = [
        (one.message, one.meaning, one.text or "", one.draft or "", "yes" * one.is_corrected)
        for one in lines
    ]
    return csv_text(_HEAD, rows)
