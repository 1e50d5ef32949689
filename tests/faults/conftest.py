"""Collects what each scenario came to, and prints the table when the run ends."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.report import Row, table, write
from tests.requirements import ROOT

ROWS: list[Row] = []

NAIVE: dict[str, str] = {}
"""By scenario: what the naive pipeline made of it."""

Report = Callable[[Row], None]
Naive = dict[str, str]


@pytest.fixture
def report() -> Report:
    """Return where a scenario tells what it came to."""
    return ROWS.append


@pytest.fixture
def naive() -> Naive:
    """Return where the naive pipeline's losses are told."""
    return NAIVE


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of faults."""
    if ROWS:
        rows = [
            replace(row, naive=NAIVE.get(row.scenario, ""))
            for row in sorted(ROWS, key=lambda row: row.scenario)
        ]
        terminalreporter.write_sep("-", "faults")
        terminalreporter.write_line(table(rows))
        write(rows, ROOT / "out" / "faults.json")
