"""The two plants of the demo: a modelled town, and measured homes played back."""

import re
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from random import Random

from collector.errors import CollectorError
from collector.simulator.description import (
    BusPart,
    DevicePart,
    HabitFlow,
    MeasuredFlow,
    PlantDescription,
    SunFlow,
)
from collector.simulator.households import make_homes
from collector.simulator.replay import TIMEZONE, read_community

FEWEST_HOMES, MOST_HOMES = 5, 60
HOMES_A_LINE = 30
PANELS_W_A_HOME = 850
ROOFS = (
    ("roof-school", "Techo de la escuela", "huawei_sun2000", 45, 20),
    ("roof-clinic", "Techo de la posta", "sunspec_101_103", 30, 320),
    ("roof-market", "Techo del mercado", "sunspec_101_103", 25, 75),
)
METERS = ("eastron_sdm", "chint_ddsu666")


def modelled_community(
    homes: int, seed: int, since: datetime, first_port: int = 0
) -> PlantDescription:
    """Return three community roofs and 5 to 60 homes; port 0 takes ports that are free now."""
    if not FEWEST_HOMES <= homes <= MOST_HOMES:
        raise CollectorError(
            f"--homes {homes}: a modelled community has {FEWEST_HOMES} to {MOST_HOMES} homes"
        )
    lines = [f"line-{line}" for line in range(1, -(-homes // HOMES_A_LINE) + 1)]
    buses = _buses([*(roof[0] for roof in ROOFS), *lines], first_port)
    devices = (*_roofs(homes, seed), *_homes(homes, seed))
    return PlantDescription(seed=seed, since=since, bus=buses, device=devices)


def replayed_community(
    folder: Path, timezone: str = TIMEZONE, first_port: int = 0
) -> PlantDescription:
    """Return a gateway for each measured home, with its meter of use and its meter of the roof."""
    columns = list(read_community(folder, timezone).homes)
    names = [_id_of(column, number) for number, column in enumerate(columns, start=1)]
    buses = _buses([f"{name}-gateway" for name in names], first_port)
    return PlantDescription(
        measured=folder.resolve(),
        measured_timezone=timezone,
        bus=buses,
        device=tuple(
            device
            for name, column in zip(names, columns, strict=True)
            for device in _measured_pair(name, column)
        ),
    )


def _roofs(homes: int, seed: int) -> list[DevicePart]:
    return [
        DevicePart(
            id=roof,
            kind="roof",
            name=name,
            bus=roof,
            profile=profile,
            base_wh=_draw(seed, roof, 20_000_000, 60_000_000),
            flow=SunFlow(
                panels_w=homes * PANELS_W_A_HOME * percent // 100,
                inverter_w=homes * PANELS_W_A_HOME * percent * 92 // 10_000,
                azimuth_deg=azimuth_deg,
            ),
        )
        for roof, name, profile, percent, azimuth_deg in ROOFS
    ]


def _homes(count: int, seed: int) -> list[DevicePart]:
    homes = make_homes([f"home-{number:02}" for number in range(1, count + 1)], seed)
    return [
        DevicePart(
            id=home.name,
            kind="home",
            name=home.pattern.replace("_", " "),
            bus=f"line-{place // HOMES_A_LINE + 1}",
            unit=place % HOMES_A_LINE + 1,
            profile=METERS[place % len(METERS)],
            base_wh=_draw(seed, home.name, 900_000, 5_800_000),
            flow=HabitFlow(pattern=home.pattern, size_percent=home.size_percent),
        )
        for place, home in enumerate(homes)
    ]


def _measured_pair(name: str, column: str) -> tuple[DevicePart, DevicePart]:
    gateway, flow = f"{name}-gateway", MeasuredFlow(column=column)
    profile = "sunspec_201_204"
    return (
        DevicePart(
            id=f"{name}-use",
            kind="home",
            name=column,
            bus=gateway,
            unit=1,
            profile=profile,
            flow=flow,
        ),
        DevicePart(
            id=f"{name}-roof",
            kind="roof",
            name=column,
            bus=gateway,
            unit=2,
            profile=profile,
            flow=flow,
        ),
    )


def _id_of(column: str, number: int) -> str:
    """Return a column's name where it can be part of an id, else its place."""
    return column if re.fullmatch(r"[a-z0-9-]{1,20}", column) else f"home-{number:02}"


def _draw(seed: int, name: str, least: int, most: int) -> int:
    return Random(f"base {seed} {name}").randint(least, most)  # noqa: S311  a model, not a secret


def _buses(names: Sequence[str], first_port: int) -> tuple[BusPart, ...]:
    ports = range(first_port, first_port + len(names)) if first_port else _free_ports(len(names))
    return tuple(BusPart(id=name, port=port) for name, port in zip(names, ports, strict=True))


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]
