"""The meters that a steward keeps an eye on, each with the name of whom it counts for."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from coop.database.schema import home, meter, roof
from coop.members.community import OF_ROOFS, Counts, Validity


@dataclass(frozen=True, slots=True)
class Watched:
    """One counter of a home or a roof, for a time."""

    device: str
    quantity: str
    counts: Counts
    owner: str
    """The name of the home or roof."""
    owner_id: str
    validity: Validity

    @property
    def is_roof(self) -> bool:
        """Say whether it is a roof's, not a home's."""
        return self.counts in OF_ROOFS

    @property
    def name(self) -> str:
        """Return the name under which its energy stands in the books."""
        return f"{self.device}/{self.quantity}"


def read_watched(connection: Connection) -> list[Watched]:
    """Return all meters of all times, roofs first, then by owner; one statement."""
    wanted = (
        select(meter, home.c.name.label("home_name"), roof.c.name.label("roof_name"))
        .select_from(
            meter.outerjoin(home, meter.c.home_id == home.c.id).outerjoin(
                roof, meter.c.roof_id == roof.c.id
            )
        )
        .order_by(meter.c.device, meter.c.quantity, meter.c.valid_from_s)
    )
    found = [
        Watched(
            row.device,
            row.quantity,
            Counts(row.counts),
            row.roof_name or row.home_name or "",
            row.roof_id or row.home_id,
            Validity(row.valid_from_s, row.valid_to_s),
        )
        for row in connection.execute(wanted)
    ]
    return sorted(found, key=lambda one: (not one.is_roof, one.owner, one.name))
