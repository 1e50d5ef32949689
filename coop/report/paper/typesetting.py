"""A template and its data become a tagged PDF, in a process of its own.

Data is never markup: it goes in as JSON, and the template takes it for text and numbers only.
"""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
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
    command = [sys.executable, "-P", str(FOLDER / "press.py"), template]
    made = subprocess.run(command, input=data.encode(), capture_output=True, check=False)  # noqa: S603  our own file
    if made.returncode:
        raise RuntimeError(f"{template}: {made.stderr.decode(errors='replace').strip()}")
    return made.stdout


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
