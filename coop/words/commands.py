"""Languages on the command line: the option `--lang`, and telling something in all of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coop.settings import CoopSettings
from coop.words import Saying, Words, parse_languages

if TYPE_CHECKING:
    from sqlalchemy import Connection

_Command = TypeVar("_Command", bound=Callable[..., Any])


def lang_option(command: _Command) -> _Command:
    """Ask in which languages to answer."""
    return click.option(
        "--lang",
        metavar="LANG",
        help="Languages in their order, as in qu,es; the cooperative's own if left out.",
    )(command)


def open_words(connection: "Connection", settings: CoopSettings, lang: str | None) -> Words:
    """Return the words of the languages asked for, with the cooperative's corrections."""
    from coop.words.corrections import read_corrections  # noqa: PLC0415  --help needs no SQLAlchemy

    languages = settings.languages if lang is None else parse_languages(lang)
    return Words(languages, read_corrections(connection))


def echo_all(words: Words, saying: Saying) -> None:
    """Print something in the first language, and below it, set in, in the others."""
    for place, told in enumerate(words.tell_all(saying)):
        click.echo(f"{'  ' if place else ''}{told.text}")
