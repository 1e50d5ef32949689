"""Keeps a spreadsheet from taking a text for a formula."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """Return a text that begins with nothing a spreadsheet would compute."""
    return f"'{text}" if text.startswith(_FORMULA) else text
