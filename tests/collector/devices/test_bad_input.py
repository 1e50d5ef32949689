"""Bad input of the person at the inverter: one clear message each, and the right exit code."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import minga
from collector.devices.modbus import Bus
from collector.errors import RefusedError
from collector.simulator.modbus_server import Refusal
from tests.collector.devices.rtu_line import serial_line

METER = """
title = "A meter"
function_codes = [3]
poll = ["ac_power"]
registers = [
  { quantity = "ac_power", address = 10, type = "u32", unit = "W", REST },
  { quantity = "ac_voltage", address = 12, type = "u16", unit = "V", REST },
]
[sources]
manual = "the manual"
""".replace("REST", 'confidence = "high", sources = ["manual"]')
SUNSPEC = """
title = "A model"
function_codes = [3]
poll = ["ac_power"]
registers = [
  { quantity = "ac_power", point = "W", point_offset = 2, type = "s16", unit = "W",
scale_factor = "W_SF", REST },
  { quantity = "w_sf", point = "W_SF", point_offset = 3, type = "sunssf", unit = "1", REST },
]
[sunspec]
models = [64001]
model_length = 2
[sources]
manual = "the manual"
""".replace("\nscale", " scale").replace("REST", 'confidence = "high", sources = ["manual"]')
CAPTURE = '{"blocks": [{"function_code": 3, "start_address": 10, "registers": [0, 1835, 2301]}]}'


def run(*arguments: str, stdin: str | None = None) -> tuple[str, int]:
    """Run `minga …`; return what a person is told on stderr, and the exit code."""
    told = CliRunner().invoke(minga.cli, ["--config", "none.toml", *arguments], input=stdin)
    if told.exception and not isinstance(told.exception, SystemExit):
        assert isinstance(told.exception, Exception)
        return minga.tell(told.exception)
    return told.stderr, told.exit_code


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point to a folder of own profiles."""
    monkeypatch.setenv("MINGA_PROFILES", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("address = 12", "address = 11"), "ac_voltage and ac_power both hold register 11"),
        (
            ("address = 12", "address = 11, function_code = 3"),
            "ac_voltage and ac_power both hold register 11",
        ),
        (("address = 12", "address = 70000"), "found 70000, allowed: 65535 or less"),
        (("address = 12", "address = -1"), "found -1, allowed: 0 or more"),
        (("address = 10", "address = 65535"), "ends at 65536, the last address is 65535"),
        (("u16", "u17"), "registers #2.type: found 'u17', allowed: 'u16'"),
        (("u16", "string"), "ac_voltage: a string needs its count of registers"),
        (('unit = "V"', 'unit = "V", scale_factor = "V_SF"'), "scale_factor V_SF is no point"),
        (("poll =", "max_words = 1\npoll ="), "ac_power: takes 2 registers, max_words allows 1"),
        (("poll =", "forbidden = [[11, 20]]\npoll ="), "ac_power: lies in forbidden 11..20"),
        (("poll =", "forbidden = [[20, 11]]\npoll ="), "forbidden 20..11 is empty; smaller one"),
        (("[sources]", '[[fingerprint]]\nquantity = "ac_power"\n[sources]'), "needs starts_with"),
        (("title", "titel"), "unknown key, did you mean 'title'?"),
        (("]\n[sources]", "[sources]"), "my_meter.toml: is not TOML"),
    ],
)
def test_a_wrong_profile_is_refused_with_its_place(
    profiles: Path, change: tuple[str, str], problem: str
) -> None:
    (profiles / "my_meter.toml").write_text(METER.replace(*change), encoding="utf-8")

    told, code = run("device", "decode", "--profile", "my_meter", "-", stdin=CAPTURE)

    assert code == 2
    assert problem in told


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("point_offset = 3", "point_offset = 4"), "w_sf: point_offset 4 lies outside the model"),
        (('factor = "W_SF"', 'factor = "A_SF"'), "ac_power: scale_factor A_SF is no point of type"),
        (('"sunssf"', '"u16"'), "ac_power: scale_factor W_SF is no point of type sunssf"),
        (("point_offset = 2", "point_offset = 3"), "w_sf and ac_power both hold register 3"),
    ],
)
def test_a_scale_factor_that_points_outside_is_refused(
    profiles: Path, change: tuple[str, str], problem: str
) -> None:
    (profiles / "my_model.toml").write_text(SUNSPEC.replace(*change), encoding="utf-8")

    told, code = run("device", "profiles")

    assert code == 2
    assert problem in told


