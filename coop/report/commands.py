"""The command `month report`: a month as JSON, as a table, or as a page."""

from pathlib import Path
from typing import Protocol

import click

from coop.errors import InputError
from coop.settings import CoopSettings
from coop.words.commands import lang_option, open_words

FORMATS = ("html", "csv", "json")


class Front(Protocol):
    """What this command needs of the front door."""

    def coop(self) -> CoopSettings:
        """Return the section of the cooperative."""
        ...


@click.command()
@click.argument("month", metavar="YYYY-MM")
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", show_default=True)
@lang_option
@click.option("--public", "is_public", is_flag=True, help="Only what anyone may see.")
@click.option("-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="A file.")
@click.pass_obj
def report(  # noqa: PLR0913  one for each option
    front: Front, month: str, form: str, lang: str | None, *, is_public: bool, output: Path | None
) -> None:
    """Report a month: the community, the fund, each home and roof, how well it was measured.

    An open month is a draft. `--public` leaves out every figure that covers fewer than five homes.

    Example: minga month report 2026-03 --format csv --lang qu,es -o march.csv
    """
    from coop.database import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.report import read_report  # noqa: PLC0415  as above
    from coop.report.writing import PUBLIC_WRITERS, WRITERS  # noqa: PLC0415  as above

    settings = front.coop()
    with open_database(settings) as database, database.reading() as connection:
        words = open_words(connection, settings, lang)
        held = read_report(connection, settings, month)
    text = (PUBLIC_WRITERS if is_public else WRITERS)[form](held, words)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)


def _write(path: Path, text: str) -> None:
    """Put the text into a file that is whole or not there."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror}); name a file in a folder that is there"
        ) from error
