"""One visit: of whom it is, how long it holds while nobody stirs, and when it ends at most."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from coop.database.schema import home, steward
from coop.doors.credentials.tokens import digest, make_token
from coop.doors.tables import visit

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Term:
    """How long a visit may be idle, and how long it lasts at most, in seconds."""

    idle_s: int
    most_s: int


OF_STEWARDS = Term(30 * MINUTE_S, 12 * HOUR_S)
OF_HOUSEHOLDS = Term(30 * DAY_S, 365 * DAY_S)

_LOOKS = 30
"""A visit is noted as seen again after this part of its idle time, not with every page."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who came in: a household or a steward."""

    home_id: str | None
    steward_id: str | None
    form_key: str
    began_s: int
    seen_s: int
    ends_s: int
    name: str = ""
    """How the household or the steward is called."""

    @property
    def term(self) -> Term:
        """Return how long such a visit lasts."""
        return OF_HOUSEHOLDS if self.steward_id is None else OF_STEWARDS

    def is_over(self, now_s: int) -> bool:
        """Say whether it ended, by idleness or by age."""
        return now_s >= self.ends_s or now_s - self.seen_s >= self.term.idle_s

    def is_worth_noting(self, now_s: int) -> bool:
        """Say whether `seen_s` is old enough to be written again."""
        return now_s - self.seen_s >= self.term.idle_s // _LOOKS


@dataclass(frozen=True, slots=True)
class Guest:
    """Of whom a new visit is: a household, maybe by one of its links, or a steward."""

    home_id: str | None = None
    steward_id: str | None = None
    link_id: int | None = None


_IN_OFFICE = (steward.c.valid_from_s <= bindparam("office_s")) & or_(
    steward.c.valid_to_s.is_(None), steward.c.valid_to_s > bindparam("office_s")
)
_OF_TOKEN = (
    select(
        visit.c.home_id,
        visit.c.steward_id,
        visit.c.form_key,
        visit.c.began_s,
        visit.c.seen_s,
        visit.c.ends_s,
        func.coalesce(steward.c.name, home.c.name),
    )
    .outerjoin(steward, visit.c.steward_id == steward.c.id)
    .outerjoin(home, visit.c.home_id == home.c.id)
    .where(
        visit.c.token_hash == bindparam("token_hash"),
        or_(visit.c.steward_id.is_(None), _IN_OFFICE),
    )
)
"""Every page asks this, so it is put together once."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What the browser of a new visit keeps, and for how long at most."""

    token: str
    lasts_s: int


def begin_visit(connection: Connection, guest: Guest, now_s: int) -> Pass:
    """Enter a visit with a new token; visits that are over are swept out."""
    _sweep(connection, now_s)
    term = OF_HOUSEHOLDS if guest.steward_id is None else OF_STEWARDS
    given = Pass(make_token(), term.most_s)
    connection.execute(
        insert(visit).values(
            token_hash=digest(given.token),
            home_id=guest.home_id,
            steward_id=guest.steward_id,
            link_id=guest.link_id,
            form_key=make_token(),
            began_s=now_s,
            seen_s=now_s,
            ends_s=now_s + term.most_s,
        )
    )
    return given


def find_visit(connection: Connection, token: str, office_s: int) -> Visit | None:
    """Return the visit of a token in one statement; none of a steward who is not in office."""
    asked = {"token_hash": digest(token), "office_s": office_s}
    found = connection.execute(_OF_TOKEN, asked).one_or_none()
    return Visit(*found) if found else None


def note_seen(connection: Connection, token: str, now_s: int) -> None:
    """Write that somebody stirred."""
    held = visit.c.token_hash == digest(token)
    connection.execute(update(visit).where(held).values(seen_s=now_s))


def end_visit(connection: Connection, token: str) -> None:
    """Let a visit end; one that is none is let be."""
    connection.execute(delete(visit).where(visit.c.token_hash == digest(token)))


def _sweep(connection: Connection, now_s: int) -> None:
    idle = or_(
        visit.c.seen_s <= now_s - OF_HOUSEHOLDS.idle_s,
        visit.c.steward_id.is_not(None) & (visit.c.seen_s <= now_s - OF_STEWARDS.idle_s),
    )
    connection.execute(delete(visit).where(or_(visit.c.ends_s <= now_s, idle)))
