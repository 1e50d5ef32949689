"""What a key would have done with measured energy: joins the files, shares every slot, adds up.

Reads no file and prints nothing; how a slot is shared is decided in `allocation`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from coop.allocation import Energy, Home, Method, Missing, Rules, Shared, Sharing, Status
from coop.allocation.checks import find_problems
from coop.errors import InputError
from coop.series import Series, too_many
from coop.slots import moment_of
from coop.strict_json import suggestion

POOL = "pool"
"""The column of a shared roof."""

MOST_SLOTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """The energy of a community, slot after slot, homes in the order of their ids."""

    slot_s: int
    starts_s: range
    ids: tuple[str, ...]
    shared_roof: Sequence[int | None]
    production: Sequence[Sequence[int | None]]
    """Slot by slot, what the roof of each home made."""
    consumption: Sequence[Sequence[int | None]]

    def between(self, start_s: int, end_s: int) -> "Measured":
        """Return the slots that start in [start, end); raise InputError if there is none."""
        inside = [i for i, at_s in enumerate(self.starts_s) if start_s <= at_s < end_s]
        if not inside:
            first, last = moment_of(self.starts_s[0]), moment_of(self.starts_s[-1])
            raise InputError(
                f"--month: no slot of it in the files; they reach from {first:%FT%RZ}"
                f" to {last:%FT%RZ}"
            )
        part = slice(inside[0], inside[-1] + 1)
        return Measured(
            self.slot_s,
            self.starts_s[part],
            self.ids,
            self.shared_roof[part],
            self.production[part],
            self.consumption[part],
        )


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


def join(production: Series, consumption: Series, slot_minutes: int | None = None) -> Measured:
    """Lay both files on one row of slots; a row that is not there is missing, not zero."""
    ids = tuple(sorted(consumption.columns))
    _refuse_odd_columns(production, consumption)
    slot_s = _slot_s((production, consumption), slot_minutes)
    starts_s = _slots((production, consumption), slot_s)
    roofs = {name: _laid(production, name, starts_s) for name in production.columns}
    nothing = [0] * len(starts_s)
    homes = [_laid(consumption, name, starts_s) for name in ids]
    return Measured(
        slot_s,
        starts_s,
        ids,
        roofs.get(POOL, nothing),
        list(zip(*(roofs.get(name, nothing) for name in ids), strict=True)),
        list(zip(*homes, strict=True)),
    )


def refuse_other_homes(homes: Sequence[Home], measured: Measured) -> None:
    """Raise InputError unless a key lists each measured home once, and no other."""
    listed, known = {home.id for home in homes}, set(measured.ids)
    problems = [f"home {one} has no column of consumption" for one in sorted(listed - known)]
    problems += [f"home {one} is missing" for one in sorted(known - listed)]
    # What is wrong with homes is so for every method; `equal` asks nothing more.
    problems += find_problems(Rules(Method.EQUAL), sorted(homes, key=lambda home: home.id))
    if problems:
        raise InputError(*too_many([f"--weights: {one}" for one in problems]))


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


def _refuse_odd_columns(production: Series, consumption: Series) -> None:
    homes = consumption.columns
    problems = [
        f"{production.source}: column {name}: {consumption.source} has no such home"
        f"{suggestion(name, homes)}"
        for name in production.columns
        if name not in homes and name != POOL
    ]
    if POOL in homes:
        problems.append(
            f"{consumption.source}: column {POOL}: names a shared roof, so no home can have this id"
        )
    if problems:
        raise InputError(*too_many(problems))


def _slot_s(files: Sequence[Series], slot_minutes: int | None) -> int:
    steps_s = [later - early for file in files for early, later in pairwise(file.starts_s)]
    if slot_minutes is None and not steps_s:
        raise InputError("--slot-minutes: the files have one row, so say how long a slot is")
    slot_s = min(steps_s) if slot_minutes is None else slot_minutes * 60
    if steps_s and min(steps_s) != slot_s:
        raise InputError(
            f"--slot-minutes: found {slot_minutes}, but the rows are {min(steps_s) / 60:g} minutes"
            " apart; leave it out, or give files of that length"
        )
    return slot_s


def _slots(files: Sequence[Series], slot_s: int) -> range:
    first_s = min(file.starts_s[0] for file in files)
    starts_s = range(first_s, max(file.starts_s[-1] for file in files) + slot_s, slot_s)
    problems = [
        f"{file.source}: line {line}, column 1: not on the row of slots of {slot_s / 60:g} minutes"
        f" that begins at {moment_of(first_s):%FT%RZ}"
        for file in files
        for line, at_s in zip(file.lines, file.starts_s, strict=True)
        if (at_s - first_s) % slot_s
    ]
    if not problems and not set(files[0].starts_s) & set(files[1].starts_s):
        problems.append(f"{files[0].source} and {files[1].source} have no slot in common")
    if not problems and len(starts_s) > MOST_SLOTS:
        problems.append(f"{files[0].source}: {len(starts_s)} slots; allowed: up to {MOST_SLOTS}")
    if problems:
        raise InputError(*too_many(problems))
    return starts_s


def _laid(file: Series, name: str, starts_s: range) -> Sequence[int | None]:
    column = file.columns[name]
    if len(column) == len(starts_s):
        return column
    known: Mapping[int, int | None] = dict(zip(file.starts_s, column, strict=True))
    return [known.get(at_s) for at_s in starts_s]
