"""Every query of the dashboard runs on a real InfluxDB and gives the right figures."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient

from collector.reading import AcceptedReading, Identity, Reading
from collector.store_settings import InfluxSettings
from collector.stores.opening import open_store
from tests.collector.stores.influxd import Influxd, running_influxd
from tests.requirements import ROOT

DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "minga.json").read_text(encoding="utf-8"))
PANELS = {panel["title"]: panel for panel in DASHBOARD["panels"]}
START = datetime(2026, 3, 1, tzinfo=UTC)
MINUTES = 24 * 60


def day_of_readings() -> Iterator[AcceptedReading]:
    """Yield a day of two roofs and a meter, minute by minute; the second roof is off at noon."""
    seq = 0
    for minute in range(MINUTES):
        at = START + timedelta(minutes=minute)
        for device, quantities in (
            ("roof-1", {"ac_power": 600, "energy_total": 1_000 + 10 * minute, "ac_voltage": 230}),
            ("roof-2", {"ac_power": Decimal("300.5"), "energy_total": 5_000 + 5 * minute}),
            ("meter", {"import_energy_total": 9_000 + minute, "ac_voltage_l1": 229}),
        ):
            if device == "roof-2" and 720 <= minute < 780:
                continue
            seq += 1
            bad = {"frequency": "implausible"} if minute == 5 else {}
            reading = Reading(device, at, quantities, bad, "boot", minute)
            yield AcceptedReading(Identity("box", "abc", device, seq), reading)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Influxd, str]]:
    """Return a server with a day of readings, and the bucket's name."""
    folder: Path = tmp_path_factory.mktemp("grafana")
    with running_influxd(folder) as influxd:
        bucket = influxd.create_database("charts")
        token_file = folder / "token"
        token_file.write_text(influxd.token)
        settings = InfluxSettings(
            url=influxd.url, bucket=bucket, token_file=token_file, index=folder / "index.db"
        )
        with closing(open_store("influxdb", None, settings)) as store:
            store.write(list(day_of_readings()))
        yield influxd, bucket


def asked(server: tuple[Influxd, str], query: str) -> list[dict[str, Any]]:
    """Return the rows of a query, with Grafana's variables filled in as Grafana does."""
    influxd, bucket = server
    imports = [line for line in query.splitlines() if line.startswith("import ")]
    rest = "\n".join(line for line in query.splitlines() if line not in imports)
    times = (
        "option v = {timeRangeStart: 2026-03-01T00:00:00Z, timeRangeStop: 2026-03-02T00:00:00Z, "
        "windowPeriod: 1h}\n"
    )
    flux = "\n".join(imports) + "\n" + times + rest
    flux = flux.replace("${bucket}", bucket).replace("${device:regex}", "(meter|roof-1|roof-2)")
    with InfluxDBClient(influxd.url, token=influxd.token, org="-") as client:
        return [record.values for table in client.query_api().query(flux) for record in table]


def ask_panel(server: tuple[Influxd, str], title: str) -> list[dict[str, Any]]:
    """Return the rows of a panel."""
    return asked(server, PANELS[title]["targets"][0]["query"])


def test_produced_now_is_the_sum_of_the_newest_powers(server: tuple[Influxd, str]) -> None:
    assert [row["_value"] for row in ask_panel(server, "Produced now")] == [900.5]


def test_counted_is_what_the_counters_gained(server: tuple[Influxd, str]) -> None:
    assert [row["_value"] for row in ask_panel(server, "Counted in this time")] == [14_390 + 7_195]


def test_the_newest_reading_of_each_device_is_shown(server: tuple[Influxd, str]) -> None:
    rows = ask_panel(server, "Age of the newest reading")

    last = START + timedelta(minutes=MINUTES - 1)
    assert sorted((row["device"], row["newest"].replace(microsecond=0)) for row in rows) == [
        ("meter", last),
        ("roof-1", last),
        ("roof-2", last),
    ]


def test_an_hour_without_readings_has_no_power(server: tuple[Influxd, str]) -> None:
    rows = [row for row in ask_panel(server, "Power") if row["device"] == "roof-2"]

    assert [row["_value"] for row in rows][11:14] == [300.5, None, 300.5]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Produced by day and device", {"roof-1": 14_390, "roof-2": 7_195}),
        ("Used by day and device", {"meter": 1_439}),
    ],
)
def test_energy_by_day(server: tuple[Influxd, str], title: str, expected: dict[str, int]) -> None:
    assert {row["device"]: row["_value"] for row in ask_panel(server, title)} == expected


def test_voltages_stand_by_device_and_phase(server: tuple[Influxd, str]) -> None:
    rows = ask_panel(server, "Voltage")

    assert {(row["device"], row["_field"], row["_value"]) for row in rows} == {
        ("roof-1", "ac_voltage", 230.0),
        ("meter", "ac_voltage_l1", 229.0),
    }


def test_a_gap_counts_no_readings(server: tuple[Influxd, str]) -> None:
    rows = ask_panel(server, "Readings in each quarter of an hour")

    counts = [row["_value"] for row in rows if row["device"] == "roof-2"]
    assert counts[47:53] == [15, 0, 0, 0, 0, 15]


def test_what_was_withheld_is_counted_by_reason(server: tuple[Influxd, str]) -> None:
    rows = ask_panel(server, "What was withheld, and why")

    found = {(row["device"], row["quantity"], row["reason"], row["times"]) for row in rows}
    assert ("roof-1", "bad_frequency", "implausible", 1) in found
    assert len(found) == 3


def test_the_devices_to_choose_from_are_found(server: tuple[Influxd, str]) -> None:
    [variable] = [one for one in DASHBOARD["templating"]["list"] if one["name"] == "device"]

    assert {row["_value"] for row in asked(server, variable["query"])} == {
        "meter",
        "roof-1",
        "roof-2",
    }


def test_every_panel_has_what_grafana_needs_and_none_overlaps() -> None:
    taken = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) == 23
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert {"title", "uid", "schemaVersion", "time", "templating", "panels"} <= DASHBOARD.keys()
    assert all(panel["description"] for panel in DASHBOARD["panels"])
