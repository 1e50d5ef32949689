"""The commands of `minga device`: look at profiles, read a device, decode and serve captures."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from collector.devices.accept_command import accept
from collector.devices.scan_command import scan
from collector.errors import ConfigurationError

if TYPE_CHECKING:
    from collector.profiles.decode import Decoded
    from collector.profiles.layout import Captured
    from collector.profiles.profile import Profile
    from collector.settings import Installation


class Front(Protocol):
    """What these commands need of the front door."""

    @property
    def config(self) -> Path:
        """Return where the installation's file would be."""
        ...

    def collector(self) -> "Installation":
        """Return the checked settings."""
        ...


profile_option = click.option(
    "--profile", "name", required=True, help="A family's profile, as `device profiles` lists them."
)
unit_option = click.option(
    "--unit", type=click.IntRange(0, 255), required=True, help="The device's unit id."
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
timeout_option = click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(0.01, 60),
    default=2.0,
    show_default=True,
    help="Seconds to wait for each answer.",
)


@click.group()
def device() -> None:
    """Look at devices and their profiles; nothing here can write to a device.

    Example: minga device profiles
    """


device.add_command(accept)
device.add_command(scan)


@device.command()
@json_option
@click.option("--schema", "as_schema", is_flag=True, help="Print the JSON schema of a profile.")
@click.pass_obj
def profiles(front: Front, *, as_json: bool, as_schema: bool) -> None:
    """List the profiles that can be used, own ones among them.

    Example: minga device profiles --json
    """
    from collector.profiles.profile import load_profiles, write_schema  # noqa: PLC0415  brings pydantic

    if as_schema:
        click.echo(write_schema())
        return
    found = load_profiles(_folders(front))
    if as_json:
        rows = [
            {"profile": one.name, "title": one.title, "registers": len(one.registers)}
            for one in found
        ]
        click.echo(json.dumps({"profiles": rows}, ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(f"{one.name:26}{len(one.registers):4} registers  {one.title}")


@device.command()
@profile_option
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--model-at", type=int, help="Address of the ID register the capture begins in.")
@click.option("--model", type=int, help="Number of that model, if --model-at is told.")
@json_option
@click.pass_obj
def decode(  # noqa: PLR0913  click hands each option over as an argument
    front: Front,
    *,
    name: str,
    file: str,
    model_at: int | None,
    model: int | None,
    as_json: bool,
) -> None:
    """Decode a capture; FILE holds one, or one a line, and - is standard input.

    Example: minga device decode --profile huawei_sun2000 capture.json
    """
    from collector.profiles.captures import check_tables, read_captures  # noqa: PLC0415  brings pydantic
    from collector.profiles.decode import decode_blocks  # noqa: PLC0415  brings pydantic
    from collector.profiles.profile import load_profile  # noqa: PLC0415  brings pydantic
    from collector.profiles.sunspec import ModelStart  # noqa: PLC0415  brings pydantic

    if model is not None and model_at is None:
        raise click.UsageError("--model needs --model-at, the address of its ID register")
    profile = load_profile(name, _folders(front))
    if model_at is not None and profile.sunspec is None:
        raise click.UsageError(f"--model-at is for SunSpec profiles, {name} has fixed addresses")
    start = None if model_at is None else ModelStart(model_at, model)
    captures = read_captures(file, _read_text(file))
    check_tables(file, profile, captures)
    _answer(profile, [decode_blocks(profile, one, start) for one in captures], as_json=as_json)


@device.command()
@profile_option
@click.argument("url")
@unit_option
@timeout_option
@json_option
@click.pass_obj
def read(  # noqa: PLR0913  click hands each option over as an argument
    front: Front,
    *,
    name: str,
    url: str,
    unit: int,
    timeout_s: float,
    as_json: bool,
) -> None:
    """Read all that a profile knows from a device, once.

    URL is tcp://host:502, rtu+tcp://host:4196 or rtu:///dev/ttyUSB0?baudrate=9600.

    Example: minga device read --profile eastron_sdm rtu:///dev/ttyUSB0 --unit 1
    """
    from collector.profiles.decode import decode_blocks  # noqa: PLC0415  brings pydantic
    from collector.profiles.profile import load_profile  # noqa: PLC0415  brings pydantic

    profile = load_profile(name, _folders(front))
    blocks = _capture(profile, url, unit, timeout_s)
    _answer(profile, [decode_blocks(profile, blocks)], as_json=as_json)
    if profile.sunspec:
        from collector.profiles.sunspec_points import list_models  # noqa: PLC0415  for SunSpec only

        click.echo(list_models(profile, blocks), err=True)


@device.command()
@profile_option
@click.argument("url")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@unit_option
@timeout_option
@click.pass_obj
def record(  # noqa: PLR0913  click hands each option over as an argument
    front: Front, *, name: str, url: str, file: Path, unit: int, timeout_s: float
) -> None:
    """Read a device once and append its words to FILE, as `decode` and `serve` take them.

    Example: minga device record --profile huawei_sun2000 tcp://192.168.10.21 roof.jsonl --unit 1
    """
    from collector.profiles.captures import dump_capture  # noqa: PLC0415  brings pydantic
    from collector.profiles.profile import load_profile  # noqa: PLC0415  brings pydantic

    _refuse_unwritable(file)
    blocks = _capture(load_profile(name, _folders(front)), url, unit, timeout_s)
    try:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{dump_capture(blocks)}\n")
    except OSError as error:
        raise ConfigurationError(str(file), [f"cannot be written ({error.strerror})"]) from error
    words = sum(len(one.words) for one in blocks)
    click.echo(f"{file}: {words} registers in {len(blocks)} blocks")


@device.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "--listen",
    default="tcp://127.0.0.1:5020",
    show_default=True,
    help="tcp://host:port, rtu+tcp://host:port or rtu:///dev/ttyUSB0?baudrate=9600.",
)
@click.option("--unit", type=click.IntRange(0, 255), help="Answer under this unit id only.")
def serve(file: str, listen: str, unit: int | None) -> None:
    """Serve a capture as a Modbus server, for every unit id, until Ctrl-C.

    Of several captures in FILE the later words stand; a word that is null is refused.

    Example: minga device serve roof.jsonl --listen tcp://127.0.0.1:5020
    """
    from collector.devices.address import parse_url  # noqa: PLC0415  for this one only
    from collector.processes import stop_on_signals  # noqa: PLC0415  for services only
    from collector.profiles.captures import read_captures  # noqa: PLC0415  brings pydantic
    from collector.profiles.layout import remember  # noqa: PLC0415  brings pydantic
    from collector.simulator.modbus_server import (  # noqa: PLC0415  brings pymodbus
        ModbusServer,
        serve_memory,
        serve_units,
    )

    address = parse_url(listen, may_choose=True)
    captures = read_captures(file, _read_text(file))
    words = serve_memory(remember(block for blocks in captures for block in blocks))
    if unit is not None:
        words = serve_units({unit: words}, is_line=address.kind != "tcp")
    stop = stop_on_signals()
    with ModbusServer(words, line=address) as server:
        where = listen if address.path else f"{address.kind}://{server.host}:{server.port}"
        click.echo(f"{file} on {where}, Ctrl-C ends")
        sys.stdout.flush()
        stop.wait()


def _folders(front: Front) -> tuple[Path, ...]:
    from collector.profiles.profile import profile_folders  # noqa: PLC0415  brings pydantic

    own = front.collector().collector.profiles if front.config.exists() else None
    return profile_folders(own)


def _read_text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(file, [f"cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(file, ["is not text in UTF-8; allowed: JSON"]) from error


def _refuse_unwritable(file: Path) -> None:
    """Say so before a device is asked for words that nobody could keep."""
    if not file.parent.is_dir():
        raise ConfigurationError(str(file), [f"cannot be written, {file.parent} is no folder"])


def _capture(profile: "Profile", url: str, unit: int, timeout_s: float) -> "list[Captured]":
    from collector.devices.modbus import Bus  # noqa: PLC0415  brings pymodbus
    from collector.devices.survey import Line, capture  # noqa: PLC0415  brings pydantic

    bus = Bus(url, timeout_s)
    try:
        return capture(profile, Line(bus, unit))
    finally:
        bus.close()


def _answer(profile: "Profile", answers: "Sequence[Sequence[Decoded]]", *, as_json: bool) -> None:
    from collector.profiles.captures import dump_answer, dump_answers  # noqa: PLC0415  brings pydantic

    if as_json:
        documents = [dump_answer(profile.name, one) for one in answers]
        click.echo(documents[0] if len(documents) == 1 else dump_answers(documents))
        return
    for number, decoded in enumerate(answers, start=1):
        if len(answers) > 1:
            click.echo(f"capture {number}")
        for one in decoded:
            click.echo(_row(one))


def _row(one: "Decoded") -> str:
    from collector.profiles.captures import format_value  # noqa: PLC0415  brings pydantic

    unit = "" if one.unit in {"1", "enum", "text"} else one.unit
    quality = "" if one.quality == "measured" else one.quality
    value = format_value(one.value) or "-"
    return f"{one.address:6} {one.quantity:32} {value:>14} {unit:5} {quality}".rstrip()
