"""Keeps the text of a page's part as long as what it shows is the same, whoever looks.

A part is told from its figures alone: while one is made, nobody may ask who looks. It is found by
its address, by how its words are told, and by the figures themselves, so it cannot be old.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from flask import g, request
from markupsafe import Markup

from coop.memory import Memory
from coop.words import Language

_KEPT = 128

Part = tuple[Markup, tuple[Language, ...]]
"""A text, and in which languages drafts stand in it."""


class Parts:
    """The parts that were made last."""

    def __init__(self) -> None:
        self._held: Memory[Part] = Memory(_KEPT)

    def show(self, figures: Hashable, make: Callable[[], str], of: str = "") -> Markup:
        """Return the part of this request's page that shows these figures, `of` some home."""
        name = (of, request.full_path, g.wording)
        held = self._held.recall(name, figures)
        if held is None:
            held = _make(make)
            self._held.keep(name, figures, held)
        text, drafts = held
        g.told.extend(drafts)
        return text


def _make(make: Callable[[], str]) -> Part:
    before, g.told = g.told, []
    try:
        with _nobody_looking():
            text = Markup(make())  # noqa: S704  what a template made
        return text, tuple(dict.fromkeys(g.told))
    finally:
        g.told = before


@contextmanager
def _nobody_looking() -> Iterator[None]:
    g.is_for_anyone = True
    try:
        yield
    finally:
        g.is_for_anyone = False
