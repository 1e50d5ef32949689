import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.devices.commands import device
from collector.devices.modbus import Bus
from collector.errors import CollectorError
from collector.profiles.profile import load_profile
from collector.reading import Value
from collector.settings import Installation
from collector.simulator.modbus_server import ModbusServer, serve_memory
from collector.simulator.registers import encode
from tests.requirements import ROOT

EXAMPLE = '{"blocks": [{"function_code": 3, "start_address": 30127, "registers": [0, 1835]}]}'


class NoFile:
    """A front door without a minga.toml."""

    config = Path("no-such-minga.toml")

    def collector(self) -> Installation:
        raise AssertionError("nobody may ask for it")


def run(*arguments: str, stdin: str | None = None) -> Result:
    """Run `minga device …`."""
    return CliRunner().invoke(device, list(arguments), obj=NoFile(), input=stdin)


def decode(capture: str, *more: str, profile: str = "goodwe_dt_dns") -> Result:
    """Decode a capture from standard input."""
    return run("decode", "--profile", profile, "-", *more, stdin=capture)


def refused(result: Result) -> str:
    """Return the message of a command that was refused as bad input."""
    assert isinstance(result.exception, CollectorError)
    assert result.exception.exit_code == 2
    return str(result.exception)


def test_an_answer_has_the_promised_shape() -> None:
    result = decode(EXAMPLE, "--json")

    assert json.loads(result.stdout) == {
        "profile": "goodwe_dt_dns",
        "quantities": [
            {
                "quantity": "ac_power",
                "address": 30_127,
                "count": 2,
                "value": 1835,
                "unit": "W",
                "quality": "measured",
                "raw": [0, 1835],
            }
        ],
    }


def test_a_decimal_is_written_exactly() -> None:
    capture = EXAMPLE.replace("30127", "30124").replace("0, 1835", "4997")

    assert '"value": 49.97, "unit": "Hz"' in decode(capture, "--json").stdout


def test_several_captures_are_answered_in_turn() -> None:
    result = decode(f"{EXAMPLE}\n{EXAMPLE.replace('1835', '7')}\n", "--json")

    answers = json.loads(result.stdout)["captures"]
    assert [one["quantities"][0]["value"] for one in answers] == [1835, 7]


def test_a_table_is_for_people() -> None:
    assert decode(EXAMPLE).stdout.split() == ["30127", "ac_power", "1835", "W"]


def test_a_withheld_value_is_a_dash_with_its_reason() -> None:
    result = decode(EXAMPLE.replace("0, 1835", "0, null"))

    assert result.stdout.split() == ["30127", "ac_power", "-", "W", "unread"]


@pytest.mark.parametrize(
    ("capture", "problem"),
    [
        ("", "-: is not JSON"),
        ("{", "-: is not JSON"),
        ("[" * 100_000, "-: is not JSON"),
        (EXAMPLE.replace("1835", "9" * 5_000), "-: is not JSON"),
        ("[1, 2]", "-: found [1, 2], allowed: a table"),
        ("{}", "-: blocks: is missing"),
        ('{"blocks": 5}', "-: blocks: found 5, allowed: a list"),
        (EXAMPLE.replace("1835", "70000"), "registers #2: found 70000, allowed: 65535 or less"),
        (EXAMPLE.replace("1835", "-1"), "registers #2: found -1, allowed: 0 or more"),
        (EXAMPLE.replace("1835", "1.5"), "registers #2: found 1.5, allowed: a whole number"),
        (EXAMPLE.replace("1835", '"7"'), "registers #2: found '7', allowed: a whole number"),
        (EXAMPLE.replace("1835", "true"), "registers #2: found True, allowed: a whole number"),
        (EXAMPLE.replace("1835", "NaN"), "registers #2: found nan, allowed: a whole number"),
        (EXAMPLE.replace("0, 1835", ""), "registers: found [], allowed: 1 or more entries"),
        (EXAMPLE.replace("30127", "65535"), "blocks #1 ends at 65536, the last address is 65535"),
        (EXAMPLE.replace("30127", "-1"), "start_address: found -1, allowed: 0 or more"),
        (EXAMPLE.replace("function_code", "code"), "function_code: is missing"),
        (EXAMPLE.replace(": 3,", ": 6,"), "function_code: found 6, allowed: 4 or less"),
        (EXAMPLE.replace(": 3,", ": 4,"), "found function code 4, profile goodwe_dt_dns uses 3"),
        (f"{EXAMPLE}\n{{", "line 2 is not JSON"),
        (f"{EXAMPLE}\n{{}}", "capture 2.blocks: is missing"),
    ],
)
def test_a_bad_capture_is_refused_with_one_clear_line(capture: str, problem: str) -> None:
    message = refused(decode(capture))

    assert problem in message
    assert "\n" not in message


