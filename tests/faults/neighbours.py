"""Registers the measured homes: each has its own roof, all have the same weight."""

from datetime import datetime
from pathlib import Path

from collector.simulator.description import PlantDescription
from coop.database.opening import open_database
from coop.members.example import ExampleHome, ExamplePlan, ExampleRoof, create_example
from coop.settings import CoopSettings


def register_neighbours(database: Path, plant: PlantDescription, since: datetime) -> None:
    """Write members, homes, meters, roofs and one key into a new cooperative database."""
    uses = [device for device in plant.device if device.kind == "home"]
    roofs = [device for device in plant.device if device.kind == "roof"]
    homes = [ExampleHome(one.name, (one.id, one.counter)) for one in uses]
    own_roofs = [ExampleRoof(one.id, one.name, (one.id, one.counter), one.name) for one in roofs]
    with open_database(CoopSettings(database=str(database))) as opened:
        create_example(opened, homes, own_roofs, ExamplePlan(int(since.timestamp())))
