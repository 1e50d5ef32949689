"""The table of supported devices, made of the profiles; `make devices` writes it."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from collector.profiles.profile import Profile, list_profiles, load_profile

PAGE = Path(__file__).resolve().parents[2] / "docs" / "supported-devices.md"

_HEAD = """# Supported devices

Made of `firmware-configs/profiles/` by `make devices`; do not edit. docs/profiles.md says how a
profile is written; `minga device scan` finds the one that fits (docs/devices.md). The unit id is
the one at delivery.
"Certain" counts the registers that several sources or an official document state, those that one
states, and those that are inferred: compare the last two with the device's display before a
member's energy depends on them.

"""
_COLUMNS = (
    "profile",
    "devices",
    "connection",
    "unit id",
    "function codes",
    "registers",
    "each cycle reads",
    "serial number",
    "certain",
)
_GROUPS = {
    "production": ("energy_total", "pv_"),
    "strings": ("dc_energy_total_",),
    "grid": ("grid_power", "import_", "export_"),
    "battery": ("battery_",),
    "energy": ("energy_sum_total",),
}


def write_table(profiles: Iterable[Profile]) -> str:
    """Write the page, one row a profile."""
    rows = [_COLUMNS, ["---"] * len(_COLUMNS), *(_row(one) for one in profiles)]
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(profile: Profile) -> Iterable[str]:
    yield f"`{profile.name}`"
    yield profile.title
    yield profile.transport
    yield str(profile.default_unit)
    yield " or ".join(str(code) for code in profile.function_codes)
    yield str(len(profile.registers))
    yield ", ".join(
        group
        for group, starts in _GROUPS.items()
        if any(name.startswith(starts) for name in profile.poll)
    )
    yield "yes" if profile.says_who_it_is else "no"
    times = Counter(register.confidence for register in profile.registers)
    yield ", ".join(f"{times[one]} {one}" for one in ("high", "medium", "low"))


if __name__ == "__main__":
    shipped = [load_profile(name) for name in list_profiles()]
    PAGE.write_text(write_table(shipped), encoding="utf-8")
