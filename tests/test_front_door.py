"""The front door: what a person is told, and that a collector needs no heavy library."""

import subprocess
import sys

import pytest

import minga
from collector.errors import DeviceError, StateError
from tests.requirements import ROOT


@pytest.mark.parametrize(
    ("error", "said", "code"),
    [
        (StateError("the card is full"), "the card is full", 2),
        (DeviceError("no answer"), "no answer", 3),
        (ModuleNotFoundError("x", name="flask"), "needs flask, which is not installed", 2),
        (RuntimeError("odd"), "a fault in Minga", 70),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(error: Exception, said: str, code: int) -> None:
    text, found = minga.tell(error)

    assert (said in text, found, "\n" in text) == (True, code, False)


def test_the_collector_loads_none_of_the_heavy_libraries() -> None:
    heavy = {"pandas", "numpy", "sqlalchemy", "flask", "influxdb_client", "amqtt", "pvlib", "babel"}
    script = (
        "import sys, minga, collector.commands, collector.collect_service, coop.settings;"
        f"print(sorted({heavy} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