def test_the_profiles_that_the_wrong_ones_are_made_of_are_right(profiles: Path) -> None:
    (profiles / "my_meter.toml").write_text(METER, encoding="utf-8")
    (profiles / "my_model.toml").write_text(SUNSPEC, encoding="utf-8")

    assert run("device", "profiles") == ("", 0)
    assert run("device", "decode", "--profile", "my_meter", "-", stdin=CAPTURE) == ("", 0)


@pytest.mark.parametrize("command", [("decode", "--profile", "eastron_sdm"), ("serve",)])
@pytest.mark.parametrize(
    ("capture", "problem"),
    [
        ("no json", "-: is not JSON"),
        (CAPTURE.replace("1835", "65536"), "registers #2: found 65536, allowed: 65535 or less"),
        (CAPTURE.replace("0, 1835, 2301", ""), "registers: found [], allowed: 1 or more entries"),
        (CAPTURE.replace("10,", "65534,"), "blocks #1 ends at 65536, the last address is 65535"),
        (f"{CAPTURE}\n{CAPTURE[:-1]}", "line 2 is not JSON"),
    ],
)
def test_a_wrong_capture_is_refused(command: tuple[str, ...], capture: str, problem: str) -> None:
    told, code = run("device", *command, "-", stdin=capture)

    assert code == 2
    assert problem in told


@pytest.mark.parametrize(
    "command",
    [
        ("scan",),
        ("read", "--profile", "pzem_004t", "--unit", "1"),
        ("record", "--profile", "pzem_004t", "--unit", "1", "words.jsonl"),
    ],
)
@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("192.168.10.21", "is not understood, did you mean tcp://192.168.10.21?"),
        ("/dev/ttyUSB0", "is not understood, did you mean rtu:///dev/ttyUSB0?"),
        ("rtu://dev/ttyUSB0", "is not understood, did you mean rtu:///dev/ttyUSB0?"),
        ("tcp://gate:x", "found port 'x', allowed 1 to 65535"),
        ("tcp://gate:70000", "found port '70000', allowed 1 to 65535"),
        ("udp://gate:8899", "is not understood; allowed: tcp://host:port"),
        ("rtu:///dev/ttyUSB0?speed=9600", "speed=9600 is not understood"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(
    command: tuple[str, ...], url: str, problem: str
) -> None:
    told, code = run("device", command[0], url, *command[1:])

    assert code == 2
    assert problem in told
    assert "\n" not in told


def ask_port(path: str) -> tuple[str, int]:
    """Scan one unit on a serial port."""
    return run("device", "scan", f"rtu://{path}", "--units", "1", "--timeout", "0.1")


def test_a_port_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    told, code = ask_port(f"{tmp_path}/ttyUSB7")

    assert code == 3
    assert "no connection; plug the adapter in, or correct the path; /dev/serial/by-id" in told


def test_a_file_is_no_serial_port(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB7").touch()

    told, code = ask_port(f"{tmp_path}/ttyUSB7")

    assert code == 3
    assert "no connection; this is no serial port; /dev/serial/by-id lists ports" in told


@pytest.fixture
def port() -> Iterator[str]:
    """Open a serial port for another program."""
    with serial_line(lambda asked: [asked.refuse(Refusal.ILLEGAL_ADDRESS)]) as line:
        yield line.url.removeprefix("rtu://").partition("?")[0]


def test_a_port_that_another_program_locks_is_one_clear_line(port: str) -> None:
    with Path(port).open("rb+", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        told, code = ask_port(port)

    assert code == 3
    assert "end the other program or choose another port (held by another program)" in told


def test_a_port_that_we_read_is_kept_from_a_second_program_of_ours(port: str) -> None:
    first = Bus(f"rtu://{port}", 1)
    with pytest.raises(RefusedError):
        first.read(1, 3, 0, 1)

    told, code = ask_port(port)
    first.close()

    assert code == 3
    assert "held by another program" in told


def test_a_file_that_cannot_be_written_is_told_before_a_device_is_asked(tmp_path: Path) -> None:
    where = str(tmp_path / "none" / "words.jsonl")

    told, code = run(
        "device", "record", "--profile", "pzem_004t", "tcp://127.0.0.1:1", where, "--unit", "1"
    )

    assert code == 2
    assert told == f"{where}: cannot be written, {tmp_path / 'none'} is no folder"
