"""`minga device scan` as a steward calls it."""

import json
import os
import pty
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.devices.commands import device
from collector.errors import CollectorError
from collector.profiles.profile import load_profile
from collector.settings import Installation
from collector.simulator.modbus_server import ModbusServer, Refusal, serve_memory, serve_units
from tests.collector.devices.rtu_line import Asked, serial_line
from tests.collector.scanning.roofs import at_noon, image_of
from tests.requirements import ROOT


class NoFile:
    """A front door without a minga.toml."""

    config = Path("no-such-minga.toml")

    def collector(self) -> Installation:
        raise AssertionError("nobody may ask for it")


class WithFile:
    """A front door with settings."""

    config = ROOT / "README.md"
    """Any file that is there."""

    def __init__(self, **sections: object) -> None:
        self.installation = Installation.model_validate(sections)

    def collector(self) -> Installation:
        return self.installation


def scan(*arguments: str, front: object = None) -> Result:
    """Run `minga device scan …` without a pause between requests."""
    options = ["scan", *arguments, "--gap-ms", "0", "--timeout", "0.2"]
    return CliRunner().invoke(device, options, obj=front or NoFile())


def refused(result: Result, code: int) -> str:
    """Return the message of a command that was refused."""
    assert isinstance(result.exception, CollectorError)
    assert result.exception.exit_code == code
    return str(result.exception)


@pytest.fixture
def url() -> Iterator[str]:
    """Serve an inverter as unit 1 and a meter as unit 3 behind one gateway."""
    units = {
        1: serve_memory(image_of("huawei_sun2000", at_noon(load_profile("huawei_sun2000")))),
        3: serve_memory(image_of("sunspec_201_204", at_noon(load_profile("sunspec_201_204")))),
    }
    with ModbusServer(serve_units(units)) as server:
        yield f"tcp://127.0.0.1:{server.port}"


def test_a_steward_is_told_what_is_there_and_what_to_write(url: str) -> None:
    told = scan(url, "--units", "1-4").stdout

    assert told == (
        "unit 1: SUN2000-5KTL-L1, serial number 2302170042\n"
        "    certain   huawei_sun2000             Huawei SUN2000 string/hybrid inverter"
        " (L1/M1/M0/KTL)\n"
        "              it calls itself SUN2000-5KTL-L1\n"
        "              it answers 26 of 26 registers asked for\n"
        "              fits: model SUN2000-5KTL-L1, serial_number 2302170042, frequency 59.98 Hz\n"
        "unit 3: Minga Simulated, serial number 0\n"
        "    certain   sunspec_201_204            SunSpec meters 201 (1-ph) / 203 (3-ph wye),"
        " integers + SF\n"
        "              it says SunS at 40000 and has model 203 at 40070 (1, 203 in all)\n"
        "no answer from units 2, 4\n"
        "\n"
        "What it measures, to compare with its display:\n"
        "\n"
        f"    minga device read --profile huawei_sun2000 '{url}' --unit 1\n"
        "\n"
        "Then these lines into minga.toml, with ids of your own, and `minga check`:\n"
        "\n"
        "[[bus]]\n"
        'id = "bus-1"\n'
        f'url = "{url}"\n'
        "\n"
        "[[device]]\n"
        'id = "huawei-sun2000-1"\n'
        'bus = "bus-1"\n'
        "unit = 1\n"
        'profile = "huawei_sun2000"\n'
        "rated_power_w = 5000\n"
        '# serial = "2302170042"  # pins it\n'
        "\n"
        "[[device]]\n"
        'id = "sunspec-201-204-3"\n'
        'bus = "bus-1"\n'
        "unit = 3\n"
        'profile = "sunspec_201_204"\n'
        "# rated_power_w = 5000  # from its nameplate\n"
        '# serial = "0"  # pins it\n'
    )


def test_the_proposed_lines_are_right_settings(url: str) -> None:
    document = json.loads(scan(url, "--units", "1-4", "--json").stdout)

    installation = Installation.model_validate(tomllib.loads(document["settings"]))
    assert [(one.unit, one.profile) for one in installation.device] == [
        (1, "huawei_sun2000"),
        (3, "sunspec_201_204"),
    ]


