"""What a test needs from the machine: real programs and the shared data.

Absent means skipped and named; with CI=true absent means failed.
"""

import os
import shutil
import subprocess
from ctypes.util import find_library
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent


def require_program(name: str) -> str:
    """Return the path of a program, or skip the test and name what is missing."""
    return _find_program(name) or absent(f"program {name}")


def require_browser() -> str:
    """Return the path of Chromium where Playwright's own driver can run too, or skip the test."""
    if find_library("atomic") is None:
        absent("library libatomic1")
    return require_program("chromium")


def require_namespaces() -> str:
    """Return the path of unshare where a namespace of one's own is permitted, or skip the test."""
    unshare = require_program("unshare")
    is_permitted = not subprocess.run(
        [unshare, "-rm", "true"], check=False, capture_output=True
    ).returncode
    return unshare if is_permitted else absent("a machine that permits unshare -rm")


def shared_data() -> Path:
    """Return the folder of shared data, or skip the test and say where it was looked for."""
    shared = Path(os.environ.get("MINGA_SHARED", ROOT.parent / "shared"))
    return shared / "data" if (shared / "data").is_dir() else absent(f"shared data at {shared}")


def absent(what: str) -> NoReturn:
    """Skip the test and name what is missing; fail it where nothing may be missing."""
    message = f"needs {what}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def _find_program(name: str) -> str | None:
    told = os.environ.get(f"MINGA_{name.upper()}")
    searched = os.pathsep.join(
        [
            os.environ.get("PATH", ""),
            "/usr/sbin",
            "/usr/local/sbin",
            str(Path.home() / "go" / "bin"),
        ]
    )
    return told or shutil.which(name, path=searched)
