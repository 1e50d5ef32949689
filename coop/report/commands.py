"""The command `month report`: a month as a page, on paper, as tables, or to be read aloud."""

import sys
from pathlib import Path
from typing import Protocol

import click

from coop.errors import InputError
from coop.settings import CoopSettings
from coop.words.commands import lang_option, open_words

FORMATS = ("html", "pdf", "xlsx", "csv", "json", "text")
BINARY = frozenset({"pdf", "xlsx"})


class Front(Protocol):
    """What this command needs of the front door."""

    def coop(self) -> CoopSettings:
        """Return the section of the cooperative."""
        ...


@click.command()
@click.argument("month", metavar="YYYY-MM")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="What to make of it; `text` are ten sentences to read aloud.  [default: json]",
)
@lang_option
@click.option("--public", "is_public", is_flag=True, help="Only what anyone may see.")
@click.option("--slips", "is_slips", is_flag=True, help="A slip for each home, as PDF.")
@click.option("-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="A file.")
@click.pass_obj
def report(  # noqa: PLR0913  one for each option
    front: Front,
    month: str,
    form: str | None,
    lang: str | None,
    *,
    is_public: bool,
    is_slips: bool,
    output: Path | None,
) -> None:
    """Report a month: the community, the fund, each home and roof, how well it was measured.

    An open month is a draft. `--public` leaves out every figure that covers fewer than five homes.

    Example: minga month report 2026-03 --format pdf --lang qu,es -o march.pdf
    """
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.report import read_report  # noqa: PLC0415  as above
    from coop.report.writing import writer_of  # noqa: PLC0415  as above

    _refuse_contradictions(form, is_public=is_public, is_slips=is_slips)
    chosen = "pdf" if is_slips else form or "json"
    _refuse_screen(chosen, output)
    writer = writer_of("slips" if is_slips else chosen, is_public=is_public)
    settings = front.coop()
    with open_database(settings) as database, database.reading() as connection:
        words = open_words(connection, settings, lang)
        held = read_report(connection, settings, month)
    written = writer(held, words)
    if output is None:
        click.echo(written, nl=False)
    else:
        _write(output, written)


def _refuse_contradictions(form: str | None, *, is_public: bool, is_slips: bool) -> None:
    if is_slips and is_public:
        raise InputError("--slips tells of every home, --public of none: leave one of them out")
    if is_slips and form not in {None, "pdf"}:
        raise InputError(f"--slips: found --format {form}, allowed: pdf; leave --format out")


def _refuse_screen(form: str, output: Path | None) -> None:
    if form in BINARY and output is None and is_terminal():
        raise InputError(
            f"--format {form}: a terminal cannot show it; name a file with -o, such as "
            f"-o report.{form}"
        )


def is_terminal() -> bool:
    """Say whether somebody would see the bytes."""
    return sys.stdout.isatty()


def _write(path: Path, content: bytes) -> None:
    """Put the content into a file that is whole or not there."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror}); name a file in a folder that is there"
        ) from error
