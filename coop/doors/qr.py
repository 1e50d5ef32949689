"""QR codes as text and as SVG, without a style that a page would have to allow.

The only user of segno.
"""

import io

import segno


def qr_text(content: str) -> str:
    """Return a QR code that a terminal shows."""
    told = io.StringIO()
    segno.make(content, error="m", micro=False).terminal(out=told, compact=True)
    return told.getvalue()


def qr_svg(content: str, title: str) -> str:
    """Return a QR code as an SVG element; its texts are escaped."""
    code = segno.make(content, error="m", micro=False)
    return code.svg_inline(
        title=title, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
