"""The hidden commands `simulate` and `broker`: what the demo and the tests run as processes."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

LOOPBACK = "127.0.0.1"


@click.command(hidden=True)
@click.argument("plant", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--host", default=LOOPBACK, show_default=True, help="Where to listen.")
@click.option(
    "--log",
    "log_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append every answer here, on the disk before it is given.",
)
def simulate(plant: Path, host: str, log_file: Path | None) -> None:
    """Serve the plant described in a JSON or TOML file as real Modbus TCP devices until Ctrl-C.

    The first line on stdout is {"ready": {bus: port}}, the last one {"asked": {function code:
    times}}.

    Example: minga simulate plant.json --log served.jsonl
    """
    from collector.clock import clock_from_environment  # noqa: PLC0415  after the help is shown
    from collector.processes import stop_on_signals  # noqa: PLC0415  for services only
    from collector.simulator.building import build_plant  # noqa: PLC0415  brings pvlib
    from collector.simulator.description import read_description  # noqa: PLC0415  brings pydantic
    from collector.simulator.served import ServedLog  # noqa: PLC0415  for this one only
    from collector.simulator.service import serve_plant  # noqa: PLC0415  brings pymodbus

    stop = stop_on_signals()
    devices = build_plant(read_description(plant))
    clock = clock_from_environment()
    with ServedLog(log_file) as log, serve_plant(devices, host, clock, log) as served:
        _say("ready", served.ports)
        stop.wait()
    _say("asked", {str(code): times for code, times in served.function_codes.items()})


@click.command(hidden=True)
@click.option("--host", default=LOOPBACK, show_default=True, help="A loopback address.")
@click.option("--port", type=click.IntRange(1, 65_535), default=1883, show_default=True)
def broker(host: str, port: int) -> None:
    """Run the embedded MQTT broker of the demo on loopback until Ctrl-C.

    The first line on stdout is {"ready": {"mqtt": port}}.

    Example: minga broker --port 18830
    """
    from collector.broker import run_broker  # noqa: PLC0415  brings amqtt
    from collector.processes import stop_on_signals  # noqa: PLC0415  for services only

    run_broker(host, port, stop_on_signals(), lambda: _say("ready", {"mqtt": port}))


def _say(what: str, facts: Mapping[str, int]) -> None:
    click.echo(json.dumps({what: dict(facts)}))
