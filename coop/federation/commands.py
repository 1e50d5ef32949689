"""The command `federation settle`: takes folders, says how the books of each stand."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coop.errors import InputError
from coop.members.entering import json_option

if TYPE_CHECKING:
    from coop.federation.partition import Failure, Front, Settled

CONFIG = "minga.toml"


@click.group()
def federation() -> None:
    """Work on the books of many cooperatives at once.

    Example: minga federation settle coops/*
    """


@federation.command()
@click.argument(
    "folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--scheduler", metavar="ADDRESS", help="A cluster that runs, as tcp://host:8786.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes of this machine; without it one for each core.",
)
@json_option
@click.pass_obj
def settle(
    front: "Front",
    folders: Sequence[Path],
    *,
    scheduler: str | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Settle what is due in every installation; each DIR is the folder of its minga.toml.

    One partition a cooperative and month. What a worker that ends had written stays; another one
    does the rest. Doing it twice changes nothing. Exit code: the highest of those that failed.

    Example: minga federation settle coops/*

    Example: minga federation settle coops/* --scheduler tcp://10.0.0.5:8786 --json
    """
    from coop.federation.cluster import Where, settle_all  # noqa: PLC0415  only who settles pays
    from coop.federation.partition import Failure  # noqa: PLC0415  as above

    if scheduler is not None and workers is not None:
        raise click.UsageError("--workers is for this machine; a cluster has its own")
    fronts = _check(front, folders)
    show = _show_progress if sys.stderr.isatty() else None
    found = list(settle_all(fronts, front.clock().now(), Where(scheduler, workers or 0), show))
    places = {str(one.config): place for place, one in enumerate(fronts)}
    months = [one for one in found if not isinstance(one, Failure)]
    months.sort(key=lambda one: (places[one.config], one.month))
    # A month that fails fails all behind it with the same words.
    failed = {(one.config, one.text): one for one in found if isinstance(one, Failure)}
    failures = sorted(failed.values(), key=lambda one: places[one.config])
    if as_json:
        click.echo(json.dumps(_document(months, failures), indent=1, ensure_ascii=False))
    else:
        _echo(fronts, months)
    for one in failures:
        click.echo(f"minga: {one.config}: {one.text}", err=True)
    if failures:
        sys.exit(max(one.exit_code for one in failures))


def _check(front: "Front", folders: Iterable[Path]) -> "list[Front]":
    """Return the front door of each installation; raise InputError with every problem."""
    fronts = [front.at(folder.absolute() / CONFIG) for folder in folders]
    problems = [problem for one in fronts for problem in one.problems()]
    if problems:
        raise InputError(*problems)
    for what, told in (
        ("[coop] id", lambda one: one.coop().id),
        ("[coop] database", lambda one: one.coop().database),
    ):
        problems += _find_twins(what, fronts, told)
    if problems:
        raise InputError(*problems)
    return fronts


def _find_twins(what: str, fronts: "Sequence[Front]", told: Any) -> Iterable[str]:  # noqa: ANN401  what a setting may be
    by_value: dict[str, list[str]] = defaultdict(list)
    for one in fronts:
        by_value[told(one)].append(str(one.config))
    for value, files in by_value.items():
        if len(files) > 1:
            yield (
                f"{files[1]}: {what}: found {value}, as in {files[0]}; "
                "each cooperative has its own: name each folder once, or correct one of the files"
            )


def _document(months: "Iterable[Settled]", failures: "Iterable[Failure]") -> dict[str, Any]:
    return {
        "partitions": [asdict(one) for one in months],
        "failures": [asdict(one) for one in failures],
    }


def _echo(fronts: "Sequence[Front]", months: "Sequence[Settled]") -> None:
    for one in months:
        click.echo(
            f"{one.coop} {one.month}: {one.settled} settled, {one.provisional} provisional, "
            f"{one.unsettled} unsettled; {one.entries} entries, {one.hash[:8]}"
        )
    coops = len({one.config for one in months})
    click.echo(
        f"{len(fronts)} cooperatives, {coops} of them had something due; {len(months)} months"
    )


def _show_progress(done: int, of: int) -> None:
    click.echo(f"\r{done} of {of} partitions", nl=done == of, err=True)