def test_every_problem_of_a_capture_is_named() -> None:
    message = refused(decode(EXAMPLE.replace("1835", "70000").replace("30127", "-1")))

    assert len(message.splitlines()) == 2


def test_an_unknown_profile_is_answered_with_the_nearest() -> None:
    message = refused(decode(EXAMPLE, profile="goodwe_dtdns"))

    assert message == "profile 'goodwe_dtdns': is not known, did you mean 'goodwe_dt_dns'?"


def test_a_file_that_is_not_there_is_named() -> None:
    result = run("decode", "--profile", "goodwe_dt_dns", "no-such-file.json")

    assert refused(result) == "no-such-file.json: cannot be read (No such file or directory)"


def test_a_sunspec_capture_can_begin_inside_a_model() -> None:
    capture = EXAMPLE.replace("30127", "40083").replace("0, 1835", "1835, 0")

    result = decode(capture, "--model-at", "40069", profile="sunspec_101_103")

    assert result.stdout.splitlines()[0].split() == ["40083", "ac_power", "1835", "W"]


@pytest.mark.parametrize(
    "options", [("--model", "103"), ("--model-at", "40069"), ("--model-at", "x")]
)
def test_options_that_do_not_fit_are_refused(options: tuple[str, ...]) -> None:
    assert decode(EXAMPLE, *options).exit_code == 2


def test_profiles_are_listed() -> None:
    listed = json.loads(run("profiles", "--json").stdout)["profiles"]

    assert len(listed) == 28
    assert [(one["profile"], one["registers"]) for one in listed][2] == ("chint_ddsu666", 8)


def test_the_schema_of_a_profile_is_for_editors() -> None:
    schema = json.loads(run("profiles", "--schema").stdout)

    assert schema["required"] == ["title", "function_codes", "poll", "registers", "sources"]
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Register"]["properties"]["multiplier"]["type"] == "string"


@pytest.mark.parametrize("name", ["profiles", "decode", "read", "record", "serve"])
def test_every_command_shows_an_example(name: str) -> None:
    assert f"Example: minga device {name}" in run(name, "--help").stdout


@pytest.fixture
def url() -> Iterator[str]:
    """Serve a SunSpec meter."""
    values: Mapping[str, Value] = {"grid_power": -420, "export_energy_total": 21_267_458}
    image = encode(load_profile("sunspec_201_204"), values)
    with ModbusServer(serve_memory(image)) as server:
        yield f"tcp://127.0.0.1:{server.port}"


def test_a_device_is_read_once(url: str) -> None:
    result = run("read", "--profile", "sunspec_201_204", url, "--unit", "1", "--json")

    answers = {one["quantity"]: one["value"] for one in json.loads(result.stdout)["quantities"]}
    assert (answers["grid_power"], answers["export_energy_total"]) == (-420, 21_267_458)


def test_a_person_is_told_which_models_there_are(url: str) -> None:
    result = run("read", "--profile", "sunspec_201_204", url, "--unit", "1")

    assert result.stderr == "models: 1 at 40002, 203 at 40070; each cycle reads 203 at 40070\n"


def test_what_was_recorded_decodes_and_serves_the_same(url: str, tmp_path: Path) -> None:
    file = tmp_path / "meter.jsonl"
    known = ("--profile", "sunspec_201_204")

    read = run("read", *known, url, "--unit", "1", "--json")
    run("record", *known, url, str(file), "--unit", "1")
    decoded = run("decode", *known, str(file), "--json")

    assert decoded.stdout == read.stdout
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


def test_a_device_that_is_not_there_is_unreachable() -> None:
    result = run("read", "--profile", "pzem_004t", "tcp://127.0.0.1:1", "--unit", "1")

    assert isinstance(result.exception, CollectorError)
    assert result.exception.exit_code == 3


def test_serve_listens_until_it_is_told_to_end(tmp_path: Path) -> None:
    file = tmp_path / "capture.json"
    file.write_text(EXAMPLE, encoding="utf-8")
    serving = subprocess.Popen(
        [sys.executable, "minga.py", "device", "serve", str(file), "--listen", "tcp://127.0.0.1:0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )

    with serving:
        assert serving.stdout
        line = serving.stdout.readline()
        bus = Bus(line.split()[2].rstrip(","))
        words = bus.read(1, 3, 30_127, 2)
        bus.close()
        serving.send_signal(signal.SIGINT)

    assert words == [0, 1835]
    assert serving.returncode == 0


def test_the_front_door_says_it_in_one_line_without_a_traceback() -> None:
    told = subprocess.run(
        [sys.executable, "minga.py", "device", "decode", "--profile", "goodwe_dt_dns", "-"],
        cwd=ROOT,
        input="no json",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("minga: -: is not JSON")
    assert len(told.stderr.splitlines()) == 1
