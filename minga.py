"""The front door: the command line, and the wiring of the three rooms.

Commands are imported when they are called, so that the collector never loads the dashboard.
"""

import importlib
import json
import logging
import os
import sys
import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from pydantic import BaseModel, ValidationError

from collector.clock import Clock, SystemClock, clock_from_environment
from collector.errors import ConfigurationError
from collector.problems import describe
from collector.processes import SERVICES, Services, follow_parent, stop_on_signals

if TYPE_CHECKING:
    from collector.settings import Installation
    from collector.stores import ReadingStore
    from coop.settings import CoopSettings
    from dashboard.settings import WebSettings

COMMANDS = {
    "broker": "collector.simulator.commands:broker",
    "collect": "collector.commands:collect",
    "demo": "minga_demo:demo",
    "device": "collector.devices.commands:device",
    "explain": "coop.explain.commands:explain",
    "federation": "coop.federation.commands:federation",
    "fund": "coop.ledger.commands:fund",
    "ingest": "collector.commands:ingest",
    "key": "coop.commands:key",
    "member": "coop.commands:member",
    "month": "coop.month.commands:month",
    "reading": "coop.members.by_hand.commands:reading",
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

    def machine(self) -> Clock:
        """Return the machine's own clock, by which visits and tokens end though a replay is on."""
        return SystemClock()

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
    front.collector()
    stop = stop_on_signals()
    services = Services()
    try:
        for name in SERVICES:
            services.start(name, ["--config", str(front.config), name])
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
