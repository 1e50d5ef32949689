"""`make bench`: print a table of figures and write them as JSON; ratios are measured in one run.

Run one of them by its name: `make bench BENCH=settling`.
"""

import importlib
import json
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

from tests.bench.figure import Figure
from tests.requirements import ROOT

BENCHES = (
    "settling",
    "sizes",
    "year",
    "printing",
    "pages",
    "viewers",
    "web_memory",
    "federation",
    "delivering",
    "polling",
    "living",
    "serial_line",
    "cpu",
    "wear",
    "catching_up",
)


def main(names: Sequence[str]) -> None:
    """Measure what was asked for, or everything."""
    figures: list[Figure] = []
    asked = names or BENCHES
    for number, name in enumerate(asked, 1):
        sys.stderr.write(f"measuring {name}, {number} of {len(asked)}\n")
        begun_s = time.monotonic()
        figures += importlib.import_module(f"tests.bench.{name}").measure()
        sys.stderr.write(f"measured {name} in {time.monotonic() - begun_s:.0f} s\n")
    sys.stdout.write(f"{_table(figures)}\n")
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    document = {"machine": platform.machine(), "figures": [asdict(figure) for figure in figures]}
    (out / "bench.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _table(figures: Sequence[Figure]) -> str:
    head = ("what", "ours", "unit", "baseline", "ratio", "aim")
    rows = [head, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


main(sys.argv[1:])
