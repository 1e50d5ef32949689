"""What of a day may be told, so that no sum gives away fewer than five homes. Pure.

It is decided day by day, and a month or a year adds up only what its days tell: so nothing more
can be had by taking days from months.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coop.days import DaySum, Registered, RegisteredRoof
from coop.days.registered import Present
from dashboard.public.live import FEWEST_HOMES


@dataclass(frozen=True, slots=True)
class ToldDay:
    """A summed day, and what of it may be told."""

    sums: DaySum
    is_told: bool
    """Whether any figure may be told."""
    tells_own_use: bool
    """Whether own use may be told apart from what was shared."""
    tells_roofs: bool
    """Whether roofs may be told apart."""

    @property
    def has_figures(self) -> bool:
        """Say whether there is a figure that may be told."""
        return self.is_told and self.sums.produced_wh is not None


class Share(StrEnum):
    """Whose production it is."""

    ROOF = "roof"
    """One roof of the community's."""
    HOMES = "homes"
    """All roofs of homes, and what prosumers fed in, together."""
    UNTOLD = "untold"
    """Of days on which roofs are not told apart."""


@dataclass(frozen=True, slots=True)
class Made:
    """A part of what was produced; the parts of a stretch sum to it exactly."""

    share: Share
    made_wh: int
    id: str = ""
    name: str = ""


def tell_day(sums: DaySum, registered: Registered, at_s: int) -> ToldDay:
    """Decide what may be told of a day; `at_s` is its last moment, or now."""
    present = registered.at(at_s)
    return ToldDay(
        sums,
        is_told=len(present.homes) >= FEWEST_HOMES,
        tells_own_use=tells_own_use(sums, registered.roofs, present),
        tells_roofs=_tells_roofs(sums, registered.roofs),
    )


def tells_own_use(sums: DaySum, roofs: Mapping[str, RegisteredRoof], present: Present) -> bool:
    """Say whether nobody's own use stands almost alone: none has a roof, or five made something."""
    makers = {roof.owner for roof in _roofs(sums, roofs) if roof and roof.owner}
    return _is_nobody_or_many(len(present.owners)) and _is_nobody_or_many(len(makers))


def share_out(days: Iterable[ToldDay], roofs: Mapping[str, RegisteredRoof]) -> tuple[Made, ...]:
    """Return what each roof made in these days, by name, then homes together, then the rest."""
    by_roof = dict.fromkeys(sorted(one.id for one in roofs.values() if not one.owner), 0)
    homes_wh = untold_wh = 0
    for day in days:
        if not day.tells_roofs:
            untold_wh += day.sums.produced_wh or 0
            continue
        for account, wh in (day.sums.made or {}).items():
            roof = roofs.get(account.removeprefix(_ROOF))
            if roof and not roof.owner:
                by_roof[roof.id] += wh
            else:
                homes_wh += wh
    told = [Made(Share.ROOF, wh, roof, roofs[roof].name) for roof, wh in by_roof.items()]
    rest = (Made(Share.HOMES, homes_wh), Made(Share.UNTOLD, untold_wh))
    return (*sorted(told, key=lambda one: one.name), *(one for one in rest if one.made_wh))


_ROOF, _EXPORT = "roof:", "export:"


def _tells_roofs(sums: DaySum, roofs: Mapping[str, RegisteredRoof]) -> bool:
    """Say whether what is not the community's is nobody's or that of five homes."""
    made, held = sums.made or {}, _roofs(sums, roofs)
    if None in held or sum(made.values()) != (sums.produced_wh or 0):
        return False
    makers = {roof.owner for roof in held if roof and roof.owner}
    makers |= {account.removeprefix(_EXPORT) for account in made if account.startswith(_EXPORT)}
    return _is_nobody_or_many(len(makers))


def _roofs(sums: DaySum, roofs: Mapping[str, RegisteredRoof]) -> list[RegisteredRoof | None]:
    """Return the roofs that made something; None for one that nobody knows."""
    return [
        roofs.get(account.removeprefix(_ROOF))
        for account in sums.made or {}
        if account.startswith(_ROOF)
    ]


def _is_nobody_or_many(homes: int) -> bool:
    return homes == 0 or homes >= FEWEST_HOMES
