"""The command `minga device accept`: a steward confirms that a device was replaced."""

from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from collector.settings import Installation


class Front(Protocol):
    """What this command needs of the front door."""

    def collector(self) -> "Installation":
        """Return the checked settings."""
        ...


@click.command()
@click.argument("name", metavar="DEVICE")
@click.pass_obj
def accept(front: Front, name: str) -> None:
    """Accept the serial number that answers now as DEVICE's; its readings are taken again.

    Nothing else needs to be done: `minga collect` may keep running.

    Example: minga device accept school-roof
    """
    from collector.devices.device_state import DeviceState  # noqa: PLC0415  opens a file
    from collector.devices.identity import accept_identity  # noqa: PLC0415  goes with it

    installation = front.collector()
    state = DeviceState(installation.collector.state / "devices.sqlite")
    try:
        accepted = accept_identity(name, [one.id for one in installation.device], state)
    finally:
        state.close()
    click.echo(
        f"device {name}: serial number {accepted.known} is accepted instead of {accepted.was};"
        " its readings are taken from the next poll on"
    )
