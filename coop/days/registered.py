"""Which homes, roofs and owners are registered at any moment of a stretch of time."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from coop.database.schema import meter, roof
from coop.members.community import Counts, Validity


@dataclass(frozen=True, slots=True)
class RegisteredRoof:
    """A roof; `owner` is the home whose own it is, None of the community's."""

    id: str
    name: str
    owner: str | None


class Present(NamedTuple):
    """Who is there at one moment."""

    homes: frozenset[str] = frozenset()
    """Those that have a meter of their use."""
    owners: frozenset[str] = frozenset()
    """Homes with a roof of their own that is measured."""


class Held(NamedTuple):
    """One meter and whose it is."""

    validity: Validity
    counts: str
    home: str | None
    roof: RegisteredRoof | None


class Registered:
    """Answers for each moment of a stretch; looks once at each of its parts."""

    def __init__(self, held: Iterable[Held]) -> None:
        self._held = tuple(held)
        ends = (end for one in self._held for end in (one.validity.from_s, one.validity.to_s))
        self._borders = sorted({end for end in ends if end is not None})
        self._found: dict[int, Present] = {}
        self.roofs: Mapping[str, RegisteredRoof] = {
            one.roof.id: one.roof for one in self._held if one.roof
        }

    def at(self, at_s: int) -> Present:
        """Return who is registered at a moment."""
        place = bisect_right(self._borders, at_s)
        if place not in self._found:
            self._found[place] = self._look(at_s)
        return self._found[place]

    def _look(self, at_s: int) -> Present:
        now = [one for one in self._held if one.validity.holds_at(at_s)]
        return Present(
            frozenset(one.home for one in now if one.home and one.counts == Counts.USE),
            frozenset(
                one.roof.owner
                for one in now
                if one.roof and one.roof.owner and one.counts == Counts.PRODUCTION
            ),
        )


def read_registered(connection: Connection, start_s: int, end_s: int) -> Registered:
    """Return who is registered at any time in [start, end)."""
    wanted = (
        select(
            meter.c.valid_from_s,
            meter.c.valid_to_s,
            meter.c.counts,
            meter.c.home_id,
            roof.c.id,
            roof.c.name,
            roof.c.home_id,
        )
        .select_from(meter.outerjoin(roof, meter.c.roof_id == roof.c.id))
        .where(
            meter.c.valid_from_s < end_s,
            or_(meter.c.valid_to_s.is_(None), meter.c.valid_to_s > start_s),
        )
        .order_by(roof.c.id, meter.c.id)
    )
    return Registered(
        Held(
            Validity(from_s, to_s),
            counts,
            home,
            None if roof_id is None else RegisteredRoof(roof_id, name, owner),
        )
        for from_s, to_s, counts, home, roof_id, name, owner in connection.execute(wanted)
    )
