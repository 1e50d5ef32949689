"""The question of `minga share try`: which files or month, which methods can be tried on them.

Reads files; how energy is shared and added up is decided elsewhere.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from coop.allocation import Home, Method, Missing, OwnUse, Rules, Tie
from coop.allocation.checks import find_problems
from coop.errors import InputError
from coop.members.weights import read_weights
from coop.slots import local_month, unix_s
from coop.trial.comparison import Comparison, compare
from coop.trial.measured import Measured, join
from coop.trial.series import YEARS, Series, Unit, read_series
from coop.trial.strict_json import suggestion
from coop.trial.trial import HomeSum, OwnMonth, Trial, refuse_other_homes, try_key

BOOKS = "the books"

Progress = Callable[[int, int], None]
"""Told how many of how many methods are done."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A method that could not be tried, and why."""

    method: Method
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What each method would have done."""

    trials: tuple[Trial, ...]
    skipped: tuple[Skipped, ...]
    against: str
    """What the homes' figures are compared with: a method, or the books."""
    homes: Mapping[str, HomeSum]
    """What each home has there."""

    def comparisons(self) -> list[Comparison]:
        """Return who gains and who loses by each method."""
        return [compare(trial, self.homes, self.against) for trial in self.trials]


@dataclass(frozen=True, slots=True)
class Question:
    """The options of the command, as they were given."""

    production: Path | None = None
    consumption: Path | None = None
    unit: str | None = None
    slot_minutes: int | None = None
    method: str | None = None
    """None asks for all."""
    weights: Path | None = None
    tie: str | None = None
    own_use: str | None = None
    missing: str | None = None
    then: str | None = None
    within_tier: str | None = None
    lifeline_wh: int | None = None
    month: str | None = None
    timezone: str | None = None

    @property
    def is_of_the_books(self) -> bool:
        """Say whether a month of the books is asked about; raise InputError for a half question."""
        files = {"--production": self.production, "--consumption": self.consumption}
        missing = [name for name, path in files.items() if path is None]
        if len(missing) == 1:
            raise InputError(f"{missing[0]}: is missing; give both files, or neither and --month")
        if not missing:
            return False
        if self.month is None:
            raise InputError("--month: is missing; name a month of the books, or give both files")
        only = ("unit", "slot_minutes", "timezone")
        odd = [f"--{name.replace('_', '-')}" for name in only if getattr(self, name) is not None]
        if odd:
            raise InputError(
                f"{', '.join(odd)}: belongs to files; leave it out, or give both files"
            )
        return True

    def ask(self, progress: Progress | None = None, own: OwnMonth | None = None) -> Answer:
        """Try the methods; raise InputError if the files or the one method asked for cannot be."""
        measured = self.measured() if own is None else own.measured
        homes = self._homes(measured, own)
        base = Rules() if own is None else own.rules
        if self.weights is not None:
            base = replace(base, unassigned_weight=Fraction(0))
        methods = list(Method) if self.method is None else [Method(self.method)]
        lacks = {method: self._lack(self._rules(method, base), homes) for method in methods}
        possible = [method for method in methods if not lacks[method]]
        if not possible:
            raise InputError(*(f"--method {method}: {why}" for method, why in lacks.items()))
        trials = []
        for done, method in enumerate(possible, 1):
            trials.append(try_key(self._rules(method, base), homes, measured))
            if progress:
                progress(done, len(possible))
        skipped = tuple(Skipped(method, why) for method, why in lacks.items() if why)
        if own is not None:
            return Answer(tuple(trials), skipped, BOOKS, own.booked)
        first, *_ = trials
        if first.method is not Method.REDISTRIBUTE:
            default = self._rules(Method.REDISTRIBUTE, base)
            first = first if self._lack(default, homes) else try_key(default, homes, measured)
        return Answer(tuple(trials), skipped, str(first.method), first.homes)

    def measured(self) -> Measured:
        """Read both files and return the slots asked about."""
        zone, month = _zone(self.timezone or "UTC"), _month(self.month)
        production, consumption = self._files(zone)
        measured = join(production, consumption, self.slot_minutes)
        if month is None:
            return measured
        start, end = local_month(*month, zone)
        return measured.between(unix_s(start), unix_s(end))

    def _files(self, zone: ZoneInfo) -> list[Series]:
        files: list[Series] = []
        problems: list[str] = []
        for path in filter(None, (self.production, self.consumption)):
            try:
                files.append(read_series(path, Unit(self.unit or Unit.WH), zone))
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(*problems)
        return files

    def _homes(self, measured: Measured, own: OwnMonth | None) -> Sequence[Home]:
        if self.weights is not None:
            told = read_weights(self.weights)
            with told.placing():
                refuse_other_homes(told.homes, measured)
            return told.homes
        if own is not None:
            return own.homes
        return [Home(one, weight=Fraction(1, len(measured.ids))) for one in measured.ids]

    def _rules(self, method: Method, base: Rules) -> Rules:
        """Return a key's rules with what was asked for instead."""
        return replace(
            base,
            method=method,
            tie=Tie(self.tie or base.tie),
            own_use=OwnUse(self.own_use or base.own_use),
            missing=Missing(self.missing or base.missing),
            lifeline_wh=base.lifeline_wh if self.lifeline_wh is None else self.lifeline_wh,
            then=Method(self.then) if self.then else base.then,
            within_tier=Method(self.within_tier or base.within_tier),
        )

    def _lack(self, rules: Rules, homes: Sequence[Home]) -> str:
        """Say what a method needs and was not given; nothing if it can be tried."""
        method = rules.method
        lacks = []
        if method in {Method.RESERVED, Method.LIFELINE} and rules.then is None:
            lacks.append("needs --then")
        if method is Method.LIFELINE and not rules.lifeline_wh and self.lifeline_wh is None:
            lacks.append("needs --lifeline-wh")
        if method is Method.PRIORITY and all(home.tier is None for home in homes):
            lacks.append("needs a column tier in --weights")
        if method is Method.RESERVED and not any(home.reserved_percent for home in homes):
            lacks.append("needs a column reserved_percent in --weights")
        if not lacks:
            lacks += find_problems(rules, sorted(homes, key=lambda home: home.id))
        return "; ".join(lacks)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, a path, a folder of zones
        near = suggestion(name, available_timezones())
        raise InputError(
            f"--timezone: found {name!r}; allowed: an IANA name such as America/Lima{near}"
        ) from error


def _month(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if not found or int(found[1]) not in YEARS:
        raise InputError(f"--month: found {text!r}; allowed: a month such as 2026-03")
    return int(found[1]), int(found[2])
