"""Random tokens that nobody guesses, and the hash under which they are kept."""

import secrets
from hashlib import sha256

_BYTES = 32


def make_token() -> str:
    """Return 256 random bits as text for a cookie or an address."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """Return what stands in the database instead of a token."""
    return sha256(token.encode(errors="replace")).hexdigest()
