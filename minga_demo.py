"""`minga demo`: a whole cooperative on loopback, put together out of all three rooms.

It stands beside the front door because the rooms it joins do not know each other.
"""

import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.clock import ENVIRONMENT, clock_from_environment
from collector.processes import SERVICES, Services, stop_on_signals

if TYPE_CHECKING:
    from collector.simulator.description import PlantDescription
    from collector.simulator.rehearsal import Rehearsal
    from coop.doors.example import Keys
    from coop.members.example import ExampleHome, ExampleRoof
    from minga import Front


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option("--homes", type=click.IntRange(5, 60), default=12, show_default=True)
@click.option("--replay", type=click.Path(path_type=Path, file_okay=False), help="Measured homes.")
@click.option("--from", "start", metavar="DATE", help="The day a replay begins with.")
@click.option("--speed", type=click.FloatRange(1, 3600), help="How many times as fast as time.")
@click.option("--timezone", metavar="ZONE", help="Time zone of the replayed files.")
@click.option("--no-browser", is_flag=True, help="Do not open the pages.")
@click.pass_obj
def demo(front: "Front", /, port: int, no_browser: bool, **wishes: Any) -> None:  # noqa: ANN401, FBT001  click's way
    """Run the whole system on loopback, with simulated devices and 40 days behind it.

    Example: minga demo --port 8080

    Example: minga demo --replay ../shared/data/fontana --from 2017-05-01 --speed 600
    """
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
            keys = _raise_curtain(front, Path(folder), rehearsal, port, services)
            _tell_addresses(port, keys, opens_browser=not no_browser)
            services.watch(stop)
        finally:
            services.end()


def _raise_curtain(
    front: "Front", folder: Path, rehearsal: "Rehearsal", port: int, services: Services
) -> "Keys":
    """Start every service of a demo on its past; the clock runs once all of them stand."""
    from collector.simulator.stage import Stage, free_port, write_stage  # noqa: PLC0415  demo only

    clock, mqtt_port = folder / "clock.json", free_port()
    stage = Stage(rehearsal.name, rehearsal.timezone, port, mqtt_port, rehearsal.poll_s)
    plant, config = write_stage(folder, rehearsal.plant, stage)
    rehearsal.hold_clock(clock)
    services.start("broker", ["broker", "--port", str(mqtt_port)])
    services.start("simulate", ["simulate", str(plant)])
    keys = _settle_past(front.at(config), rehearsal)
    for name in ("broker", "simulate"):
        services.wait_ready(name)
    for name in SERVICES:
        services.start(name, ["--config", str(config), name])
    services.wait_for_port("web", port)
    rehearsal.start_clock(clock)
    return keys


def _settle_past(front: "Front", rehearsal: "Rehearsal") -> "Keys":
    """Bring the past through the same ingest and the same settling as any other day."""
    from collector.intake.ingest import Ingest  # noqa: PLC0415  demo only
    from collector.intake.journal import Journal  # noqa: PLC0415  demo only
    from coop.database.opening import open_database  # noqa: PLC0415  demo only
    from coop.doors.example import open_doors  # noqa: PLC0415  demo only
    from coop.members.example import PRICES, ExamplePlan, create_example  # noqa: PLC0415  demo only
    from coop.settling.settle import Settler  # noqa: PLC0415  demo only

    store, database = front.open_store(), open_database(front.coop())
    journal = Journal(front.collector().ingest.state / "journal.sqlite")
    try:
        with _progress("readings of the past") as tell:
            rehearsal.feed_past(Ingest(store, journal, lambda: rehearsal.start), tell)
        homes, roofs = _neighbours(rehearsal.plant)
        since_s = int(rehearsal.since.timestamp())
        create_example(database, homes, roofs, ExamplePlan(since_s, prices=PRICES))
        with _progress("slots settled") as tell:
            Settler(database, store, front.coop()).settle(
                rehearsal.start, lambda done, _whole: tell(done)
            )
        return open_doors(database, homes[0].id, since_s, front.machine())
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
