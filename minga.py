"""The front door: the command line, and the wiring of the three rooms.

Commands are imported when they are called, so that the collector never loads the dashboard.
"""

import importlib
import json
import logging
import os
import sys
import tempfile
import tomllib
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from pydantic import BaseModel, ValidationError

from collector.clock import ENVIRONMENT, Clock, clock_from_environment
from collector.errors import ConfigurationError
from collector.problems import describe
from collector.processes import follow_parent

if TYPE_CHECKING:
    from collector.processes import Services
    from collector.settings import Installation
    from collector.simulator.description import PlantDescription
    from collector.simulator.rehearsal import Rehearsal
    from collector.stores import ReadingStore
    from coop.doors.example import Keys
    from coop.members.example import ExampleHome, ExampleRoof
    from coop.settings import CoopSettings
    from dashboard.settings import WebSettings

COMMANDS = {
    "broker": "collector.simulator.commands:broker",
    "collect": "collector.commands:collect",
    "device": "collector.devices.commands:device",
    "explain": "coop.explain.commands:explain",
    "federation": "coop.federation.commands:federation",
    "fund": "coop.ledger.commands:fund",
    "ingest": "collector.commands:ingest",
    "key": "coop.commands:key",
    "member": "coop.commands:member",
    "month": "coop.month.commands:month",
    "reading": "coop.members.reading_commands:reading",
    "settle": "coop.commands:settle",
    "share": "coop.trial.commands:share",
    "simulate": "collector.simulator.commands:simulate",
    "steward": "coop.members.steward_commands:steward",
    "tariff": "coop.members.steward_commands:tariff",
    "token": "coop.tokens.commands:token",
    "verify": "coop.month.commands:verify",
    "web": "dashboard.commands:web",
    "words": "coop.words.phrase_commands:words",
}
DEBUG = "MINGA_DEBUG"
FAULT = f"a fault in Minga, please report it with what {DEBUG}=1 prints; nothing accepted is lost"
FAULT_CODE = 70
SERVICES = ("collect", "ingest", "web")

_Model = TypeVar("_Model", bound=BaseModel)


class Front:
    """What commands are given: the checked settings, the clock and the store they name."""

    def __init__(self, config: Path) -> None:
        """Remember the file; it is read when a command needs it."""
        self.config = config

    def at(self, config: Path) -> "Front":
        """Return the front door of another installation."""
        return Front(config)

    def problems(self) -> list[str]:
        """Return what is wrong with the file; empty when commands can use it."""
        try:
            _ = self._settings
        except ConfigurationError as error:
            return [f"{error.source}: {problem}" for problem in error.problems]
        return []

    def collector(self) -> "Installation":
        """Return the sections that measuring needs."""
        return self._settings[0]

    def coop(self) -> "CoopSettings":
        """Return the section of the cooperative."""
        return self._settings[1]

    def web(self) -> "WebSettings":
        """Return the section of the pages."""
        return self._settings[2]

    def clock(self) -> Clock:
        """Return the one clock."""
        return clock_from_environment()

    def open_store(self) -> "ReadingStore":
        """Open the store of readings that the file names."""
        from collector.stores.opening import open_store  # noqa: PLC0415  only who stores pays

        installation = self.collector()
        return open_store(installation.store, installation.sqlite, installation.influxdb)

    @cached_property
    def _settings(self) -> "tuple[Installation, CoopSettings, WebSettings]":
        from collector.settings import Installation  # noqa: PLC0415  not every command needs a file
        from coop.settings import CoopSettings  # noqa: PLC0415  not every command needs a file
        from dashboard.settings import WebSettings  # noqa: PLC0415  not every command needs a file

        document = _read_toml(self.config)
        problems: list[str] = []
        coop = _validate(CoopSettings, document.pop("coop", {}), "coop", problems)
        web = _validate(WebSettings, document.pop("web", {}), "web", problems)
        installation = _validate(Installation, document, "", problems)
        if problems or not (installation and coop and web):
            raise ConfigurationError(str(self.config), problems)
        folder = self.config.resolve().parent
        return _resolve_paths(installation, folder), coop.resolved(folder), web


