"""schemathesis asks every address whatever the document allows, and much that it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import settings
from schemathesis import Case, Response
from schemathesis.specs.openapi.checks import ignored_auth

from dashboard.app import create_app
from tests.dashboard.api.conftest import Town
from tests.dashboard.fakes import Village

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Served:
    """An app that is put in the place of another: tests are named before there are books."""

    def __init__(self) -> None:
        self.app = create_app(Village().sources())

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self.app(environ, start_response)


SERVED = Served()
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", SERVED)
# What asks an app without a network does not unpack.
UNPACKED = {"Accept-Encoding": "identity"}


@dataclass(frozen=True)
class Ways:
    """How one comes to the addresses of a home, to those of stewards, and to all others."""

    home: str
    community: str
    steward: str

    def ask(self, case: Case) -> Response:
        """Come with what a case needs, and hold the answer to the document."""
        whose = case.path.removeprefix("/api/v1/").partition("/")[0]
        if whose == "devices":
            # It takes a cookie that a browser was given for one that it made up itself; that a
            # made-up one opens nothing is held by the walk of all visitors.
            return case.call_and_validate(
                headers=UNPACKED,
                cookies={"minga": self.steward},
                excluded_checks=[ignored_auth],
            )
        token = self.home if whose == "home" else self.community
        return case.call_and_validate(headers={"Authorization": f"Bearer {token}", **UNPACKED})


@pytest.fixture(scope="session")
def ways(town: Town) -> Ways:
    """Serve the town."""
    SERVED.app = town.app
    return Ways(town.gate.give("h07"), town.gate.give(), town.steward_pass())


PARTS = {"date": "2026-03-10", "month": "2026-03", "year": "2026", "slot": "2026-03-14T17:00Z"}
"""Of what the town has books."""


@pytest.mark.parametrize("path", sorted(SCHEMA.raw_schema["paths"]))
def test_what_there_is_has_the_shape_that_is_documented(ways: Ways, path: str) -> None:
    parts = {name: told for name, told in PARTS.items() if f"{{{name}}}" in path}

    answer = ways.ask(SCHEMA[path]["GET"].Case(path_parameters=parts))

    assert answer.status_code == 200


@SCHEMA.parametrize()
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
def test_nothing_is_found(case: Case, ways: Ways) -> None:
    ways.ask(case)
