"""Ten sentences that can be read aloud, whatever the month was like."""

from dataclasses import replace

import pytest

from coop.month.states import Act, State
from coop.report import MonthReport, PublicPart, publish, read_report
from coop.report.public import PublicMonth, PublicSums
from coop.report.spoken import spoken_kwh, ten_sentences
from coop.report.writing import WRITERS
from coop.words import Language, Words
from tests.coop.month.town import BusyTown

WHOLE = PublicSums(
    homes=12,
    produced_wh=1_234_567,
    used_wh=900_400,
    surplus_wh=334_167,
    fund_tenths_wh=334_167,
    consumption_wh=1_500_000,
    kept_centimos=64_055,
)
PART = PublicPart(
    coop="coop",
    name="Ñandú",
    month="2026-03",
    state=State.REVIEWED,
    review=Act.APPROVED,
    line="coop / 2026-03 / entries 1 / 12345678",
    sums=WHOLE,
    roofs=(),
    fund_total_tenths_wh=334_167,
    fund_balance_centimos=735,
    slots=2_976,
    settled=2_970,
    corrections=3,
    before=PublicMonth("2026-02", PublicSums(12, produced_wh=1_000_000)),
    year_before=None,
)
COUNTED = (
    "De 2,976 tramos del mes están contados 2,970, y se corrigieron 3 tramos de meses anteriores."
)
SPANISH = Words((Language.SPANISH,))


def spoken(part: PublicPart) -> list[str]:
    return [SPANISH.tell(sentence) for sentence in ten_sentences(part)]


def test_a_whole_month_is_told_in_ten_sentences() -> None:
    assert spoken(PART) == [
        "Este es el informe de Ñandú de marzo 2026.",
        "La asamblea lo aprobó.",
        "Los techos produjeron 1,235 kilovatios-hora.",
        "De eso las casas recibieron 900 kilovatios-hora.",
        "Sobraron 334 kilovatios-hora.",
        "Las casas usaron en total 1,500 kilovatios-hora: de cada 10, 6 vinieron de los techos.",
        "El fondo solidario recibió 33.4 kilovatios-hora, y tiene 7.35 soles.",
        "Todas las casas juntas no tuvieron que pagar 640.55 soles a la empresa eléctrica.",
        COUNTED,
        "Los techos produjeron 235 kilovatios-hora más que en febrero 2026.",
    ]


def test_what_may_not_be_told_is_said_to_be_so() -> None:
    silent = replace(PART, sums=PublicSums(4), fund_balance_centimos=None, before=None)

    said = spoken(silent)

    assert len(said) == 10
    assert [text.endswith(("de muy pocas casas.", "de muy pocas.")) for text in said] == [
        *[False] * 2,
        *[True] * 6,
        *[False] * 2,
    ]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("review", [None, Act.OBSERVED])
@pytest.mark.parametrize("before_wh", [None, 1_234_567, 2_000_000, 5])
@pytest.mark.parametrize("language", list(Language))
def test_there_are_always_ten_and_each_ends(
    state: State, review: Act | None, before_wh: int | None, language: Language
) -> None:
    before = PublicMonth("2026-02", PublicSums(12, produced_wh=before_wh))
    part = replace(PART, state=state, review=review, before=before)

    said = [Words((language,)).tell(sentence) for sentence in ten_sentences(part)]

    assert len(said) == 10
    assert {text[-1] for text in said} == {"."}
    assert not [text for text in said if "{" in text or ". " in text]


def test_what_is_set_aside_is_told_with_what_homes_got() -> None:
    sums = replace(WHOLE, used_wh=None, used_or_aside_wh=900_400)

    said = spoken(replace(PART, sums=sums))

    assert said[3] == (
        "De eso las casas recibieron 900 kilovatios-hora, junto con lo apartado para algunas."
    )
    assert said[5] == "Las casas usaron en total 1,500 kilovatios-hora."


@pytest.mark.parametrize(
    ("wh", "said"), [(0, "0.0"), (99_949, "99.9"), (100_499, "100"), (1_234_500, "1,235")]
)
def test_kilowatt_hours_are_whole_from_a_hundred_on(wh: int, said: str) -> None:
    assert spoken_kwh(wh) == said


@pytest.fixture(scope="module")
def april(busy: BusyTown) -> MonthReport:
    with busy.database.reading() as connection:
        return read_report(connection, busy.settings, "2026-04")


def test_the_text_has_each_language_and_the_line_of_the_books(april: MonthReport) -> None:
    words = Words((Language.QUECHUA, Language.SPANISH))

    text = WRITERS["text"](april, words).decode()

    first, second, line = text.strip().split("\n\n")
    assert (len(first.splitlines()), len(second.splitlines())) == (11, 11)
    assert first.startswith("Killa chunka rimaypi")
    assert line == april.line == publish(april).line