def test_a_program_is_told_the_same(url: str) -> None:
    document = json.loads(scan(url, "--units", "1-4", "--json").stdout)

    assert [one["unit"] for one in document["units"]] == [1, 3]
    assert document["units"][0]["profiles"][0]["profile"] == "huawei_sun2000"
    assert document["units"][0]["profiles"][0]["sure"] == "certain"
    assert document["units"][0]["serial"] == "2302170042"
    assert (document["silent"], document["stopped"], document["lost"]) == ([2, 4], False, None)


def test_what_is_in_the_settings_already_is_not_proposed_again(url: str) -> None:
    front = WithFile(
        bus=[{"id": "school", "url": url}],
        device=[{"id": "roof", "bus": "school", "unit": 1, "profile": "huawei_sun2000"}],
    )

    settings = json.loads(scan(url, "--units", "1-4", "--json", front=front).stdout)["settings"]

    assert "[[bus]]" not in settings
    assert 'bus = "school"\nunit = 3' in settings
    assert "unit = 1\n" not in settings


def test_a_gateway_that_does_not_look_at_the_unit_id_is_told_of() -> None:
    image = image_of("huawei_sun2000", at_noon(load_profile("huawei_sun2000")))
    with ModbusServer(serve_memory(image)) as server:
        told = scan(f"tcp://127.0.0.1:{server.port}", "--units", "1-9").stdout

    assert "the same device answers as units 2 to 9: the gateway does not look at" in told
    assert told.count("[[device]]") == 1


def test_a_device_without_a_profile_is_pointed_to_the_page() -> None:
    with ModbusServer(lambda *_: Refusal.ILLEGAL_ADDRESS) as server:
        told = scan(f"tcp://127.0.0.1:{server.port}", "--units", "7").stdout

    assert told.splitlines() == [
        "unit 7",
        "    it answers, and no profile fits; docs/profiles.md says how to write one",
    ]


def test_nobody_there_is_one_clear_line(url: str) -> None:
    result = scan(url, "--units", "8,9")

    assert refused(result, 3) == (
        f"{url}: no device answers under unit id 8, 9; "
        "check power, cable and baudrate, try other --units or a longer --timeout"
    )
    assert result.stdout == ""


def test_a_gateway_that_is_not_there_is_one_clear_line() -> None:
    message = refused(scan("tcp://127.0.0.1:1"), 3)

    assert "no connection; check power, address and cable (Connection refused)" in message
    assert "\n" not in message


def test_a_line_of_another_speed_is_said_to_be_broken() -> None:
    def garbled(asked: Asked) -> list[bytes]:
        return [bytes(one ^ 0x55 for one in asked.reply())]

    with serial_line(garbled) as line:
        message = refused(scan(line.url, "--units", "1"), 3)

    assert message.endswith("check baudrate, parity and who else asks on this line")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("tcp:/host",), "url 'tcp:/host': is not understood; allowed: tcp://host:port"),
        (("tcp://127.0.0.1:1", "--units", "9-1"), "--units: found '9-1', allowed: 0 to 255"),
        (("rtu:///dev/null", "--units", "0"), "--units: found '0', allowed: 1 to 247 on rtu://"),
    ],
)
def test_bad_input_is_refused_before_anything_is_asked(
    arguments: tuple[str, ...], problem: str
) -> None:
    assert refused(scan(*arguments), 2).startswith(problem)


def run_on_terminal(*arguments: str) -> tuple[subprocess.Popen[bytes], int]:
    """Run `minga device scan …` with its stderr on a terminal of ours."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "minga.py", "device", "scan", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    return process, ours


def test_ctrl_c_ends_it_and_shows_what_was_found_so_far() -> None:
    image = image_of("huawei_sun2000", at_noon(load_profile("huawei_sun2000")))
    units = {1: serve_memory(image), 2: lambda *_: Refusal.SILENCE}
    with ModbusServer(serve_units(units)) as server:
        url = f"tcp://127.0.0.1:{server.port}"
        process, terminal = run_on_terminal(url, "--units", "1,2", "--timeout", "20")
        with process:
            seen = b""
            while b"unit 2: request" not in seen:
                seen += os.read(terminal, 4_096)
            process.send_signal(signal.SIGINT)
            server.stop()
            told, _ = process.communicate(timeout=60)
            os.close(terminal)

    assert process.returncode == 0
    assert b"certain   huawei_sun2000" in told
    assert b"stopped after" in told


def test_progress_is_shown_on_a_terminal_only(url: str) -> None:
    piped = subprocess.run(
        [sys.executable, "minga.py", "device", "scan", url, "--units", "1"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (piped.returncode, piped.stderr) == (0, b"")
