"""Each anomaly of a counter is a file: what may be published, and the energy that comes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.devices.device_state import DeviceState, ForgetfulState
from tests.collector.devices.played import FILES, play, read_sequence


@pytest.fixture
def state(tmp_path: Path) -> Iterator[DeviceState]:
    """Keep what is known in a file."""
    one = DeviceState(tmp_path / "devices.sqlite")
    yield one
    one.close()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sequence_publishes_what_its_file_says(file: Path) -> None:
    told = read_sequence(file)

    outcome = play(told, ForgetfulState())

    assert outcome.published == told.expect["published"]
    assert outcome.reasons == told.expect["reasons"]
    assert outcome.events == told.expect["events"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sequence_publishes_the_same_when_what_is_known_lies_in_a_file(
    file: Path, state: DeviceState
) -> None:
    told = read_sequence(file)

    assert play(told, state).published == told.expect["published"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sequence_becomes_the_energy_that_its_file_says(file: Path) -> None:
    told = read_sequence(file)

    energy = play(told, ForgetfulState()).energy(told.slots)

    assert energy.wh == told.expect["energy_wh"]
    assert [mark.flag for mark in energy.marks] == told.expect["flags"]
