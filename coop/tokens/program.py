"""One token of a program: what it reads, until when it holds, and when it was last used."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from coop.database.schema import home
from coop.doors.credentials.tokens import digest, make_token
from coop.doors.deeds import CONSOLE, Deed, What, note
from coop.errors import InputError
from coop.tokens.tables import program_token

PREFIX = "minga_"
"""With what every token begins, so that one that leaked is known for what it is."""

DAY_S = 86_400
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Program:
    """A token that was given to a program; `home_id` is None where it reads the community."""

    id: int
    name: str
    home_id: str | None
    made_s: int
    ends_s: int
    used_s: int | None = None
    """The beginning of the UTC day on which it was last used."""
    revoked_s: int | None = None

    def holds(self, now_s: int) -> bool:
        """Say whether it lets a program in."""
        return self.revoked_s is None and now_s < self.ends_s


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a token shall be for."""

    name: str
    home_id: str | None
    ends_s: int


def add_program(connection: Connection, wanted: Wanted, now_s: int) -> str:
    """Enter a program and return its token, which nobody can read again; raise InputError."""
    _check(connection, wanted, now_s)
    token = PREFIX + make_token()
    connection.execute(
        insert(program_token).values(
            token_hash=digest(token),
            name=wanted.name,
            home_id=wanted.home_id,
            made_s=now_s,
            ends_s=wanted.ends_s,
        )
    )
    reads = wanted.home_id or "community"
    note(connection, Deed(now_s, CONSOLE, What.TOKEN_MADE, f"{wanted.name}: {reads}"))
    return token


def read_programs(connection: Connection) -> Sequence[Program]:
    """Return every program that ever had a token, in the order in which they got one."""
    return [Program(*row) for row in connection.execute(_SELECT.order_by(program_token.c.id))]


def find_program(connection: Connection, token: str) -> Program | None:
    """Return the program of a token, whether it still holds or not."""
    wanted = _SELECT.where(program_token.c.token_hash == digest(token))
    found = connection.execute(wanted).one_or_none()
    return Program(*found) if found else None


def note_used(connection: Connection, number: int, now_s: int) -> None:
    """Write on which day a program last came."""
    of_it = update(program_token).where(program_token.c.id == number)
    connection.execute(of_it.values(used_s=day_s(now_s)))


def revoke_program(connection: Connection, name: str, now_s: int) -> None:
    """Let the token of a program hold no longer; raise InputError where there is none to revoke."""
    standing = (program_token.c.name == name) & program_token.c.revoked_s.is_(None)
    done = connection.execute(update(program_token).where(standing).values(revoked_s=now_s))
    if not done.rowcount:
        held = [one.name for one in read_programs(connection) if one.revoked_s is None]
        raise InputError(
            f"token {name!r}: there is none to revoke; found {', '.join(held) or 'no token'}; "
            "`minga token list` shows all"
        )
    note(connection, Deed(now_s, CONSOLE, What.TOKEN_REVOKED, name))


def day_s(at_s: int) -> int:
    """Return the beginning of the UTC day of a moment."""
    return at_s - at_s % DAY_S


_SELECT = select(
    program_token.c.id,
    program_token.c.name,
    program_token.c.home_id,
    program_token.c.made_s,
    program_token.c.ends_s,
    program_token.c.used_s,
    program_token.c.revoked_s,
)


def _check(connection: Connection, wanted: Wanted, now_s: int) -> None:
    problems = []
    if not 0 < len(wanted.name) <= LONGEST_NAME or not wanted.name.isprintable():
        problems.append(f"NAME {wanted.name!r}: allowed: 1 to {LONGEST_NAME} letters on one line")
    if any(one.name == wanted.name and one.holds(now_s) for one in read_programs(connection)):
        problems.append(
            f"NAME {wanted.name!r}: a token of this name holds; take another, or revoke that one"
        )
    homes = connection.execute(select(home.c.id).order_by(home.c.id)).scalars().all()
    if wanted.home_id is not None and wanted.home_id not in homes:
        problems.append(
            f"--home {wanted.home_id!r}: there is no such home; found {', '.join(homes) or 'none'}"
        )
    if wanted.ends_s <= now_s:
        problems.append("--until: that day is over; name the last day on which it shall hold")
    if problems:
        raise InputError(*problems)
