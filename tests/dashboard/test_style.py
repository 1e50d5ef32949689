"""Colours keep their contrast and the first load stays small."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.requirements import ROOT

STATIC = ROOT / "dashboard" / "static"
CSS = (STATIC / "style.css").read_text(encoding="utf-8")


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block))


LIGHT = tokens(CSS[CSS.index(":root") : CSS.index("@media (prefers-color-scheme")])
DARK = tokens(CSS[CSS.index("@media (prefers-color-scheme") : CSS.index(".tv {")])
SCREEN = tokens(CSS[CSS.index(".tv {") : CSS.index("*, *::before")])
THEMES = {"light": LIGHT, "dark": DARK, "screen": SCREEN}
INKS = ["ink", "soft", "sun-ink", "own-ink", "leaf-ink", "clay-ink", "violet-ink", "stone-ink"]
FILLS = ["sun", "own", "leaf", "clay", "violet", "stone"]


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize(("theme", "least"), [("light", 4.5), ("dark", 4.5), ("screen", 7)])
def test_words_can_be_read(theme: str, least: float, ink: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme]["paper"]) >= least


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize(("theme", "least"), [("light", 3), ("dark", 3), ("screen", 7)])
def test_shapes_can_be_seen(theme: str, least: float, fill: str) -> None:
    assert contrast(THEMES[theme][fill], THEMES[theme]["paper"]) >= least


@pytest.mark.parametrize("ink", INKS)
def test_paper_prints_at_the_contrast_of_the_screen_in_black(ink: str) -> None:
    assert contrast(LIGHT[ink], "#ffffff") >= 4.5


def test_every_theme_knows_every_colour() -> None:
    assert set(LIGHT) == set(DARK) == set(SCREEN)


def test_every_block_is_closed_before_the_next_begins() -> None:
    depth, unclosed = 0, []
    for line in CSS.splitlines():
        if depth and line and not line.startswith((" ", "}", "\t")):
            unclosed.append(line)
        depth += line.count("{") - line.count("}")

    assert (depth, unclosed) == (0, [])


def test_the_stylesheet_fetches_nothing() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "@font-face" not in CSS


@pytest.mark.parametrize("address", ["/tv", "/"])
def test_a_screen_needs_one_sheet_and_one_script(
    household_client: Callable[[str], FlaskClient], address: str
) -> None:
    page = household_client("h01").get(address).data

    assert re.findall(rb'"/static/([a-z.]+)\?', page) == [b"live.js", b"style.css"]


def zipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))
