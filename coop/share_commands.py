"""The commands `share …`: one slot by hand, and what another key would have done."""

import json
import sys
from pathlib import Path

import click

from coop.allocation import Trace, allocate, outcome_as_json
from coop.allocation_input import read_request
from coop.errors import InputError


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
    answer = {**outcome_as_json(outcome), "explanation": steps}
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); give a JSON file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: is not UTF-8 text; save it as UTF-8") from error