class RoomGroup(click.Group):
    """Find each command in the room that brings it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that is called, and no other."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=RoomGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("minga.toml"),
    envvar="MINGA_CONFIG",
    show_default=True,
    help="The installation's file.",
)
@click.version_option(package_name="minga")
@click.pass_context
def cli(ctx: click.Context, config: Path) -> None:
    """Minga: the energy service of a rooftop solar cooperative.

    Example: minga demo
    """
    ctx.obj = Front(config)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
@click.pass_obj
def check(front: Front, as_json: bool) -> None:  # noqa: FBT001  click hands options over so
    """Check the configuration and the profiles it names; print every problem at once.

    Example: minga --config minga.toml check
    """
    _read_text(front.config)
    problems = _find_problems(front)
    if as_json:
        click.echo(json.dumps({"config": str(front.config), "problems": problems}))
    else:
        click.echo("\n".join(problems) or f"{front.config}: no problem found")
    sys.exit(1 if problems else 0)


@cli.command()
@click.pass_obj
def run(front: Front) -> None:
    """Run all services of a single box: collect, ingest and web.

    Example: minga --config minga.toml run
    """
    from collector.processes import Services, stop_on_signals  # noqa: PLC0415  for this one only

    front.collector()
    stop = stop_on_signals()
    services = Services()
    try:
        for name in SERVICES:
            services.start(name, ["--config", str(front.config), name])
        services.watch(stop)
    finally:
        services.end()


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option("--homes", type=click.IntRange(5, 60), default=12, show_default=True)
@click.option("--replay", type=click.Path(path_type=Path, file_okay=False), help="Measured homes.")
@click.option("--from", "start", metavar="DATE", help="The day a replay begins with.")
@click.option("--speed", type=click.FloatRange(1, 3600), help="How many times as fast as time.")
@click.option("--timezone", metavar="ZONE", help="Time zone of the replayed files.")
@click.option("--no-browser", is_flag=True, help="Do not open the pages.")
def demo(port: int, no_browser: bool, **wishes: Any) -> None:  # noqa: ANN401, FBT001  click's way
    """Run the whole system on loopback, with simulated devices and 40 days behind it.

    Example: minga demo --port 8080

    Example: minga demo --replay ../shared/data/fontana --from 2017-05-01 --speed 600
    """
    from collector.processes import Services, stop_on_signals  # noqa: PLC0415  for this one only
    from collector.simulator.rehearsal import Wishes, plan_rehearsal  # noqa: PLC0415  brings pvlib
    from collector.simulator.stage import refuse_taken  # noqa: PLC0415  for this one only

    refuse_taken(port)
    stop = stop_on_signals()
    rehearsal = plan_rehearsal(Wishes(**wishes), clock_from_environment().now())
    with tempfile.TemporaryDirectory(prefix="minga-demo-") as folder:
        services = Services(
            {ENVIRONMENT: str(Path(folder) / "clock.json")} if rehearsal.speed else {}
        )
        try:
            keys = _raise_curtain(Path(folder), rehearsal, port, services)
            _tell_addresses(port, keys, opens_browser=not no_browser)
            services.watch(stop)
        finally:
            services.end()


def main() -> None:
    """Run the command line; turn what was raised on purpose into one line and an exit code."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    follow_parent()
    try:
        cli(prog_name="minga")
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        text, code = tell(error)
        click.echo(f"minga: {text}", err=True)
        sys.exit(code)


def tell(error: Exception) -> tuple[str, int]:
    """Return what a person is told of an error, and the exit code."""
    if isinstance(error, ModuleNotFoundError):
        return f"this command needs {error.name}, which is not installed; run `make setup`", 2
    code = getattr(error, "exit_code", None)
    if code is None:
        return f"{FAULT} ({type(error).__name__}: {error})", FAULT_CODE
    return str(error), code


def _raise_curtain(folder: Path, rehearsal: "Rehearsal", port: int, services: "Services") -> "Keys":
    """Start every service of a demo on its past; the clock runs once all of them stand."""
    from collector.simulator.stage import Stage, free_port, write_stage  # noqa: PLC0415  demo only

    clock, mqtt_port = folder / "clock.json", free_port()
    stage = Stage(rehearsal.name, rehearsal.timezone, port, mqtt_port, rehearsal.poll_s)
    plant, config = write_stage(folder, rehearsal.plant, stage)
    rehearsal.hold_clock(clock)
    services.start("broker", ["broker", "--port", str(mqtt_port)])
    services.start("simulate", ["simulate", str(plant)])
    keys = _settle_past(Front(config), rehearsal)
    for name in ("broker", "simulate"):
        services.wait_ready(name)
    for name in SERVICES:
        services.start(name, ["--config", str(config), name])
    services.wait_for_port("web", port)
    rehearsal.start_clock(clock)
    return keys


