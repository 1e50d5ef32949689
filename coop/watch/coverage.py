"""How much of each meter's days was measured, and where the gaps are. Pure.

It takes the quality that stands in the settled lines. A slot that is over and not in the books is a
gap too; what is not due yet, or before a meter counts, is neither measured nor missing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from orjson import loads

from coop.metering.intervals import Quality
from coop.watch.records import EnergyLine
from coop.watch.watched import Watched

NOT_IN_BOOKS = "not_in_books"
"""Why a slot is missing that nobody settled."""


class Level(StrEnum):
    """How a day of a meter is known; the best first."""

    FULL = "full"
    """Every slot was measured."""
    FILLED = "filled"
    """Nothing is missing, some slots were worked out between readings or told by hand."""
    SOME = "some"
    """Less than half is missing."""
    MOST = "most"
    """Half or more is missing."""
    NONE = "none"
    """Everything is missing."""
    NOT_DUE = "not_due"
    """Nothing was expected."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one meter, in slots."""

    expected: int = 0
    measured: int = 0
    missing: int = 0

    @property
    def filled(self) -> int:
        """Return the slots that are known without having been measured."""
        return self.expected - self.measured - self.missing

    @property
    def level(self) -> Level:
        """Return how well the day is known."""
        if not self.expected:
            return Level.NOT_DUE
        if not self.missing:
            return Level.FULL if self.measured == self.expected else Level.FILLED
        if self.missing == self.expected:
            return Level.NONE
        return Level.MOST if 2 * self.missing >= self.expected else Level.SOME


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of slots [from, to) in which a meter's energy is missing."""

    meter: Watched
    from_s: int
    to_s: int
    reason: str
    """The flag of the first slot, or `not_in_books`."""
    lasts: bool
    """Whether it reaches to the newest slot that is due."""


@dataclass(frozen=True, slots=True)
class Row:
    """All days of one meter."""

    meter: Watched
    cells: tuple[Cell, ...]

    @property
    def total(self) -> Cell:
        """Return all days together."""
        held = self.cells
        return Cell(
            sum(cell.expected for cell in held),
            sum(cell.measured for cell in held),
            sum(cell.missing for cell in held),
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """A stretch of days: one row a meter, and the gaps, the longest first."""

    days: tuple[date, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]

    @property
    def total(self) -> Cell:
        """Return all meters together."""
        held = [row.total for row in self.rows]
        return Cell(
            sum(cell.expected for cell in held),
            sum(cell.measured for cell in held),
            sum(cell.missing for cell in held),
        )


@dataclass(frozen=True, slots=True)
class Days:
    """Which slots are looked at: `borders` begin each day, the last one ends the last day."""

    dates: tuple[date, ...]
    borders: tuple[int, ...]
    slot_s: int
    first_s: int
    """The first slot in the books."""
    due_s: int
    """Slots that start before this should be in the books."""


def cover(lines: Iterable[EnergyLine], meters: Sequence[Watched], days: Days) -> Coverage:
    """Count what each line says of each meter; lines come in order."""
    tally = _Tally(meters, days)
    held = {line.slot_start_s: line.text for line in lines}
    for day, (start_s, end_s) in enumerate(zip(days.borders, days.borders[1:], strict=False)):
        for at_s in range(max(start_s, days.first_s), min(end_s, days.due_s), days.slot_s):
            tally.count(day, at_s, held.get(at_s))
    return tally.coverage()


@dataclass(slots=True)
class _Run:
    from_s: int
    to_s: int
    reason: str


@dataclass(slots=True)
class _Tally:
    meters: Sequence[Watched]
    days: Days
    _whole: Counter[tuple[int, tuple[str, ...]]] = field(default_factory=Counter)
    """Slots of a day in which all of these meters were measured."""
    _expected: Counter[tuple[int, str]] = field(default_factory=Counter)
    _measured: Counter[tuple[int, str]] = field(default_factory=Counter)
    _missing: Counter[tuple[int, str]] = field(default_factory=Counter)
    _runs: dict[str, list[_Run]] = field(default_factory=dict)
    _valid: tuple[str, ...] = ()
    _valid_to_s: int = -1

    def count(self, day: int, at_s: int, text: str | None) -> None:
        if at_s >= self._valid_to_s:
            self._look_up(at_s)
        if text is not None and _is_whole(text, len(self._valid)):
            self._whole[day, self._valid] += 1
            return
        said = loads(text) if text is not None else {}
        for name in self._valid:
            self._expected[day, name] += 1
            _, quality, *flag = said.get(name, (None, Quality.MISSING, NOT_IN_BOOKS))
            if quality == Quality.MEASURED:
                self._measured[day, name] += 1
            elif quality == Quality.MISSING:
                self._missing[day, name] += 1
                self._note(name, at_s, flag[0] if flag else NOT_IN_BOOKS)

    def coverage(self) -> Coverage:
        for (day, names), count in self._whole.items():
            self._expected.update({(day, name): count for name in names})
            self._measured.update({(day, name): count for name in names})
        # A counter that moved from one home to another stands under its newest owner.
        latest = {one.name: one for one in sorted(self.meters, key=_begin)}
        shown = (one for one in self.meters if one is latest[one.name])
        rows = tuple(Row(one, self._cells(one.name)) for one in shown)
        gaps = sorted(self._gaps(latest), key=lambda gap: (gap.from_s - gap.to_s, gap.meter.name))
        return Coverage(self.days.dates, tuple(row for row in rows if _is_due(row)), tuple(gaps))

    def _cells(self, name: str) -> tuple[Cell, ...]:
        return tuple(
            Cell(self._expected[day, name], self._measured[day, name], self._missing[day, name])
            for day in range(len(self.days.dates))
        )

    def _gaps(self, meters: Mapping[str, Watched]) -> Iterator[Gap]:
        due_s = min(self.days.due_s, self.days.borders[-1])
        for name, runs in self._runs.items():
            for run in runs:
                yield Gap(meters[name], run.from_s, run.to_s, run.reason, run.to_s >= due_s)

    def _note(self, name: str, at_s: int, reason: str) -> None:
        runs = self._runs.setdefault(name, [])
        if runs and runs[-1].to_s == at_s:
            runs[-1].to_s = at_s + self.days.slot_s
        else:
            runs.append(_Run(at_s, at_s + self.days.slot_s, reason))

    def _look_up(self, at_s: int) -> None:
        """Find the meters that count in a slot, and until when they are the same."""
        held = [one.name for one in self.meters if one.validity.holds_at(at_s)]
        self._valid = tuple(dict.fromkeys(held))
        turns = (turn for one in self.meters for turn in (one.validity.from_s, one.validity.to_s))
        later = (turn for turn in turns if turn is not None and turn > at_s)
        self._valid_to_s = min(later, default=_NEVER)


def _is_whole(text: str, meters: int) -> bool:
    """Say without parsing that all meters were measured: what most lines say."""
    return text.count('":[') == text.count(',"measured"]') == meters


def _begin(meter: Watched) -> int:
    return meter.validity.from_s


def _is_due(row: Row) -> bool:
    return any(cell.expected for cell in row.cells)


_NEVER = 1 << 62
