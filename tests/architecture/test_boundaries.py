"""Who may touch what: one library one file, one writer of readings, one writer of allocations."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.requirements import ROOT

ROOMS = ("collector", "coop", "dashboard")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

HOMES = {
    "pymodbus": {"collector/devices/modbus.py", "collector/simulator/modbus_server.py"},
    "paho": {"collector/mqtt.py"},
    "influxdb_client": {"collector/stores/influx.py"},
    "amqtt": {"collector/broker.py"},
    "sunspec2": {"collector/profiles/sunspec_models.py"},
    "pvlib": {"collector/simulator/sun.py"},
    "gunicorn": {"dashboard/serving/server.py", "dashboard/serving/patience.py"},
    "flask_smorest": {"dashboard/api/offering.py"},
    "alembic": {"coop/database/opening.py"},
    "dask": {"coop/federation/cluster.py"},
    "typst": {"coop/report/paper/press.py"},
    "pikepdf": {"coop/report/paper/press.py"},
    "xlsxwriter": {"coop/report/shown/workbook.py"},
    "distributed": {"coop/federation/cluster.py"},
}


def named(path: Path) -> str:
    """Name a file as people do."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Yield the full names that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def users_of(package: str) -> set[str]:
    """Return the modules that import a package."""
    return {
        named(path)
        for path in MODULES
        if "migrations" not in named(path)
        and any(name.split(".")[0] == package for name in imported(path))
    }


def test_pages_import_no_commands() -> None:
    pages = [path for path in MODULES if named(path).startswith("dashboard/")]
    used = {(named(path), name) for path in pages for name in imported(path)}

    assert {pair for pair in used if pair[1].endswith("commands") or pair[1] == "click"} == {
        ("dashboard/commands.py", "click")
    }


@pytest.mark.parametrize(("package", "home"), HOMES.items(), ids=HOMES.keys())
def test_each_library_lives_in_its_own_file(package: str, home: set[str]) -> None:
    assert users_of(package) <= home


@pytest.mark.parametrize("path", ["coop/month/verify.py", "tests/coop/allocation/oracle.py"])
def test_a_second_implementation_takes_nothing_of_the_first(path: str) -> None:
    roots = {name.split(".")[0] for name in imported(ROOT / path)}

    assert "fractions" in roots
    assert roots <= sys.stdlib_module_names


def test_only_ingest_writes_readings() -> None:
    writers = {
        named(path)
        for path in MODULES
        if re.search(r"store\.write\(", path.read_text(encoding="utf-8"))
    }

    assert writers == {"collector/intake/ingest.py"}


def test_only_the_slot_book_writes_slot_energy_and_allocations() -> None:
    writes = re.compile(
        r"insert\(\s*(schema\.)?slot_(energy|allocation)|INTO slot_(energy|allocation)"
    )

    writers = {named(path) for path in MODULES if writes.search(path.read_text(encoding="utf-8"))}

    assert writers == {"coop/settling/slot_book.py"}


def test_nothing_can_write_to_an_inverter() -> None:
    writing = re.compile(
        r"write_(coil|register)s?|mask_write|readwrite_registers|WriteSingle|WriteMultiple"
    )

    assert [
        named(path) for path in MODULES if writing.search(path.read_text(encoding="utf-8"))
    ] == []


def test_wall_time_is_asked_of_the_clock_only() -> None:
    asking = re.compile(r"datetime\.(now|today|utcnow)\(|date\.today\(|time\.time\(")

    asked = {named(path) for path in MODULES if asking.search(path.read_text(encoding="utf-8"))}

    assert asked <= {"collector/clock.py"}


def test_the_collector_loads_without_the_heavy_libraries() -> None:
    light = ("collector/commands.py", "collector/collect_service.py", "minga.py")
    heavy = {"pandas", "sqlalchemy", "flask", "influxdb_client", "pvlib", "amqtt"}

    loaded = {name.split(".")[0] for path in light for name in imported(ROOT / path)}

    assert loaded & heavy == set()
