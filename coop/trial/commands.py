"""The commands `share …`: one slot by hand, and what another key would have done."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from coop.allocation import Method, Missing, OwnUse, Tie, Trace, allocate, outcome_as_json
from coop.allocation.model import THEN, WITHIN_TIER
from coop.errors import InputError
from coop.trial.question import Question
from coop.trial.request import read_request
from coop.trial.series import Unit
from coop.trial.text import trial_text

ALL = "all"


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


@share.command("try")
@click.option("--production", type=_FILE, required=True, help="CSV: start, then a roof a column.")
@click.option("--consumption", type=_FILE, required=True, help="CSV: start, then a home a column.")
@click.option("--unit", type=_words(Unit), default=str(Unit.WH), help="Of the cells; default Wh.")
@click.option("--slot-minutes", type=click.IntRange(1, 1440), help="Default: the files' spacing.")
@click.option("--method", type=_words([*Method, ALL]), default=ALL, help="Default: all of them.")
@click.option("--weights", type=_FILE, help="CSV: id,weight[,tier][,reserved_percent].")
@click.option("--tie", type=_words(Tie), default=str(Tie.ROTATE))
@click.option("--own-use", type=_words(OwnUse), default=str(OwnUse.FIRST))
@click.option("--missing", type=_words(Missing), default=str(Missing.RESERVE))
@click.option("--then", type=_words(THEN), help="The second step of reserved and lifeline.")
@click.option("--within-tier", type=_words(WITHIN_TIER), default=str(Method.PRO_RATA))
@click.option("--lifeline-wh", type=click.IntRange(0), help="First Wh of each need in a slot.")
@click.option("--month", metavar="YYYY-MM", help="Only the slots of this local month.")
@click.option("--timezone", default="UTC", help="Zone of starts without offset, and of the month.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
def try_keys(as_json: bool, **terms: Any) -> None:  # noqa: ANN401, FBT001  click hands options over so
    """Show what each method would have done with measured energy.

    Example: minga share try --production P.csv --consumption C.csv --unit kWh --month 2026-03
    """
    question = Question(**{**terms, "method": None if terms["method"] == ALL else terms["method"]})
    answer = question.ask(_show_progress if sys.stderr.isatty() else None)
    if as_json:
        skipped = [{"method": str(one.method), "why": one.why} for one in answer.skipped]
        _echo_json({"methods": [asdict(one) for one in answer.trials], "skipped": skipped})
    else:
        click.echo(trial_text(answer))


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
