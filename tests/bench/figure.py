"""One measured figure beside its baseline, and the median of several tries."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, with the baseline of the same run and the aim, where there is one."""

    what: str
    value: float
    unit: str
    baseline: float | None = None
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """Return ours divided by the baseline."""
        return self.value / self.baseline if self.baseline else None

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """Write the figure as a row of a table."""
        baseline = "" if self.baseline is None else f"{self.baseline:,.4g}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.what, f"{self.value:,.4g}", self.unit, baseline, ratio, self.aim)


def median_s(work: Callable[[], object], tries: int = 5) -> float:
    """Return the median seconds of some runs."""
    return median(_seconds(work) for _ in range(tries))


def medians_s(
    one: Callable[[], object], other: Callable[[], object], tries: int = 5
) -> list[float]:
    """Return the median seconds of two kinds of work, run in turn."""
    pairs = [(_seconds(one), _seconds(other)) for _ in range(tries)]
    return [median(column) for column in zip(*pairs, strict=True)]


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
