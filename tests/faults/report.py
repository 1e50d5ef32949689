"""The table of faults: one row a scenario, printed at the end and written to out/faults.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """What one scenario came to; `naive` says what the naive pipeline made of it."""

    scenario: str
    faults: int
    accepted: int
    lost: int
    duplicated: int
    wrong: int
    recovery_s: float | None = None
    naive: str = ""

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is lost, doubled or wrong."""
        return (self.lost, self.duplicated, self.wrong) == (0, 0, 0) and self.accepted > 0


HEADS = ("scenario", "faults", "accepted", "lost", "duplicated", "wrong", "recovery s", "naive")


def table(rows: Sequence[Row]) -> str:
    """Return the table for people, with a line of totals."""
    total = Row(
        f"{len(rows)} scenarios",
        *(sum(getattr(row, name) for row in rows) for name in HEADS[1:6]),
        max((row.recovery_s for row in rows if row.recovery_s is not None), default=None),
    )
    cells = [HEADS, *(_cells(row) for row in (*rows, total))]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def write(rows: Sequence[Row], path: Path) -> None:
    """Write the rows as JSON."""
    path.parent.mkdir(exist_ok=True)
    document = {"scenarios": [asdict(row) for row in rows]}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _cells(row: Row) -> tuple[str, ...]:
    recovery = "" if row.recovery_s is None else f"{row.recovery_s:.1f}"
    counts = (row.faults, row.accepted, row.lost, row.duplicated, row.wrong)
    return (row.scenario, *(f"{count:,}" for count in counts), recovery, row.naive)
