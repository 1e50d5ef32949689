"""A plant's file: TOML or JSON, every problem with its reason, nothing built from a wrong one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import ConfigurationError
from collector.simulator.building import build_plant
from collector.simulator.description import read_description

SINCE = datetime(2026, 6, 1, 5, tzinfo=UTC)
HEAD = """
since = 2026-06-01T05:00:00Z
bus = [{ id = "school" }]
"""
ROOF = """
[[device]]
id = "roof"
kind = "roof"
bus = "school"
profile = "huawei_sun2000"
base_wh = 41_000_000
flow = { source = "sun", panels_w = 5_000, inverter_w = 4_600 }
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plant.toml"


def test_toml_describes_a_plant_whose_counter_begins_at_its_base(path: Path) -> None:
    path.write_text(HEAD + ROOF)

    [roof] = build_plant(read_description(path)).devices

    assert roof.counter_wh(SINCE) == 41_000_000
    assert roof.quantities(SINCE)["energy_total"] == 41_000_000


def test_energy_of_today_begins_again_at_the_local_midnight(path: Path) -> None:
    path.write_text(HEAD + ROOF)
    [roof] = build_plant(read_description(path)).devices

    today = [
        roof.quantities(SINCE + timedelta(days=1, minutes=minutes))["energy_today"]
        for minutes in (-1, 0)
    ]

    assert int(today[0]) > 4_000
    assert today[1] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bus = [", "is neither TOML nor JSON"),
        (HEAD, "device: is missing"),
        (HEAD + ROOF + ROOF, "device roof stands 2 times"),
        (HEAD + ROOF.replace("5_000", "0"), "allowed: more than 0"),
        (
            HEAD
            + ROOF.replace(
                '"sun", panels_w = 5_000, inverter_w = 4_600', '"habit", pattern = "family"'
            ),
            "needs a flow with source 'sun'",
        ),
        (HEAD + ROOF + '\n[town]\ntimezone = "Mars/Base"', "'Mars/Base' is no time zone"),
        (HEAD.replace("since", "sinse") + ROOF, "did you mean 'since'?"),
        ('bus = [{ id = "school" }]' + ROOF, "so the file needs `since`"),
        (
            HEAD
            + ROOF.replace(
                '"sun", panels_w = 5_000, inverter_w = 4_600', '"measured", column = "h01"'
            ),
            "so the file needs `measured`",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(path: Path, text: str, message: str) -> None:
    path.write_text(text)

    with pytest.raises(ConfigurationError) as raised:
        read_description(path)

    assert message in str(raised.value)


def test_a_column_that_was_not_measured_is_named(path: Path, tmp_path: Path) -> None:
    flow = ROOF.replace('"sun", panels_w = 5_000, inverter_w = 4_600', '"measured", column = "h9"')
    path.write_text(
        f'measured = "{tmp_path}"{HEAD}' + flow.replace("huawei_sun2000", "sunspec_201_204")
    )
    for name in ("production_kwh.csv", "consumption_kwh.csv"):
        (tmp_path / name).write_text("hour_start,h01\n2017-05-01T00:00,1\n")

    with pytest.raises(ConfigurationError, match="column 'h9' is not in the measured files"):
        build_plant(read_description(path))
