"""Who would have got more, and who less, than under the key one compares with. Pure."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from coop.trial.trial import HomeSum, Trial
from coop.words.amounts import per_cent


class HomeRow(NamedTuple):
    """One home under one method; `change_wh` is what it gains of own use and sharing."""

    home: str
    consumption_wh: int
    own_use_wh: int
    shared_wh: int
    grid_wh: int
    change_wh: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One method held against another, or against the books."""

    method: str
    against: str
    rows: tuple[HomeRow, ...]
    """Who gains most first."""
    surplus_wh: int
    fund_tenths_wh: int

    @property
    def winners(self) -> tuple[HomeRow, ...]:
        """Return the homes that gain, the most first."""
        return tuple(row for row in self.rows if row.change_wh > 0)

    @property
    def losers(self) -> tuple[HomeRow, ...]:
        """Return the homes that lose, the most first."""
        return tuple(row for row in reversed(self.rows) if row.change_wh < 0)

    @property
    def self_sufficiency(self) -> str:
        """Say which part of what the homes used came from the roofs, in percent."""
        used = sum(row.consumption_wh for row in self.rows)
        covered = sum(row.own_use_wh + row.shared_wh for row in self.rows)
        return per_cent(covered, used)


def compare(trial: Trial, homes: Mapping[str, HomeSum], against: str) -> Comparison:
    """Hold what a method would have done against what each home has otherwise."""
    rows = [
        HomeRow(
            home,
            one.consumption_wh,
            one.own_use_wh,
            one.allocated_wh,
            one.residual_grid_wh,
            one.own_use_wh + one.allocated_wh - homes[home].own_use_wh - homes[home].allocated_wh,
        )
        for home, one in trial.homes.items()
    ]
    rows.sort(key=_most_first)
    return Comparison(
        str(trial.method), against, tuple(rows), trial.surplus_wh, trial.fund_tenths_wh
    )


def rows_csv(comparison: Comparison) -> str:
    """Return the homes of a comparison as CSV, in the order of its picture."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HomeRow._fields)
    writer.writerows(comparison.rows)
    return text.getvalue()


def _most_first(row: HomeRow) -> tuple[int, str]:
    return -row.change_wh, row.home
