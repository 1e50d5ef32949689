"""The command `minga device scan`: who answers on a bus, and which profiles fit."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from collector.errors import UnreachableError

if TYPE_CHECKING:
    from collector.profiles.profile import Profile
    from collector.scanning.scan import Scan
    from collector.settings import Installation

GAP_MS = 20.0
TIMEOUT_S = 1.0


class Front(Protocol):
    """What this command needs of the front door."""

    @property
    def config(self) -> Path:
        """Return where the installation's file would be."""
        ...

    def collector(self) -> "Installation":
        """Return the checked settings."""
        ...


@click.command()
@click.argument("url")
@click.option("--units", help="Unit ids to ask, such as 1-10,15.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(0.01, 60),
    default=TIMEOUT_S,
    show_default=True,
    help="Seconds to wait for each answer.",
)
@click.option(
    "--gap-ms",
    type=click.FloatRange(0, 10_000),
    default=GAP_MS,
    show_default=True,
    help="Pause between two requests.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def scan(  # noqa: PLR0913  click hands each option over as an argument
    front: Front, *, url: str, units: str | None, timeout_s: float, gap_ms: float, as_json: bool
) -> None:
    """Find the devices on a bus and say which profiles fit, how surely, and why.

    It only reads, one request at a time. Ctrl-C ends it and shows what was found so far. Without
    --units it asks 1 to 10 at a network address, 1 to 32 on a serial line, further while devices
    answer there, and the unit ids at delivery that profiles name. Stop `minga collect` first where
    a device takes one client only.

    Example: minga device scan tcp://192.168.10.21

    Example: minga device scan 'rtu:///dev/ttyUSB0?baudrate=9600' --units 1-10,15
    """
    from collector.devices.address import parse_url  # noqa: PLC0415  for this one only
    from collector.profiles.profile import load_profiles, profile_folders  # noqa: PLC0415  pydantic
    from collector.scanning.proposal import propose  # noqa: PLC0415  brings pydantic
    from collector.scanning.report import dump_scan, write_scan  # noqa: PLC0415  brings pydantic
    from collector.scanning.unit_ids import parse_units  # noqa: PLC0415  goes along

    kind = parse_url(url).kind
    installation = front.collector() if front.config.exists() else None
    own = installation.collector.profiles if installation else None
    profiles = load_profiles(profile_folders(own))
    told = None if units is None else parse_units(units, kind)
    done = _scan(url, profiles, told, (timeout_s, gap_ms))
    settings = propose(url, done.found, installation)
    if as_json:
        click.echo(dump_scan(url, done, settings))
    elif done.found or done.is_stopped:
        click.echo(write_scan(url, done, settings))
    if done.lost:
        raise UnreachableError(done.lost)
    if not done.found and not done.is_stopped:
        raise UnreachableError(_describe_nobody(url, done))


def _scan(
    url: str,
    profiles: "Sequence[Profile]",
    told: Sequence[int] | None,
    waits: tuple[float, float],
) -> "Scan":
    from collector.devices.address import parse_url  # noqa: PLC0415  for this one only
    from collector.devices.modbus import Bus  # noqa: PLC0415  brings pymodbus
    from collector.processes import stopping_on_signals  # noqa: PLC0415  for this one only
    from collector.scanning.questions import Pace  # noqa: PLC0415  brings pymodbus
    from collector.scanning.scan import Scan  # noqa: PLC0415  brings pymodbus
    from collector.scanning.unit_ids import delivered_units, usual_units  # noqa: PLC0415  goes along

    timeout_s, gap_ms = waits
    kind = parse_url(url).kind
    usual = usual_units(kind)
    bus = Bus(url, timeout_s, gap_ms)
    with _progress() as tell, stopping_on_signals() as stop:
        scan = Scan(bus, profiles, Pace(stop, tell))
        try:
            if told is not None:
                scan.run(told)
            else:
                delivered = delivered_units(kind, (one.default_unit for one in profiles))
                scan.run(chain(usual, scan.list_more(usual[-1]), delivered))
        finally:
            bus.close()
    return scan


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show how far it is on a terminal, nothing where the output goes elsewhere."""
    is_shown = sys.stderr.isatty()

    def tell(unit: int, asked: int) -> None:
        if is_shown:
            click.echo(f"\r\033[Kunit {unit}: request {asked}, Ctrl-C ends", nl=False, err=True)

    yield tell
    if is_shown:
        click.echo("\r\033[K", nl=False, err=True)


def _describe_nobody(url: str, scan: "Scan") -> str:
    from collector.scanning.unit_ids import name_units  # noqa: PLC0415  for this one only

    if scan.broken:
        return f"{url}: only broken answers; check baudrate, parity and who else asks on this line"
    return (
        f"{url}: no device answers under unit id {name_units(scan.silent)}; "
        "check power, cable and baudrate, try other --units or a longer --timeout"
    )
