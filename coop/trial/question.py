"""The question of `minga share try`: which files, which month, which methods can be tried on them.

Reads files; how energy is shared and added up is decided elsewhere.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from coop.allocation import Home, Method, Missing, OwnUse, Rules, Tie
from coop.allocation.checks import find_problems
from coop.errors import InputError
from coop.members.weights import read_weights
from coop.slots import local_month, unix_s
from coop.trial.measured import Measured, join
from coop.trial.series import YEARS, Series, Unit, read_series
from coop.trial.strict_json import suggestion
from coop.trial.trial import Trial, refuse_other_homes, try_key

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


@dataclass(frozen=True, slots=True)
class Question:
    """The options of the command, as they were given."""

    production: Path
    consumption: Path
    unit: str = Unit.WH
    slot_minutes: int | None = None
    method: str | None = None
    """None asks for all."""
    weights: Path | None = None
    tie: str = Tie.ROTATE
    own_use: str = OwnUse.FIRST
    missing: str = Missing.RESERVE
    then: str | None = None
    within_tier: str = Method.PRO_RATA
    lifeline_wh: int | None = None
    month: str | None = None
    timezone: str = "UTC"

    def ask(self, progress: Progress | None = None) -> Answer:
        """Try the methods; raise InputError if the files or the one method asked for cannot be."""
        measured = self.measured()
        homes = self._homes(measured)
        methods = list(Method) if self.method is None else [Method(self.method)]
        lacks = {method: self._lack(method, homes) for method in methods}
        possible = [method for method in methods if not lacks[method]]
        if not possible:
            raise InputError(*(f"--method {method}: {why}" for method, why in lacks.items()))
        trials = []
        for done, method in enumerate(possible, 1):
            trials.append(try_key(self._rules(method), homes, measured))
            if progress:
                progress(done, len(possible))
        skipped = (Skipped(method, why) for method, why in lacks.items() if why)
        return Answer(tuple(trials), tuple(skipped))

    def measured(self) -> Measured:
        """Read both files and return the slots asked about."""
        zone, month = _zone(self.timezone), _month(self.month)
        production, consumption = self._files(zone)
        measured = join(production, consumption, self.slot_minutes)
        if month is None:
            return measured
        start, end = local_month(*month, zone)
        return measured.between(unix_s(start), unix_s(end))

    def _files(self, zone: ZoneInfo) -> list[Series]:
        files: list[Series] = []
        problems: list[str] = []
        for path in (self.production, self.consumption):
            try:
                files.append(read_series(path, Unit(self.unit), zone))
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(*problems)
        return files

    def _homes(self, measured: Measured) -> Sequence[Home]:
        if self.weights is not None:
            told = read_weights(self.weights)
            with told.placing():
                refuse_other_homes(told.homes, measured)
            return told.homes
        return [Home(one, weight=Fraction(1, len(measured.ids))) for one in measured.ids]

    def _rules(self, method: Method) -> Rules:
        return Rules(
            method=method,
            tie=Tie(self.tie),
            own_use=OwnUse(self.own_use),
            missing=Missing(self.missing),
            lifeline_wh=self.lifeline_wh or 0,
            then=None if self.then is None else Method(self.then),
            within_tier=Method(self.within_tier),
        )

    def _lack(self, method: Method, homes: Sequence[Home]) -> str:
        """Say what a method needs and was not given; nothing if it can be tried."""
        lacks = []
        if method in {Method.RESERVED, Method.LIFELINE} and self.then is None:
            lacks.append("needs --then")
        if method is Method.LIFELINE and self.lifeline_wh is None:
            lacks.append("needs --lifeline-wh")
        if method is Method.PRIORITY and all(home.tier is None for home in homes):
            lacks.append("needs a column tier in --weights")
        if method is Method.RESERVED and not any(home.reserved_percent for home in homes):
            lacks.append("needs a column reserved_percent in --weights")
        if not lacks:
            in_order = sorted(homes, key=lambda home: home.id)
            lacks += find_problems(self._rules(method), in_order)
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
