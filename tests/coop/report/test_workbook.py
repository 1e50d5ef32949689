"""A workbook has numbers for numbers, nothing to compute, and the same bytes each time."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from coop.report import MonthReport, read_report
from coop.report.writing import PUBLIC_WRITERS, WRITERS
from coop.words import Language, Words
from tests.coop.month.town import BusyTown

WORDS = Words((Language.QUECHUA, Language.SPANISH))
NAMES = [
    "Killa",
    "Llapan ayllu",
    "Ñawpaq killakunap qhipa chayamu",
    "Sapa p'unchaw",
    "Ayni qullqi",
    "Sapa wasi",
]


@pytest.fixture(scope="module")
def april(busy: BusyTown) -> MonthReport:
    with busy.database.reading() as connection:
        return read_report(connection, busy.settings, "2026-04")


def read_back(report: MonthReport) -> Workbook:
    return load_workbook(BytesIO(WRITERS["xlsx"](report, WORDS)))


def cells_of(page: Worksheet) -> list[Cell]:
    return [cell for row in page.iter_rows() for cell in row]


def test_each_part_has_a_sheet_that_is_called_what_it_is(april: MonthReport) -> None:
    assert read_back(april).sheetnames[:6] == NAMES


def test_the_homes_stand_in_a_table_of_numbers(april: MonthReport) -> None:
    page = read_back(april)["Sapa wasi"]

    heads = [cell.value for cell in page[1]]
    first = dict(zip(heads, page[2], strict=True))
    shared, kept = first["Rakisqa\nRepartido\nWh"], page[2][-1]
    assert (page["A2"].value, page["B2"].value) == ("a", "House a")
    assert (shared.value, shared.data_type, shared.number_format) == (1_790, "n", "#,##0")
    assert (kept.value, kept.number_format) == (67.96, "#,##0.00")
    assert page.freeze_panes == "B2"
    assert page.column_dimensions["B"].width >= 10


def test_tenths_are_numbers_with_a_decimal(april: MonthReport) -> None:
    page = read_back(april)["Ayni qullqi"]

    assert [(page.cell(2, place).value) for place in (2, 3, 4)] == [
        "Kay killa chaskisqa",
        april.fund.received_tenths_wh / 10,
        "Wh",
    ]
    assert page["C2"].number_format == "#,##0.0"


def test_what_is_not_known_is_an_empty_cell(april: MonthReport) -> None:
    gone = replace(april.days[0], produced_wh=None)
    page = read_back(replace(april, days=(gone, *april.days[1:])))["Sapa p'unchaw"]

    heads = [str(cell.value) for cell in page[1]]
    assert page.cell(2, heads.index("Ruwasqa\nProducido\nWh") + 1).value is None


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_no_text_is_a_formula(april: MonthReport, name: str) -> None:
    homes = tuple(replace(home, name=name) for home in april.homes)
    book = read_back(replace(april, name=name, homes=homes))

    kinds = {cell.data_type for page in book.worksheets for cell in cells_of(page)}
    assert "f" not in kinds
    assert str(book["Sapa wasi"]["B2"].value).startswith("'")


@pytest.mark.parametrize("name", ["a\x00b", "\ud800", "http://x.y", "x" * 40_000, ""])
def test_any_name_can_be_written(april: MonthReport, name: str) -> None:
    homes = tuple(replace(home, name=name) for home in april.homes)

    page = read_back(replace(april, homes=homes))["Sapa wasi"]

    assert page["B2"].hyperlink is None


def test_the_workbook_is_the_same_each_time(april: MonthReport) -> None:
    assert WRITERS["xlsx"](april, WORDS) == WRITERS["xlsx"](april, WORDS)


def test_the_public_workbook_names_no_home(april: MonthReport) -> None:
    book = load_workbook(BytesIO(PUBLIC_WRITERS["xlsx"](april, WORDS)))

    texts = {str(cell.value) for page in book.worksheets for cell in cells_of(page)}
    assert not [text for text in texts if "House" in text or "meter" in text]
