"""The commands `share …`: one slot by hand, and what another key would have done."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import click

from coop.allocation import Method, Missing, OwnUse, Tie, Trace, allocate, outcome_as_json
from coop.allocation.model import THEN, WITHIN_TIER
from coop.errors import InputError
from coop.settings import CoopSettings
from coop.trial.picture import write_pictures
from coop.trial.question import Question
from coop.trial.request import read_request
from coop.trial.series import Unit
from coop.trial.text import trial_text
from coop.trial.trial import OwnMonth
from coop.words import Words, parse_languages
from coop.words.commands import lang_option, open_words

ALL = "all"


class Front(Protocol):
    """What these commands need of the front door, for a month of the books."""

    def coop(self) -> CoopSettings:
        """Return the section of the cooperative."""
        ...


@click.group()
def share() -> None:
    """Share the energy of one slot, or try other keys on measured months.

    Example: minga share allocate slot.json
    """


@share.command("allocate")
@click.argument("file", metavar="FILE|-")
def allocate_slot(file: str) -> None:
    """Share one slot as FILE asks (- reads standard input); answer JSON with every step.

    Example: minga share allocate slot.json
    """
    request = read_request(_read(file), "standard input" if file == "-" else file)
    trace = Trace()
    outcome = allocate(request, trace)
    steps = [{"step": step, "text": text} for step, text in trace.steps]
    _echo_json({**outcome_as_json(outcome), "explanation": steps})


def _words(values: Any) -> click.Choice[str]:  # noqa: ANN401  any sequence of words
    return click.Choice([str(value) for value in values])


_FILE = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@share.command("try")
@click.option("--production", type=_FILE, help="CSV: start, then a roof a column.")
@click.option("--consumption", type=_FILE, help="CSV: start, then a home a column.")
@click.option("--unit", type=_words(Unit), help="Of the cells; default Wh.")
@click.option("--slot-minutes", type=click.IntRange(1, 1440), help="Default: the files' spacing.")
@click.option("--method", type=_words([*Method, ALL]), default=ALL, help="Default: all of them.")
@click.option("--weights", type=_FILE, help="CSV: id,weight[,tier][,reserved_percent].")
@click.option("--tie", type=_words(Tie), help="Default: rotate, or as the key says.")
@click.option("--own-use", type=_words(OwnUse), help="Default: own_use_first, or as the key says.")
@click.option("--missing", type=_words(Missing), help="Default: reserve, or as the key says.")
@click.option("--then", type=_words(THEN), help="The second step of reserved and lifeline.")
@click.option("--within-tier", type=_words(WITHIN_TIER), help="Default: pro_rata.")
@click.option("--lifeline-wh", type=click.IntRange(0), help="First Wh of each need in a slot.")
@click.option("--month", metavar="YYYY-MM", help="A month of the books; of files, only this month.")
@click.option("--timezone", help="Zone of starts without offset, and of the month; default UTC.")
@click.option("--svg", type=_FOLDER, help="A picture and a CSV of homes for each method.")
@lang_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@click.pass_obj
def try_keys(
    front: Front | None,
    /,
    *,
    as_json: bool,
    svg: Path | None,
    lang: str | None,
    **terms: Any,  # noqa: ANN401  click hands options over so
) -> None:
    """Show what each method would have done with measured energy.

    Without files it is the energy of a month in the books, compared with what was booked.

    Example: minga share try --month 2026-03 --svg pictures

    Example: minga share try --production P.csv --consumption C.csv --unit kWh
    """
    question = Question(**{**terms, "method": None if terms["method"] == ALL else terms["method"]})
    words = Words(CoopSettings().languages if lang is None else parse_languages(lang))
    own = None
    if question.is_of_the_books:
        own, words = _own_month(front, question.month or "", lang)
    answer = question.ask(_show_progress if sys.stderr.isatty() else None, own)
    if svg is not None:
        write_pictures(svg, answer.comparisons(), words)
    if as_json:
        skipped = [{"method": str(one.method), "why": one.why} for one in answer.skipped]
        _echo_json({"methods": [asdict(one) for one in answer.trials], "skipped": skipped})
    else:
        click.echo(trial_text(answer))


def _own_month(front: Front | None, month: str, lang: str | None) -> tuple[OwnMonth, Words]:
    from coop.database.opening import open_database  # noqa: PLC0415  files need no SQLAlchemy
    from coop.trial.own_month import read_own_month  # noqa: PLC0415  as above

    if front is None:
        raise InputError("--production: is missing; without a configuration give both files")
    settings = front.coop()
    with open_database(settings) as database, database.reading() as connection:
        words = open_words(connection, settings, lang)
        return read_own_month(connection, settings, month), words


def _echo_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _show_progress(done: int, of: int) -> None:
    click.echo(f"\r{done} of {of} methods", nl=done == of, err=True)


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); give a JSON file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: is not UTF-8 text; save it as UTF-8") from error
