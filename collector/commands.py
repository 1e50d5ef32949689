"""The commands `collect` and `ingest`: the two services of this room."""

from typing import Protocol

import click

from collector.clock import Clock
from collector.settings import Installation
from collector.stores import ReadingStore


class Front(Protocol):
    """What these commands need of the front door."""

    def collector(self) -> Installation:
        """Return the checked settings."""
        ...

    def clock(self) -> Clock:
        """Return the clock."""
        ...

    def open_store(self) -> ReadingStore:
        """Open the store of readings."""
        ...


@click.command()
@click.pass_obj
def collect(front: Front) -> None:
    """Poll the devices, accept their readings and send them until Ctrl-C.

    Example: minga --config minga.toml collect
    """
    from collector.collect_service import run_collect  # noqa: PLC0415  ingest needs no pymodbus
    from collector.processes import stop_on_signals  # noqa: PLC0415  for services only

    run_collect(front.collector(), front.clock(), stop_on_signals())


@click.command()
@click.pass_obj
def ingest(front: Front) -> None:
    """Take readings from the broker, store or quarantine them, acknowledge, until Ctrl-C.

    Example: minga --config minga.toml ingest
    """
    from collector.ingest_service import run_ingest  # noqa: PLC0415  collect needs no store
    from collector.processes import stop_on_signals  # noqa: PLC0415  for services only

    run_ingest(front.collector(), front.open_store(), front.clock(), stop_on_signals())
