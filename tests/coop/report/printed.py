"""What a PDF says: its words as a reader would copy them, and its pages."""

import re
import subprocess
from io import BytesIO

import pikepdf

from tests.requirements import require_program


def words_of(printed: bytes) -> str:
    """Return the text of a PDF on one line."""
    program = require_program("pdftotext")
    done = subprocess.run(
        [program, "-raw", "-", "-"], input=printed, capture_output=True, check=True
    )
    return re.sub(r"\s+", " ", done.stdout.decode())


def pages_of(printed: bytes) -> int:
    """Return how many pages a PDF has."""
    with pikepdf.open(BytesIO(printed)) as document:
        return len(document.pages)
