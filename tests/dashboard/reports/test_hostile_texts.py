"""Names and remarks that people typed do no harm in any form of a report or of the assembly."""

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from coop.month.states import Act, Event, Standing
from coop.report.model import Grant, MonthReport, RecordedReason, Review
from dashboard.app import create_app
from tests.bench.town import Town
from tests.coop.report.printed import words_of
from tests.dashboard.assembly.decided import FULL, FakeAssembly
from tests.dashboard.fakes import Village
from tests.dashboard.reports.reported import FakeReports, approved
from tests.dashboard.visits import client_of_household, client_of_steward

MONTH = "2026-03"
HOSTILE = {
    "markup": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "template": "{{ 7 * 7 }}{% include 'page.html' %}",
    "formula": '=HYPERLINK("http://evil.example";"see")',
    "sum": "+1+cmd|' /C calc'!A0",
    "at": "@SUM(1;1)",
    "tab": "\t=1+1",
    "lines": "one\r\n=2+2\n-3",
    "right to left": "\u202egnp.exe \u2066\u200f",
    "control": "bell\x07 escape\x1b[31m null\x00 lone\x1f",
    "typesetting": '#panic("x") $ \\ [*_` @label <label>',
    "long": "Ñ" * 10_000,
    "long words": "Ñandú " * 1_700,
    "nothing": " ",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> MonthReport:
    town = Town(tmp_path_factory.mktemp("hostile") / "town", 6, [MONTH])
    town.live(MONTH)
    town.settle(MONTH)
    return town.report(MONTH)


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request: pytest.FixtureRequest) -> str:
    text: str = request.param
    return text


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def steward(village: Village, month: MonthReport, hostile: str) -> FlaskClient:
    return client_of_steward(app_with(village, month, hostile), village.doors, "rosa")


@pytest.fixture
def household(village: Village, month: MonthReport, hostile: str) -> FlaskClient:
    return client_of_household(app_with(village, month, hostile), village.doors, "h003")


class Reader(HTMLParser):
    """Hears the elements and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.names: set[str] = set()
        self.heard = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.heard += data


@pytest.mark.parametrize("address", ["/reports", f"/reports/{MONTH}", "/assembly"])
def test_a_page_shows_it_as_text(steward: FlaskClient, hostile: str, address: str) -> None:
    answer = steward.get(address)

    read = Reader(answer.text)
    assert answer.status_code == 200
    assert read.elements & {"script", "img", "iframe", "object"} == set()
    assert [name for name in read.names if name.startswith("on")] == []
    assert address == "/reports" or _words(hostile)[:40] in _words(read.heard)


@pytest.mark.parametrize("address", [f"/reports/{MONTH}", f"/reports/{MONTH}/read", "/assembly"])
def test_a_household_can_read_its_pages(household: FlaskClient, address: str) -> None:
    answer = household.get(address)

    assert answer.status_code == 200
    assert Reader(answer.text).elements & {"script", "img"} == set()


@pytest.mark.parametrize("address", [f"/reports/{MONTH}.csv", "/assembly.csv"])
def test_a_table_holds_nothing_to_compute(steward: FlaskClient, address: str) -> None:
    answer = steward.get(address)

    rows = list(csv.reader(answer.get_data(as_text=True).splitlines(keepends=True)))
    texts = [cell for row in rows for cell in row if not re.fullmatch(r"-?\d+", cell)]
    assert len({len(row) for row in rows}) == 1
    assert [text for text in texts if text.startswith(FORMULA)] == []


def test_a_workbook_holds_nothing_to_compute(steward: FlaskClient) -> None:
    book = load_workbook(BytesIO(steward.get(f"/reports/{MONTH}.xlsx").data))

    cells = [cell for page in book.worksheets for row in page.rows for cell in row]
    texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
    assert "f" not in {cell.data_type for cell in cells}
    assert [text for text in texts if text.startswith(FORMULA)] == []
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []


@pytest.mark.parametrize("form", [".pdf", "/slips.pdf"])
def test_paper_is_printed_with_it(steward: FlaskClient, form: str) -> None:
    answer = steward.get(f"/reports/{MONTH}{form}")

    assert answer.status_code == 200
    assert "h003" in words_of(answer.data)
    assert len(answer.data) < 400_000


@pytest.mark.parametrize("address", [f"/reports/{MONTH}.json", "/assembly.json"])
def test_a_program_gets_it_as_it_was_typed(
    steward: FlaskClient, hostile: str, address: str
) -> None:
    said = steward.get(address).get_json()

    assert hostile in _texts(said)


def _words(text: str) -> str:
    """Return a text on one line, without what no page can show."""
    return " ".join(re.sub(r"[\x00-\x1f]", " ", text).split())


def _texts(said: object) -> set[str]:
    if isinstance(said, dict):
        return {text for one in said.values() for text in _texts(one)}
    if isinstance(said, list):
        return {text for one in said for text in _texts(one)}
    return {said} if isinstance(said, str) else set()


def app_with(village: Village, month: MonthReport, text: str) -> Flask:
    """Return pages on which everything that somebody typed is this text."""
    reports = FakeReports({MONTH: _spoilt(month, text)})
    assembly = FakeAssembly(
        replace(
            FULL,
            grants=tuple(replace(one, decision=text, text=text) for one in FULL.grants),
            decided=replace(
                FULL.decided,
                months=(Standing(MONTH, (Event(MONTH, Act.OBSERVED, None, text, "", 0),)),),
                keys=tuple(replace(one, name=text, decision=text) for one in FULL.decided.keys),
                prices=tuple(replace(one, decision=text) for one in FULL.decided.prices),
                stewards=tuple(replace(one, name=text) for one in FULL.decided.stewards),
            ),
        )
    )
    return create_app(replace(village.sources(), reports=reports, assembly=assembly))


def _spoilt(month: MonthReport, text: str) -> MonthReport:
    """Return a report in which everything that somebody typed is this text."""
    at_s = int(datetime(2026, 3, 9, tzinfo=UTC).timestamp())
    return replace(
        approved(month),
        review=Review(Act.OBSERVED, text),
        homes=tuple(replace(one, name=text) for one in month.homes),
        roofs=tuple(replace(one, name=text) for one in month.roofs),
        keys=tuple(replace(one, name=text, decision=text) for one in month.keys),
        fund=replace(month.fund, grants=(Grant(text, 100, text, ("juan", "rosa")),)),
        quality=replace(month.quality, reasons=(RecordedReason(at_s, at_s + 900, "rosa", text),)),
    )