def _settle_past(front: Front, rehearsal: "Rehearsal") -> "Keys":
    """Bring the past through the same ingest and the same settling as any other day."""
    from collector.intake.ingest import Ingest  # noqa: PLC0415  demo only
    from collector.intake.journal import Journal  # noqa: PLC0415  demo only
    from coop.database import open_database  # noqa: PLC0415  demo only
    from coop.doors.example import open_doors  # noqa: PLC0415  demo only
    from coop.members.example import ExamplePlan, create_example  # noqa: PLC0415  demo only
    from coop.settle import Settler  # noqa: PLC0415  demo only

    store, database = front.open_store(), open_database(front.coop())
    journal = Journal(front.collector().ingest.state / "journal.sqlite")
    try:
        with _progress("readings of the past") as tell:
            rehearsal.feed_past(Ingest(store, journal, lambda: rehearsal.start), tell)
        homes, roofs = _neighbours(rehearsal.plant)
        since_s = int(rehearsal.since.timestamp())
        create_example(database, homes, roofs, ExamplePlan(since_s))
        with _progress("slots settled") as tell:
            Settler(database, store, front.coop()).settle(
                rehearsal.start, lambda done, _whole: tell(done)
            )
        return open_doors(database, homes[0].id, since_s, front.clock())
    finally:
        for one in (journal, store, database):
            one.close()


def _neighbours(plant: "PlantDescription") -> "tuple[list[ExampleHome], list[ExampleRoof]]":
    """Say which simulated device stands for whom; a measured roof is its own home's."""
    from coop.members.example import ExampleHome, ExampleRoof  # noqa: PLC0415  demo only

    home_devices = [device for device in plant.device if device.kind == "home"]
    home_ids = {device.id: f"h{n:02}" for n, device in enumerate(home_devices, start=1)}
    owners = {device.bus: home_ids[device.id] for device in home_devices}
    homes = [ExampleHome(home_ids[one.id], (one.id, one.counter)) for one in home_devices]
    roofs = [
        ExampleRoof(
            one.id,
            one.name,
            (one.id, one.counter),
            owners[one.bus] if one.flow.source == "measured" else None,
        )
        for one in plant.device
        if one.kind == "roof"
    ]
    return homes, roofs


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int], None]]:
    """Show a running count on a terminal, nothing where the output goes elsewhere."""
    is_shown = sys.stderr.isatty()

    def tell(done: int) -> None:
        if is_shown:
            click.echo(f"\r{done:>8,} {what}", nl=False, err=True)

    yield tell
    if is_shown:
        click.echo("", err=True)


def _tell_addresses(port: int, keys: "Keys", *, opens_browser: bool) -> None:
    address = f"http://127.0.0.1:{port}"
    click.echo(f"public screen   {address}/tv\n{keys.told(address)}")
    click.echo("Ctrl-C ends it and leaves nothing behind.")
    if opens_browser:
        webbrowser.open(f"{address}/tv")


def _find_problems(front: Front) -> list[str]:
    from collector.profiles.profile import check_profiles  # noqa: PLC0415  for this one only

    try:
        return check_profiles(front.collector())
    except ConfigurationError as error:
        return [f"{error.source}: {problem}" for problem in error.problems]


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(_read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(str(path), [f"is not TOML: {error}"]) from error


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationError(
            str(path), [f"cannot be read ({why}); write it as docs/configuration.md shows"]
        ) from error


def _validate(
    model: type[_Model], section: object, where: str, problems: list[str]
) -> _Model | None:
    try:
        return model.model_validate(section)
    except ValidationError as error:
        problems += describe(error, model, where)
        return None


def _resolve_paths(model: _Model, folder: Path) -> _Model:
    """Place every relative path of the settings under the folder of their file."""
    changes: dict[str, object] = {}
    for name, value in model:
        if isinstance(value, Path):
            changes[name] = folder / value
        elif isinstance(value, BaseModel):
            changes[name] = _resolve_paths(value, folder)
    return model.model_copy(update=changes)


if __name__ == "__main__":
    main()
