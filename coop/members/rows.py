"""Members, homes, roofs, meters and prosumers as they stand in the database."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from coop.database.schema import home, member, meter, prosumer, roof
from coop.members.community import (
    Community,
    Counts,
    Home,
    Member,
    Meter,
    Prosumer,
    Roof,
    Validity,
)


def read_register(connection: Connection, *, with_roofs: bool = True) -> Community:
    """Return members, homes, roofs and meters, without keys and what was read by hand."""
    roofs = connection.execute(select(roof).order_by(roof.c.id)) if with_roofs else ()
    return Community(
        tuple(Member(*row) for row in connection.execute(select(member).order_by(member.c.id))),
        tuple(Home(*row) for row in connection.execute(select(home).order_by(home.c.id))),
        tuple(Roof(*row) for row in roofs),
        read_meters(connection),
    )


def read_meters(connection: Connection) -> tuple[Meter, ...]:
    """Return the meters of any time, in the order of their entry."""
    return tuple(_meter(row) for row in connection.execute(select(meter).order_by(meter.c.id)))


def read_prosumers(connection: Connection) -> tuple[Prosumer, ...]:
    """Return the prosumers of any time, in the order of their entry."""
    return tuple(
        Prosumer(row.home_id, row.decision, Validity(row.valid_from_s, row.valid_to_s))
        for row in connection.execute(select(prosumer).order_by(prosumer.c.id))
    )


def _meter(row: Any) -> Meter:  # noqa: ANN401  a row of meter
    validity = Validity(row.valid_from_s, row.valid_to_s)
    found = Meter(row.device, row.quantity, validity, row.home_id, row.roof_id)
    return found if found.counts == row.counts else replace(found, told=Counts(row.counts))
