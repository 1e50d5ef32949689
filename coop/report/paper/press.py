"""The only user of Typst and pikepdf: `python press.py TEMPLATE`, data as JSON in, a PDF out.

It runs as a process of its own for each print: Typst keeps what it set in memory for ever, seventy
megabytes in whichever process loads it. It takes nothing of Minga.
"""

import logging
import sys
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parent


def press(template: str, data: str) -> bytes:
    """Return a PDF/UA-1 of a template of this folder; the same data gives the same bytes."""
    # It would greet on the terminal of whoever prints a report.
    logging.getLogger("pikepdf").setLevel(logging.WARNING)
    import pikepdf  # noqa: PLC0415  it greets when it is loaded
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


if __name__ == "__main__":
    sys.stdout.buffer.write(press(sys.argv[1], sys.stdin.buffer.read().decode()))
