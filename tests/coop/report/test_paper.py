"""What is printed: tagged, the same each time, small, and never what a name makes of it."""

import logging
import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from coop.report import MonthReport, read_report
from coop.report.model import HomeReport
from coop.report.paper import month_pdf, slips_pdf
from coop.report.paper.month import month_document, ticks_wh
from coop.report.paper.slips import slips_document, sun_sentence
from coop.report.paper.typesetting import FOLDER, STAND_IN, forget, printable
from coop.report.shown.sheet import home_sheet, public_sheet, whole_sheet
from coop.words import Language, Words
from tests.coop.month.town import BusyTown
from tests.coop.report.printed import pages_of, words_of
from tests.requirements import ROOT

QUECHUA = Words((Language.QUECHUA, Language.SPANISH))
SPANISH = Words((Language.SPANISH,))
HOSTILE = "#panic() $x$ *b* = @a <x> \\u{7} 'P' \"q\" `r` {{j}} //c"


@pytest.fixture(scope="module")
def april(busy: BusyTown) -> MonthReport:
    with busy.database.reading() as connection:
        return read_report(connection, busy.settings, "2026-04")


@pytest.fixture(scope="module")
def printed(april: MonthReport) -> bytes:
    return month_pdf(whole_sheet(april), QUECHUA)


def test_the_report_is_tagged_for_who_reads_by_ear(printed: bytes) -> None:
    with pikepdf.open(BytesIO(printed)) as document:
        with document.open_metadata() as told:
            ua = told["pdfuaid:part"]
        tagged = document.Root.MarkInfo.Marked
        language = str(document.Root.Lang)

        assert (ua, bool(tagged), language) == ("1", True, "qu")
        assert str(document.docinfo.Title) == "Our cooperative, abril 2026"
        assert "/CreationDate" not in document.docinfo


def test_it_is_the_same_each_time(april: MonthReport, printed: bytes) -> None:
    slips = slips_pdf(april, QUECHUA)
    forget()

    assert month_pdf(whole_sheet(april), QUECHUA) == printed
    assert slips_pdf(april, QUECHUA) == slips


@pytest.mark.usefixtures("printed")
def test_who_prints_is_not_greeted_by_a_library() -> None:
    assert not logging.getLogger("pikepdf._core").isEnabledFor(logging.INFO)


def test_only_fonts_of_the_wheel_are_used(printed: bytes) -> None:
    with pikepdf.open(BytesIO(printed)) as document:
        fonts = {str(one.BaseFont) for one in document.objects if is_font(one)}

    assert {re.sub(r"^/[A-Z]{6}\+", "", name).split("-")[0] for name in fonts} <= {
        "LibertinusSerif",
        "DejaVuSansMono",
    }


