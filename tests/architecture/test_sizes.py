"""A module is read on two screens, a function at a glance."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.requirements import ROOT

MODULE_LINES = 400
TEST_MODULE_LINES = 500
FUNCTION_LINES = 50
LONGER = {"coop/month/verify.py": 900}
"""One file on purpose, see docs/decisions/009-verifier.md."""

PRODUCTION = [
    ROOT / "minga.py",
    ROOT / "minga_demo.py",
    *sorted(
        path
        for room in ("collector", "coop", "dashboard")
        for path in (ROOT / room).rglob("*.py")
        if "migrations/versions" not in path.as_posix()
    ),
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def named(path: Path) -> str:
    """Name a file as people do."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.stmt) -> int:
    """Count the lines of a definition."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", PRODUCTION, ids=named)
def test_a_module_is_read_on_two_screens(path: Path) -> None:
    allowed = LONGER.get(named(path), MODULE_LINES)

    assert len(path.read_text(encoding="utf-8").splitlines()) <= allowed


@pytest.mark.parametrize("path", TESTS, ids=named)
def test_a_test_module_is_not_endless(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= TEST_MODULE_LINES


@pytest.mark.parametrize("path", [*PRODUCTION, *TESTS], ids=named)
def test_a_function_is_read_at_a_glance(path: Path) -> None:
    assert [node.name for node in functions(path) if length(node) > FUNCTION_LINES] == []


@pytest.mark.parametrize("path", PRODUCTION, ids=named)
def test_a_module_says_what_it_decides(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
