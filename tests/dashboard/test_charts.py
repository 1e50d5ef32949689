from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import Band, Drawing, Frame, Mark, Scale, area, draw, line, stack

FRAME = Frame(100, 50)
VALUES = st.lists(st.none() | st.integers(0, 10_000), min_size=1, max_size=100)


def a_drawing(**changes: object) -> Drawing:
    given: dict[str, object] = {
        "id": "d",
        "title": "El día",
        "desc": "Por cuartos",
        "bands": (Band("shared", (1, 2)), Band("over", (0, 3))),
        "top": 5,
    }
    return Drawing(**{**given, **changes})  # type: ignore[arg-type]  # a test's own mixture


def test_a_line_walks_in_steps() -> None:
    scale = Scale(FRAME, 2, 10)

    assert line(scale, [5, 10]) == "M0 25V25H50V0H100"


def test_equal_neighbours_make_one_step() -> None:
    scale = Scale(FRAME, 4, 10)

    assert line(scale, [5, 5, 5, 0]) == "M0 25V25H75V50H100"


def test_a_missing_slot_parts_the_line() -> None:
    scale = Scale(FRAME, 4, 10)

    assert line(scale, [5, None, None, 10]) == "M0 25V25H25M75 0V0H100"


def test_an_area_goes_back_along_the_band_below() -> None:
    scale = Scale(FRAME, 2, 10)

    assert area(scale, [5, 10], [0, 5]) == "M0 50V25H50V0H100V25H50V50H0Z"


def test_nothing_known_draws_nothing() -> None:
    assert area(Scale(FRAME, 2, 10), [None, None]) == ""


def test_bands_stand_on_each_other() -> None:
    assert stack([Band("shared", (1, None)), Band("over", (2, 3))]) == [[1, None], [3, None]]


def test_words_are_escaped() -> None:
    svg = draw(a_drawing(title="<script>&", slot_marks=(Mark(0, "<b>"),)), FRAME)

    assert "<script>" not in svg
    assert "<b>" not in svg


def test_a_chart_says_what_it_shows() -> None:
    root = ET.fromstring(f'<x xmlns="s">{draw(a_drawing(), FRAME)}</x>')  # noqa: S314  our own text

    assert [node.text for node in root.iter("{s}title")] == ["El día"]
    assert [node.text for node in root.iter("{s}desc")] == ["Por cuartos"]


def test_missing_slots_are_hatched_and_have_no_bar() -> None:
    svg = draw(
        a_drawing(bands=(Band("shared", (None, 2)),), missing=(True, False)),
        FRAME,
    )

    assert '<path fill="url(#d-missing)" d="M0 50V0H50V50H0Z"/>' in svg
    assert 'd="M50 50V30H100V50H50Z"' in svg


def test_a_band_of_zeros_is_not_drawn() -> None:
    svg = draw(a_drawing(bands=(Band("shared", (0, 0)),)), FRAME)

    assert "band-shared" not in svg


def test_the_sun_stands_above_its_neighbours() -> None:
    svg = draw(a_drawing(ghost=(None, 4), sun_at=1), FRAME)

    assert 'class="sun" d="M40 -74' in svg


@pytest.mark.parametrize("style", ["style=", "<style", "onload", "href"])
def test_nothing_inline_is_needed(style: str) -> None:
    assert style not in draw(a_drawing(), FRAME)


@given(VALUES, st.integers(1, 20_000))
def test_any_values_give_well_formed_xml(values: list[int | None], top: int) -> None:
    drawing = a_drawing(
        bands=(Band("shared", values), Band("over", values)),
        top=top,
        outline=values,
        ghost=values,
        missing=tuple(value is None for value in values),
        sun_at=len(values) - 1,
    )

    assert ET.fromstring(draw(drawing, FRAME)).tag == "svg"  # noqa: S314  our own text
