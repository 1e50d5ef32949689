"""Lays a file of production and one of consumption on one row of slots.

Decides which slots there are and what is missing in them; knows no key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coop.errors import InputError
from coop.slots import moment_of
from coop.trial.series import Series, too_many
from coop.trial.strict_json import suggestion

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
