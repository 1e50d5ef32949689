"""The command `explain`: how one figure of one home came to be."""

import json
from typing import Protocol

import click

from coop.calendar import moment_s
from coop.members.entering import json_option
from coop.settings import CoopSettings
from coop.words.commands import echo_all, lang_option, open_words


class Front(Protocol):
    """What this command needs of the front door."""

    def coop(self) -> CoopSettings:
        """Return the section of the cooperative."""
        ...


@click.command()
@click.argument("home", metavar="HOME")
@click.argument("slot", metavar="SLOT")
@lang_option
@json_option
@click.pass_obj
def explain(front: Front, home: str, slot: str, lang: str | None, *, as_json: bool) -> None:
    """Say how a home's part of one slot came to be, round by round.

    SLOT is the start of the slot: local time, or with an offset. What is told is computed again
    from the books; if it came out otherwise, that is said and the exit code is 1.

    Example: minga explain h07 2026-03-01T12:15 --lang qu,es
    """
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.explain import Explaining, tell  # noqa: PLC0415  as above
    from coop.explain.document import explanation_document  # noqa: PLC0415  as above

    settings = front.coop()
    at_s = moment_s(slot, settings)
    with open_database(settings) as database, database.reading() as connection:
        words = open_words(connection, settings, lang)
        explanation = Explaining(connection, settings).slot(home, at_s)
    lines = tell(explanation, settings.zone)
    if as_json:
        document = explanation_document(explanation, lines, words)
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for line in lines:
        echo_all(words, line.saying)
