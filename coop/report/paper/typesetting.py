"""The only user of Typst and pikepdf: a template and its data become a tagged PDF.

Data is never markup: it goes in as JSON, and the template takes it for text and numbers only.
"""

import json
import logging
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

FOLDER = Path(__file__).parent
STAND_IN = "\N{WHITE SQUARE}"
"""Printed for a letter that no font here has; PDF/UA allows no letter without a shape."""

MOST_KEPT = 8
"""So many prints are kept: a whole assembly that asks for one costs no more than one."""

_one_at_a_time = Lock()
_LONG_WORD = re.compile(r"\S{24}(?=\S)")
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
"""Where a word that is longer than a column may go on in the next line."""
_PRINTED = (range(0x20, 0x500), range(0x1E00, 0x2000), range(0x2010, 0x2028), range(0x2030, 0x2041))
_PRINTED_ALONE = frozenset("\N{EURO SIGN}\N{MINUS SIGN}\N{WHITE SQUARE}\N{FRACTION SLASH}")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Cs", "Co", "Zl", "Zp"})


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return a PDF/UA-1 of a template of this folder; the same data gives the same bytes."""
    with _one_at_a_time:
        return _typeset(template, json.dumps(_printable(data)))


@lru_cache(maxsize=MOST_KEPT)
def _typeset(template: str, data: str) -> bytes:
    # It would greet on the terminal of whoever prints a report.
    logging.getLogger("pikepdf").setLevel(logging.WARNING)
    import pikepdf  # noqa: PLC0415  whoever prints nothing does not load it
    import typst  # noqa: PLC0415  as above

    made = typst.compile(
        FOLDER / template,
        root=FOLDER,
        sys_inputs={"data": data},
        format="pdf",
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
    packed = BytesIO()
    with pikepdf.open(BytesIO(made)) as document:
        document.save(
            packed,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            deterministic_id=True,
        )
    return packed.getvalue()


def forget() -> None:
    """Keep no print; the next one is made anew."""
    _typeset.cache_clear()


def printable(text: str) -> str:
    """Return a text in letters that the fonts have, on one line."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    shown = "".join(letter if _has_shape(letter) else STAND_IN for letter in plain)
    return _LONG_WORD.sub(rf"\g<0>{_MAY_BREAK}", shown)


def _has_shape(letter: str) -> bool:
    if letter in _PRINTED_ALONE:
        return True
    is_seen = unicodedata.category(letter) not in _UNSEEN
    return is_seen and any(ord(letter) in span for span in _PRINTED)


def _printable(value: Any) -> Any:  # noqa: ANN401  JSON of any shape
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: _printable(held) for name, held in value.items()}
    return [_printable(held) for held in value] if isinstance(value, list | tuple) else value
