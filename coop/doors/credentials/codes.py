"""Six-digit codes of a steward's phone: RFC 6238 with SHA-1 and 30 seconds, by the stdlib."""

import base64
import binascii
import hmac
import secrets
import struct
from hashlib import sha1
from urllib.parse import quote

STEP_S = 30
_DIGITS = 6
_SECRET_BYTES = 20
_NEAR = (0, -1, 1)
"""Steps around now that are taken, for phones whose clock is a little off."""


def make_secret() -> str:
    """Return a new secret, as authenticators type it."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Say whether a text can be a secret that was made here."""
    try:
        return len(base64.b32decode(text.encode(errors="replace"))) == _SECRET_BYTES
    except binascii.Error:
        return False


def code_at(secret: str, step: int) -> str:
    """Return the code of one step of 30 s since 1970."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def matching_step(secret: str, code: str, now_s: int, after_step: int) -> int | None:
    """Return the step a code belongs to; none for a code that was used, which is up to a step."""
    told = "".join(code.split()).encode(errors="replace")
    for near in _NEAR:
        step = now_s // STEP_S + near
        if step > after_step and hmac.compare_digest(code_at(secret, step).encode(), told):
            return step
    return None


def enrolment(secret: str, steward: str, issuer: str) -> str:
    """Return the address that an authenticator reads from a QR code."""
    label = quote(f"{issuer}:{steward}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}"
