"""Reads what stands in addresses and forms; other rooms decide what it means."""


def whole(text: str, digits: int = 9) -> int | None:
    """Return what plain digits say, at most so many of them; None of anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
