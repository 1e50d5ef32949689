"""Who did what and when: insert-only, for stewards and auditors to read.

What a stranger typed is cut short and loses whatever is no letter, digit or sign, so that it can
neither forge a line of a log nor hide in one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from coop.doors.tables import deed

LONGEST = 200
STRANGER, CONSOLE = "stranger", "console"


class What(StrEnum):
    """What somebody did, or tried to do."""

    CAME_IN = "came-in"
    REFUSED = "refused"
    LEFT = "left"
    DENIED = "denied"
    ACTED = "acted"
    CARD_MADE = "card-made"
    CARDS_REVOKED = "cards-revoked"
    PIN_SET = "pin-set"
    PIN_REMOVED = "pin-removed"
    PASSWORD_SET = "password-set"  # noqa: S105  a deed, no password
    CODES_ON = "codes-on"
    CODES_OFF = "codes-off"
    SET_UP = "set-up"
    TOKEN_MADE = "token-made"  # noqa: S105  as above
    TOKEN_REVOKED = "token-revoked"  # noqa: S105  as above


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the record."""

    at_s: int
    who: str
    what: What
    text: str = ""
    id: int | None = None
    """Its number in the record; none before it stands there."""


def of_steward(name: str) -> str:
    """Name a steward, or whoever calls themselves one, in the record."""
    return f"steward:{encode(name.strip().lower())[:64]}"


def of_home(home_id: str) -> str:
    """Name a household in the record."""
    return f"home:{home_id}"


def note(connection: Connection, done: Deed) -> None:
    """Write a deed down."""
    connection.execute(
        insert(deed).values(
            at_s=done.at_s, who=done.who, what=done.what, text=encode(done.text)[:LONGEST]
        )
    )


def read_deeds(connection: Connection, most: int, before: int | None = None) -> Sequence[Deed]:
    """Return the newest deeds first, of those older than deed `before`."""
    wanted = select(deed.c.at_s, deed.c.who, deed.c.what, deed.c.text, deed.c.id)
    if before is not None:
        wanted = wanted.where(deed.c.id < before)
    rows = connection.execute(wanted.order_by(deed.c.id.desc()).limit(most))
    return [Deed(at_s, who, What(what), text, id_) for at_s, who, what, text, id_ in rows]


def failures(connection: Connection, who: str, since_s: int) -> Sequence[int]:
    """Return when somebody was refused since then and since they last came in, oldest first."""
    wanted = (
        select(deed.c.at_s, deed.c.what)
        .where(deed.c.what.in_((What.CAME_IN, What.REFUSED)), deed.c.who == who)
        .where(deed.c.at_s > since_s)
        .order_by(deed.c.id)
    )
    found: list[int] = []
    for at_s, what in connection.execute(wanted):
        found = [*found, at_s] if what == What.REFUSED else []
    return found


def encode(text: str) -> str:
    """Return a text in which everything that does not print is written out."""
    return "".join(
        char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[: LONGEST * 2]
    )