def is_font(one: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == pikepdf.Name.Font


def test_the_report_says_what_the_books_say(april: MonthReport, printed: bytes) -> None:
    text = words_of(printed)

    for said in ("295,741 Wh", "95,152 Wh", "121,126 Wh", "1,866 Wh", "77,597 Wh", "0 Wh"):
        assert said in text
    assert april.line in text
    assert "Sapa killa willakuy Informe del mes" in text
    assert "P'anqa 1 / " in text


def test_what_was_produced_less_its_parts_closes(april: MonthReport) -> None:
    said = month_document(whole_sheet(april), SPANISH)["sum"]

    assert (said["produced"]["wh"], said["closes"]["wh"]) == ("295,741", "0")
    assert [part["kind"] for part in said["parts"]] == ["own", "shared", "aside", "over"]


def test_the_picture_has_no_column_for_a_day_without_figures(april: MonthReport) -> None:
    gone = replace(april.days[3], counted=0, produced_wh=None, own_use_wh=None, shared_wh=None)
    report = replace(april, days=(*april.days[:3], gone, *april.days[4:]))

    picture = month_document(whole_sheet(report), SPANISH)["picture"]

    assert picture["days"][3] == {"day": "4", "values": None, "gap": 1}
    assert picture["legend"][-1]["kind"] == "missing"
    assert "30" in [day["day"] for day in picture["days"]]
    assert "10.4 kWh el día 16" in picture["alt"]["text"]


def test_a_month_without_any_figures_is_printed(april: MonthReport) -> None:
    empty = tuple(replace(day, counted=0, produced_wh=None) for day in april.days)
    bare = replace(april, days=empty, homes=(), roofs=(), corrections=(), before=None)

    assert pages_of(month_pdf(whole_sheet(bare), SPANISH)) >= 1
    assert pages_of(slips_pdf(bare, SPANISH)) == 1


def test_names_are_printed_and_never_obeyed(april: MonthReport) -> None:
    homes = tuple(replace(home, name=HOSTILE, home="#x") for home in april.homes)
    named = replace(april, name=HOSTILE, homes=homes, line=HOSTILE)

    report, slips = month_pdf(whole_sheet(named), QUECHUA), slips_pdf(named, QUECHUA)

    assert HOSTILE in words_of(report)
    assert HOSTILE in words_of(slips)


ODD = ["日本 \N{SUN WITH FACE}", "a\x00b\x07", "\ud800", "\u202eabc", "a\nb", "\u200b", "   "]


@pytest.mark.parametrize("name", ODD)
def test_letters_that_no_font_has_are_stood_in_for(april: MonthReport, name: str) -> None:
    named = replace(april, name=name, homes=tuple(replace(h, name=name) for h in april.homes))

    assert pages_of(month_pdf(whole_sheet(named), QUECHUA)) > 1
    assert pages_of(slips_pdf(named, QUECHUA)) > 1


def test_every_letter_that_is_let_through_has_a_shape(april: MonthReport) -> None:
    letters = "".join(filter(is_kept, map(chr, range(0x20, 0x2400))))
    named = replace(april, name=letters)

    assert len(letters) > 1_000
    assert month_pdf(whole_sheet(named), QUECHUA)


def is_kept(letter: str) -> bool:
    return letter == printable(letter) != STAND_IN


def test_apostrophes_of_quechua_stay_straight(printed: bytes) -> None:
    assert "p'unchaw" in words_of(printed)


def test_a_home_is_printed_its_own_line_only(april: MonthReport) -> None:
    text = words_of(month_pdf(home_sheet(april, "b"), SPANISH))

    assert "House b" in text
    assert not {"House a", "House c", "a-meter"} & set(re.findall(r"House \w|\w-meter", text))


def test_the_public_print_names_no_home(april: MonthReport) -> None:
    text = words_of(month_pdf(public_sheet(april), SPANISH))

    assert "House" not in text
    assert "rosa" not in text


def test_each_home_has_a_slip_and_two_are_on_a_page(april: MonthReport) -> None:
    slips = slips_pdf(april, SPANISH)

    assert pages_of(slips) == 2
    assert [f"House {home}" in words_of(slips) for home in "abc"] == [True] * 3


def test_a_slip_says_in_words_what_came_from_the_roofs(april: MonthReport) -> None:
    said = [slip["sentence"][0]["text"] for slip in slips_document(april, SPANISH)["slips"]]

    assert said == [
        "De cada 10 kilovatios-hora que usted usó, 5 vinieron de los techos.",
        "De cada 10 kilovatios-hora que usted usó, 4 vinieron de los techos.",
        "De cada 10 kilovatios-hora que usted usó, 4 vinieron de los techos.",
    ]


def test_a_home_that_used_nothing_is_told_so() -> None:
    nothing = HomeReport("h", 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    assert sun_sentence(nothing).message.startswith("Nothing that your home used")


@pytest.mark.parametrize(
    ("most_wh", "ticks"),
    [
        (0, [0, 100]),
        (450, [0, 100, 200, 300, 400, 500]),
        (10_500, [0, 5_000, 10_000, 15_000]),
        (400_000, [0, 100_000, 200_000, 300_000, 400_000]),
    ],
)
def test_the_axis_has_few_round_marks(most_wh: int, ticks: list[int]) -> None:
    assert ticks_wh(most_wh) == ticks


def test_paper_has_the_colours_of_the_pages() -> None:
    css = (ROOT / "dashboard" / "static" / "style.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([a-z]+):\s*(#[0-9a-f]{6})", css[: css.index("@media")]))
    look = (FOLDER / "look.typ").read_text(encoding="utf-8")
    printed = dict(re.findall(r"#let ([a-z]+) = rgb\(\"(#[0-9a-f]{6})\"\)", look))

    assert printed.pop("paper") == "#ffffff"
    assert printed == {name: light[name] for name in printed}
    assert {"ink", "soft", "sun", "own", "leaf", "clay", "violet", "stone"} <= set(printed)
