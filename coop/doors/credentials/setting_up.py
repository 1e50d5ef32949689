"""The one-time code by which the first steward gets a password; there is no default account."""

import secrets

from sqlalchemy import Connection, delete, insert, select, update

from coop.doors.credentials.keys import has_keys
from coop.doors.credentials.tokens import digest
from coop.doors.tables import setup_code

HOLDS_S = 30 * 60
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 4, 4


def offer_code(connection: Connection, now_s: int) -> str | None:
    """Return a new code and forget earlier ones; None when a steward can sign in already."""
    connection.execute(delete(setup_code))
    if has_keys(connection):
        return None
    code = "".join(secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP))
    connection.execute(insert(setup_code).values(hash=digest(code), ends_s=now_s + HOLDS_S))
    return "-".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def is_open(connection: Connection) -> bool:
    """Say whether a first steward is still awaited."""
    return not has_keys(connection)


def find_code(connection: Connection, told: str, now_s: int) -> int | None:
    """Return the id of a code that holds, however it is written."""
    bare = "".join(char for char in told.upper()[:64] if char.isalnum())
    wanted = select(setup_code.c.id).where(
        setup_code.c.hash == digest(bare),
        setup_code.c.ends_s > now_s,
        setup_code.c.used_s.is_(None),
    )
    found: int | None = connection.execute(wanted).scalar_one_or_none()
    return found


def use_code(connection: Connection, code_id: int, now_s: int) -> None:
    """Let a code hold no longer."""
    connection.execute(update(setup_code).where(setup_code.c.id == code_id).values(used_s=now_s))
