"""What a key would have done with measured energy: shares every slot and adds up.

Reads no file and prints nothing; how a slot is shared is decided in `allocation`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coop.allocation import Energy, Home, Method, Missing, Rules, Shared, Sharing, Status
from coop.allocation.checks import find_problems
from coop.errors import InputError
from coop.slots import moment_of
from coop.trial.measured import Measured
from coop.trial.series import too_many


@dataclass(slots=True)
class HomeSum:
    """One home's energy over all slots that could be shared."""

    consumption_wh: int = 0
    own_use_wh: int = 0
    allocated_wh: int = 0
    residual_grid_wh: int = 0


@dataclass(slots=True)
class Trial:
    """What one method would have done.

    Own use + allocated + set aside + surplus = production; unsettled slots are only counted.
    """

    method: Method
    slots: int
    settled_slots: int = 0
    provisional_slots: int = 0
    unsettled_slots: int = 0
    production_wh: int = 0
    own_use_wh: int = 0
    pool_wh: int = 0
    allocated_wh: int = 0
    set_aside_wh: int = 0
    surplus_wh: int = 0
    fund_tenths_wh: int = 0
    residual_grid_wh: int = 0
    homes: dict[str, HomeSum] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """What the books hold of a month: its energy, the key at its end, what each home was given."""

    measured: Measured
    rules: Rules
    homes: tuple[Home, ...]
    """All homes of the month; who is in the key no more has the weight 0."""
    booked: Mapping[str, HomeSum]


def refuse_other_homes(homes: Sequence[Home], measured: Measured) -> None:
    """Raise InputError unless a key lists each measured home once, and no other."""
    listed, known = {home.id for home in homes}, set(measured.ids)
    problems = [f"home {one}: was not measured; take it out" for one in sorted(listed - known)]
    problems += [f"home {one}: is missing; write a line for it" for one in sorted(known - listed)]
    # What is wrong with homes is so for every method; `equal` asks nothing more.
    problems += find_problems(Rules(Method.EQUAL), sorted(homes, key=lambda home: home.id))
    if problems:
        raise InputError(*too_many(problems))


def try_key(rules: Rules, homes: Sequence[Home], measured: Measured) -> Trial:
    """Share every slot by a key that lists the homes measured, and add up.

    Raises InputError if the key cannot be used.
    """
    sharing = Sharing.prepare(rules, homes)
    sums = _Sums.of_homes(len(measured.ids))
    trial = Trial(rules.method, len(measured.starts_s))
    for energy, shared in _shared(sharing, measured):
        _add(trial, energy, shared)
        sums.add(energy, shared)
    trial.unsettled_slots = trial.slots - trial.settled_slots - trial.provisional_slots
    trial.homes = dict(zip(measured.ids, sums.by_home(), strict=True))
    trial.residual_grid_wh = sum(home.residual_grid_wh for home in trial.homes.values())
    return trial


class _Sums(NamedTuple):
    consumption: list[int]
    own: list[int]
    given: list[int]

    @classmethod
    def of_homes(cls, count: int) -> "_Sums":
        return cls([0] * count, [0] * count, [0] * count)

    def add(self, energy: Energy, shared: Shared) -> None:
        used = [need or 0 for need in energy.consumption_wh]
        for column, parts in zip(self, (used, shared.own_use_wh, shared.allocated_wh), strict=True):
            column[:] = map(int.__add__, column, parts)

    def by_home(self) -> Iterator[HomeSum]:
        for used, own, given in zip(*self, strict=True):
            yield HomeSum(used, own, given, used - own - given)


def _shared(sharing: Sharing, measured: Measured) -> Iterator[tuple[Energy, Shared]]:
    policy = sharing.rules.missing
    rows = zip(
        measured.starts_s,
        measured.shared_roof,
        measured.production,
        measured.consumption,
        strict=True,
    )
    for start_s, roof_wh, made, used in rows:
        if None in used and policy is Missing.ESTIMATE:
            home = measured.ids[used.index(None)]
            raise InputError(
                f"--missing estimate: {home} is missing at {moment_of(start_s):%FT%RZ} and the"
                " files hold no estimates; choose reserve, exclude or hold"
            )
        if roof_wh is None or None in made or (None in used and policy is Missing.HOLD):
            continue
        energy = Energy(start_s // measured.slot_s, roof_wh, made, used)  # type: ignore[arg-type]  # just checked
        yield energy, sharing.share(energy)


def _add(trial: Trial, energy: Energy, shared: Shared) -> None:
    if shared.status is Status.SETTLED:
        trial.settled_slots += 1
    else:
        trial.provisional_slots += 1
    trial.production_wh += energy.production_wh + sum(energy.home_production_wh)
    trial.own_use_wh += sum(shared.own_use_wh)
    trial.pool_wh += shared.pool_wh
    trial.allocated_wh += sum(shared.allocated_wh)
    trial.set_aside_wh += sum(shared.set_aside_wh)
    trial.surplus_wh += shared.surplus_wh
    trial.fund_tenths_wh += shared.fund_tenths_wh
