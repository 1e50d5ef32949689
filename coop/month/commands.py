"""The commands `month …`: what a steward does at the end of a month."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from coop.calendar import moment_s
from coop.errors import InputError
from coop.members.entering import json_option
from coop.metering.readings import CounterReadings
from coop.report.commands import report
from coop.settings import CoopSettings

if TYPE_CHECKING:
    from coop.month.closing import Closing, Status
    from coop.month.states import Standing

NOT_RIGHT = 1


class Clock(Protocol):
    """Tells when something is frozen or signed."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...


class Readings(CounterReadings, Protocol):
    """Counters that were opened and must be closed."""

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Front(Protocol):
    """What these commands need of the front door."""

    def coop(self) -> CoopSettings:
        """Return the section of the cooperative."""
        ...

    def clock(self) -> Clock:
        """Return the clock."""
        ...

    def open_store(self) -> Readings:
        """Open the store of readings."""
        ...


month_argument = click.argument("month", metavar="YYYY-MM")


@click.group()
def month() -> None:
    """Freeze a month, sign it, let the assembly review it, hand it out.

    Example: minga month status 2026-03
    """


@month.command()
@month_argument
@json_option
@click.pass_obj
def status(front: Front, month: str, *, as_json: bool) -> None:
    """Say how a month stands and what is in the way of freezing it; exit code 1 if anything is.

    Example: minga month status 2026-03
    """
    from coop.month.document import status_document  # noqa: PLC0415  --help needs no SQLAlchemy

    with _closing(front) as months:
        found = months.status(month, front.clock().now())
    if as_json:
        click.echo(json.dumps(status_document(found), indent=1, ensure_ascii=False))
    else:
        _echo(found)
    if found.obstacles:
        sys.exit(NOT_RIGHT)


@month.command()
@month_argument
@click.pass_obj
def freeze(front: Front, month: str) -> None:
    """Freeze a month: share it for the last time, book the money, keep its files.

    Nothing of it changes afterwards; what comes late is booked in the month after. Doing it twice
    changes nothing.

    Example: minga month freeze 2026-03
    """
    show = _show_progress if sys.stderr.isatty() else None
    with _closing(front) as months:
        _echo_standing(months.freeze(month, front.clock().now(), show))


@month.command()
@month_argument
@click.option("--steward", required=True, help="The steward who signs.")
@click.pass_obj
def sign(front: Front, month: str, steward: str) -> None:
    """Sign a frozen month; the second steward's signature closes it.

    Example: minga month sign 2026-03 --steward rosa
    """
    with _closing(front) as months:
        _echo_standing(months.sign(month, steward, front.clock().now()))


@month.command()
@month_argument
@click.option("--approved", is_flag=True, help="The assembly approved the month.")
@click.option("--observed", metavar="TEXT", help="The assembly has a remark on the month.")
@click.pass_obj
def review(front: Front, month: str, *, approved: bool, observed: str | None) -> None:
    """Enter what the assembly said of a closed month.

    Example: minga month review 2026-03 --observed "The school roof was off for two days"
    """
    from coop.month.states import Act  # noqa: PLC0415  only who acts pays

    if approved == (observed is not None):
        raise click.UsageError("say either --approved or --observed TEXT")
    act = Act.APPROVED if approved else Act.OBSERVED
    with _closing(front) as months:
        _echo_standing(months.review(month, act, observed or "", front.clock().now()))


@month.command()
@month_argument
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def export(front: Front, month: str, folder: Path) -> None:
    """Write all that a frozen month rests on into DIR, with the program that checks it.

    Example: minga month export 2026-03 march; python3 march/verify.py march
    """
    from coop.month.export import write_files  # noqa: PLC0415  only this command pays

    with _closing(front) as months:
        files = months.files(month)
    write_files(folder, files)
    click.echo(f"{folder}: {len(files)} files; check them: python3 {folder / 'verify.py'}")


@month.command()
@month_argument
@click.option("--from", "start", required=True, help="First moment, as in minga member.")
@click.option("--to", "end", required=True, help="First moment that is not meant any more.")
@click.option("--steward", required=True, help="Who says so.")
@click.argument("text")
@click.pass_obj
def reason(front: Front, /, month: str, start: str, end: str, **told: str) -> None:
    """Record why slots of a month have no production, so that it can be frozen without them.

    Example: minga month reason 2026-03 --from 2026-03-04 --to 2026-03-06 --steward rosa "Cable cut"
    """
    settings = front.coop()
    span_s = moment_s(start, settings), moment_s(end, settings)
    if span_s[0] >= span_s[1]:
        raise InputError(f"reason: --from {start} is not before --to {end}; correct one of them")
    with _closing(front) as months:
        now = front.clock().now()
        months.record_reason(month, span_s, told["steward"], told["text"], now)
    click.echo(f"Recorded for {month}.")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--before", type=click.Path(path_type=Path), help="The export of the month before.")
def verify(folder: Path, before: Path | None) -> None:
    """Recompute an exported month from its readings, offline; exit code 1 if anything differs.

    The same file runs without Minga: python3 DIR/verify.py

    Example: minga verify march --before february
    """
    from coop.month.verify import main  # noqa: PLC0415  only this command pays

    arguments = [str(folder), *(["--before", str(before)] if before else [])]
    sys.exit(main(arguments))  # type: ignore[no-untyped-call]  # decisions/009: it has no types


@contextmanager
def _closing(front: Front) -> "Iterator[Closing]":
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.month.closing import Closing  # noqa: PLC0415  as above

    settings = front.coop()
    with open_database(settings) as database, closing(front.open_store()) as readings:
        yield Closing(database, readings, settings)


def _echo(found: "Status") -> None:
    tally = found.tally
    _echo_standing(found.standing)
    click.echo(
        f"{tally.slots} slots: {tally.settled} settled, {tally.provisional} provisional, "
        f"{tally.unsettled} unsettled, {tally.missing} not in the books"
    )
    if found.line:
        click.echo(found.line)
    for one in found.obstacles:
        click.echo(f"- {one}")


def _echo_standing(standing: "Standing") -> None:
    signed = f", signed by {' and '.join(standing.signed_by)}" if standing.signed_by else ""
    review = standing.review
    said = f", {review.act}{': ' + review.text if review.text else ''}" if review else ""
    click.echo(f"{standing.month} is {standing.state}{signed}{said}")


def _show_progress(done: int, of: int) -> None:
    click.echo(f"\r{done} of {of} slots", nl=done == of, err=True)


month.add_command(report)
