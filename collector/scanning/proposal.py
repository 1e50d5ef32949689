"""The lines of minga.toml that a scan proposes; writes no file."""

import json
import re
from collections.abc import Sequence

from collector.devices.address import parse_url
from collector.scanning.recognition import Sure
from collector.scanning.scan import FoundUnit
from collector.settings import Installation

NEW_BUS = "bus-1"
LONGEST_NAME = 28
"""An id has 32 characters at most, the unit id included."""


def propose(url: str, found: Sequence[FoundUnit], installation: Installation | None) -> str:
    """Return the sections for what was recognised and is not in the settings yet."""
    bus = _find_bus(url, installation)
    known = _list_known(bus, installation)
    sections = [
        _write_device(one, bus or NEW_BUS)
        for one in found
        if one.fits and one.same_as is None and one.unit not in known
    ]
    if sections and bus is None:
        sections.insert(0, f'[[bus]]\nid = "{NEW_BUS}"\nurl = {json.dumps(url)}\n')
    return "\n".join(sections)


def _find_bus(url: str, installation: Installation | None) -> str | None:
    address = parse_url(url)
    place = (address.path, address.host, address.port)
    for bus in installation.bus if installation else ():
        other = parse_url(bus.url)
        if (other.path, other.host, other.port) == place:
            return bus.id
    return None


def _list_known(bus: str | None, installation: Installation | None) -> set[int]:
    devices = installation.device if installation else ()
    return {one.unit for one in devices if one.bus == bus}


def _write_device(found: FoundUnit, bus: str) -> str:
    fit = found.fits[0]
    name = re.sub(r"[^a-z0-9]+", "-", fit.profile.name)[:LONGEST_NAME]
    lines = [
        "[[device]]",
        f'id = "{name}-{found.unit}"',
        f'bus = "{bus}"',
        f"unit = {found.unit}",
        f'profile = "{fit.profile.name}"',
    ]
    if fit.sure is not Sure.CERTAIN:
        lines[-1] += f"  # {fit.sure}: compare its values with the display first"
    if found.rated_power_w:
        lines.append(f"rated_power_w = {found.rated_power_w}")
    else:
        lines.append("# rated_power_w = 5000  # from its nameplate")
    if found.serial and fit.profile.says_who_it_is:
        lines.append(f"# serial = {json.dumps(found.serial)}  # pins it")
    return "\n".join(lines) + "\n"
