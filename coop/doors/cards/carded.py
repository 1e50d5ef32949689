"""Which homes have cards: what a steward looks at before cards are made or ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from coop.database.schema import home
from coop.doors.tables import household_link, household_pin, visit


@dataclass(frozen=True, slots=True)
class CardedHome:
    """A home, its cards that open, and when the newest of them was made."""

    id: str
    name: str
    cards: int
    made_s: int | None
    visits: int
    has_pin: bool


@dataclass(frozen=True, slots=True)
class Carded:
    """All homes by id, and the newest card of any."""

    homes: Sequence[CardedHome]
    newest: int
    """The id of the newest card; 0 before there is one."""


def read_carded(connection: Connection) -> Carded:
    """Return every home with its cards, in one statement."""
    link, is_open = household_link.c, household_link.c.revoked_s.is_(None)
    visits = select(func.count()).select_from(visit).where(visit.c.home_id == home.c.id)
    wanted = (
        select(
            home.c.id,
            home.c.name,
            func.count(link.id).filter(is_open),
            func.max(link.made_s).filter(is_open),
            visits.scalar_subquery(),
            func.count(household_pin.c.home_id) > 0,
            func.coalesce(func.max(link.id), 0),
        )
        .select_from(home)
        .outerjoin(household_link, link.home_id == home.c.id)
        .outerjoin(household_pin, household_pin.c.home_id == home.c.id)
        .group_by(home.c.id, home.c.name)
        .order_by(home.c.id)
    )
    rows = connection.execute(wanted).all()
    return Carded(
        [CardedHome(*row[:-1]) for row in rows], max((row[-1] for row in rows), default=0)
    )


def were_carded_since(connection: Connection, homes: Collection[str], newest: int) -> bool:
    """Say whether one of these homes got a card after the card `newest` was made."""
    link = household_link.c
    wanted = select(func.count()).where(link.home_id.in_(homes), link.id > newest)
    return bool(connection.execute(wanted).scalar_one())
