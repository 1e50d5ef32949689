"""A scan in words for a steward, and as JSON for programs; decides nothing."""

import json
from collections.abc import Iterator

from collector.scanning.recognition import Fit
from collector.scanning.scan import FoundUnit, Scan
from collector.scanning.unit_ids import name_units

INDENT = " " * 4


def dump_scan(url: str, scan: Scan, settings: str) -> str:
    """Write a scan as one JSON document."""
    return json.dumps(
        {
            "url": url,
            "units": [_dump_unit(one) for one in scan.found],
            "silent": scan.silent,
            "broken": [{"unit": unit, "why": why} for unit, why in scan.broken.items()],
            "requests": scan.pace.asked,
            "stopped": scan.is_stopped,
            "lost": scan.lost or None,
            "settings": settings,
        },
        ensure_ascii=False,
        indent=1,
    )


def write_scan(url: str, scan: Scan, settings: str) -> str:
    """Write a scan for people."""
    return "\n".join(_write_lines(url, scan, settings))


def _write_lines(url: str, scan: Scan, settings: str) -> Iterator[str]:
    for one in scan.found:
        if one.same_as is None:
            yield from _write_unit(one, [two.unit for two in scan.found if two.same_as == one.unit])
    for unit, why in scan.broken.items():
        yield f"unit {unit}: something answers, and not rightly: {why}"
    if scan.silent:
        yield f"no answer from {_units(scan.silent)}"
    if scan.is_stopped:
        yield f"stopped after {scan.pace.asked} requests: what was found until then stands above"
    if scan.lost:
        yield f"ended early: {scan.lost}"
    best = next((one for one in scan.found if one.fits), None)
    if best:
        yield from ("", "What it measures, to compare with its display:", "")
        name = best.fits[0].profile.name
        yield f"{INDENT}minga device read --profile {name} '{url}' --unit {best.unit}"
    if settings:
        yield from (
            "",
            "Then these lines into minga.toml, with ids of your own, and `minga check`:",
        )
        yield from ("", settings.rstrip("\n"))


def _write_unit(found: FoundUnit, twins: list[int]) -> Iterator[str]:
    serial = f"serial number {found.serial}" if found.serial else ""
    who = ", ".join(part for part in (found.name, serial) if part)
    yield f"unit {found.unit}" + (f": {who}" if who else "")
    if twins:
        yield f"{INDENT}the same device answers as {_units(twins)}: the gateway does not look at"
        yield f"{INDENT}the unit id; use one of them only"
    if not found.fits:
        yield f"{INDENT}it answers, and no profile fits; docs/profiles.md says how to write one"
    for fit in found.fits:
        yield from _write_fit(fit)


def _write_fit(fit: Fit) -> Iterator[str]:
    yield f"{INDENT}{fit.sure:9} {fit.profile.name:26} {fit.profile.title}"
    for reason in fit.why:
        yield f"{INDENT}{'':10}{reason}"


def _units(units: list[int]) -> str:
    return f"unit{'s' if len(units) > 1 else ''} {name_units(units)}"


def _dump_unit(found: FoundUnit) -> dict[str, object]:
    return {
        "unit": found.unit,
        "name": found.name or None,
        "serial": found.serial or None,
        "rated_power_w": found.rated_power_w,
        "same_as": found.same_as,
        "profiles": [
            {"profile": fit.profile.name, "sure": str(fit.sure), "why": list(fit.why)}
            for fit in found.fits
        ],
    }
