"""The cards of households: one link opens one home, and can be revoked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from coop.database.schema import home
from coop.doors.credentials.tokens import digest, make_token
from coop.doors.tables import household_link, household_pin, visit
from coop.errors import InputError


@dataclass(frozen=True, slots=True)
class Card:
    """What a household's link opens."""

    link_id: int
    home_id: str
    pin_hash: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is listed; the token itself is known to its card only."""

    id: int
    home_id: str
    made_s: int
    revoked_s: int | None
    visits: int
    has_pin: bool


def make_link(connection: Connection, home_id: str, now_s: int) -> str:
    """Make one more link of a home and return its token; raise InputError for an unknown home."""
    _refuse_unknown(connection, home_id)
    token = make_token()
    connection.execute(
        insert(household_link).values(token_hash=digest(token), home_id=home_id, made_s=now_s)
    )
    return token


def find_card(connection: Connection, token: str) -> Card | None:
    """Return what a token opens, none if it was revoked."""
    wanted = (
        select(household_link.c.id, household_link.c.home_id, household_pin.c.hash)
        .outerjoin(household_pin, household_pin.c.home_id == household_link.c.home_id)
        .where(household_link.c.token_hash == digest(token), household_link.c.revoked_s.is_(None))
    )
    found = connection.execute(wanted).one_or_none()
    return Card(*found) if found else None


def read_links(connection: Connection) -> Sequence[Link]:
    """Return all links by home, with how many visits each has now."""
    visits = (
        select(func.count())
        .select_from(visit)
        .where(visit.c.link_id == household_link.c.id)
        .scalar_subquery()
    )
    wanted = (
        select(
            household_link.c.id,
            household_link.c.home_id,
            household_link.c.made_s,
            household_link.c.revoked_s,
            visits,
            household_pin.c.home_id.is_not(None),
        )
        .outerjoin(household_pin, household_pin.c.home_id == household_link.c.home_id)
        .order_by(household_link.c.home_id, household_link.c.id)
    )
    return [Link(*row) for row in connection.execute(wanted)]


def revoke_links(connection: Connection, home_id: str, now_s: int) -> int:
    """End all links, visits and the PIN of a home; return how many links were open."""
    _refuse_unknown(connection, home_id)
    open_links = (household_link.c.home_id == home_id) & household_link.c.revoked_s.is_(None)
    ended = connection.execute(update(household_link).where(open_links).values(revoked_s=now_s))
    connection.execute(delete(visit).where(visit.c.home_id == home_id))
    connection.execute(delete(household_pin).where(household_pin.c.home_id == home_id))
    return ended.rowcount


def set_pin(connection: Connection, home_id: str, kept: str | None, now_s: int) -> None:
    """Ask for the PIN of this hash whenever the home's card is opened; None asks for none."""
    connection.execute(delete(household_pin).where(household_pin.c.home_id == home_id))
    if kept is not None:
        connection.execute(insert(household_pin).values(home_id=home_id, hash=kept, set_s=now_s))


def _refuse_unknown(connection: Connection, home_id: str) -> None:
    ids = connection.execute(select(home.c.id).order_by(home.c.id)).scalars().all()
    if home_id not in ids:
        raise InputError(
            f"home {home_id}: not registered; homes: {', '.join(ids) or 'none'}; enter it first: "
            "minga member add-home"
        )
