"""The report and the slips of a month of sixty homes on paper: how long, and how large."""

import tempfile
from pathlib import Path

from coop.report.paper import month_pdf, slips_pdf, typesetting
from coop.report.shown.sheet import whole_sheet
from coop.report.writing import WRITERS
from coop.words import Language, Words
from tests.bench.figure import Figure, median_s
from tests.bench.town import Town

HOMES = 60
MONTH = "2026-03"
BYTES_A_KB = 1_000


def measure() -> list[Figure]:
    """Return the seconds that paper and a workbook take, and the sizes of their files."""
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name) / "town", HOMES, [MONTH])
        town.live(MONTH)
        town.settle(MONTH)
        report = town.report(MONTH)
    words = Words((Language.QUECHUA, Language.SPANISH))

    def print_both() -> tuple[bytes, bytes]:
        typesetting.forget()
        return month_pdf(whole_sheet(report), words), slips_pdf(report, words)

    printed, slips = print_both()
    workbook = WRITERS["xlsx"](report, words)
    what = f"printing: a month of {HOMES} homes"
    return [
        Figure(f"{what}, report and slips", median_s(print_both), "s", aim="at most 3 s"),
        Figure(f"{what}, report", len(printed) / BYTES_A_KB, "KB", aim="at most 300 KB"),
        Figure(f"{what}, slips", len(slips) / BYTES_A_KB, "KB", aim="at most 400 KB"),
        Figure(f"{what}, workbook", len(workbook) / BYTES_A_KB, "KB"),
    ]
