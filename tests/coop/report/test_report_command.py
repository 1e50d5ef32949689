"""`minga month report` as a person types it, and what spreadsheets and browsers get."""

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from coop.errors import InputError, RefusedError
from coop.members.community import Meter, Roof
from coop.month.commands import month
from coop.settings import CoopSettings
from tests.coop.desk import Desk
from tests.coop.village import ALWAYS, Village, every_border


@pytest.fixture
def settings(tmp_path: Path) -> CoopSettings:
    """Name a file: what is read here is the same on a server."""
    return CoopSettings(database=str(tmp_path / "coop.sqlite"), name="Ñandú & <b>Sol</b>")


@pytest.fixture
def desk(village: Village, settings: CoopSettings) -> Desk:
    village.agree()
    village.measure(2)
    village.settle(30)
    return Desk(settings)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_json_holds_every_figure_under_its_name(desk: Desk) -> None:
    said = json.loads(desk.ask(month, "report", "2026-03").stdout)

    assert said["community"]["slots"]["shared_wh"] == 360
    assert [home["shared_wh"] for home in said["homes"]] == [120, 120, 120]
    assert said["quality"]["meters"][0] == {
        "counter": "a-meter/import_energy_total",
        "owner": "home a",
        "slots": {"measured": 2},
    }


def test_three_homes_have_no_public_figures(desk: Desk) -> None:
    public = json.loads(desk.ask(month, "report", "2026-03", "--public").stdout)

    figures = {name for name, value in public["sums"].items() if value is not None}
    assert (figures, public["roofs"], public["fund_total_tenths_wh"]) == ({"homes"}, [], None)


def test_a_table_names_each_figure_in_every_language(desk: Desk) -> None:
    done = desk.ask(month, "report", "2026-03", "--format", "csv", "--lang", "qu,es")

    wanted = ("home", "a", "shared_wh")
    [shared] = [
        row for row in rows(done.stdout) if (row["part"], row["of"], row["figure"]) == wanted
    ]
    assert shared == {
        "part": "home",
        "of": "a",
        "figure": "shared_wh",
        "value": "120",
        "unit": "Wh",
        "qu": "Rakisqa",
        "es": "Repartido",
    }


def test_a_name_never_becomes_a_formula(village: Village, desk: Desk) -> None:
    with village.register() as entered:
        entered.add_roof(Roof("odd", "=HYPERLINK(1)"))
        entered.add_meter(Meter("odd", "energy_total", ALWAYS, roof_id="odd"))
    village.readings.add(("odd", "energy_total"), *every_border(2, 10))
    village.settle(30)

    said = rows(desk.ask(month, "report", "2026-03", "--format", "csv").stdout)

    [name] = [row["value"] for row in said if (row["of"], row["figure"]) == ("odd", "name")]
    assert name == "'=HYPERLINK(1)"


class Page(HTMLParser):
    """Remember what a browser would fetch or run, and whether tags close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [tag for name, _ in attrs if name in {"src", "href"}]
        self.fetched += [tag] if tag in {"script", "link", "img"} else []
        self.open += [] if tag == "meta" else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_stands_alone_and_escapes_names(desk: Desk) -> None:
    text = desk.ask(month, "report", "2026-03", "--format", "html", "--lang", "qu,es").stdout

    page = Page(text)
    assert (page.fetched, page.open) == ([], [])
    assert "<h1>Ñandú &amp; &lt;b&gt;Sol&lt;/b&gt;, 2026-03</h1>" in text
    assert '<span lang="qu">Rakisqa</span><small lang="es">Repartido</small>' in text


def test_a_report_is_written_into_a_file(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "march.json"

    done = desk.ask(month, "report", "2026-03", "-o", str(out))

    assert (done.stdout, done.exit_code) == ("", 0)
    assert json.loads(out.read_text(encoding="utf-8"))["month"] == "2026-03"
    assert [path.name for path in tmp_path.iterdir() if "march" in path.name] == ["march.json"]


def test_a_report_is_the_same_each_time(desk: Desk) -> None:
    asked = [
        desk.ask(month, "report", "2026-03", "--format", one).stdout_bytes for one in FORMATS * 2
    ]

    assert asked[:6] == asked[6:]


FORMATS = ("json", "csv", "html", "pdf", "xlsx", "text")


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (("--format", "pdf"), b"%PDF-1.7"),
        (("--format", "pdf", "--public"), b"%PDF-1.7"),
        (("--slips",), b"%PDF-1.7"),
        (("--format", "xlsx"), b"PK"),
        (("--format", "text", "--lang", "es"), b"El mes en diez frases\nEste es"),
    ],
)
def test_a_report_is_piped_in_every_form(desk: Desk, words: tuple[str, ...], begins: bytes) -> None:
    done = desk.ask(month, "report", "2026-03", *words)

    assert (done.exit_code, done.stdout_bytes[: len(begins)]) == (0, begins)


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_a_terminal_is_not_filled_with_bytes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("coop.report.commands.is_terminal", lambda: True)

    done = desk.ask(month, "report", "2026-03", "--format", form)

    assert isinstance(done.exception, InputError)
    assert f"-o report.{form}" in str(done.exception)
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("2026-13",), InputError),
        (("2020-01",), RefusedError),
        (("2026-03", "--lang", "fr"), InputError),
        (("2026-03", "-o", "no/such/folder/x.json"), InputError),
        (("2026-03", "--format", "pdf", "-o", "no/such/folder/x.pdf"), InputError),
        (("2026-03", "--slips", "--public"), InputError),
        (("2026-03", "--slips", "--format", "csv"), InputError),
    ],
    ids=["no month", "outside the books", "language", "folder", "pdf", "public slips", "csv slips"],
)
def test_bad_input_is_refused(desk: Desk, words: tuple[str, ...], error: type[Exception]) -> None:
    assert isinstance(desk.ask(month, "report", *words).exception, error)


def test_a_format_that_is_not_there_is_not_offered(desk: Desk) -> None:
    done = desk.ask(month, "report", "2026-03", "--format", "doc")

    assert (done.exit_code, "'doc' is not one of 'html', 'pdf'" in done.output) == (2, True)
