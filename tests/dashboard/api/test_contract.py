"""schemathesis asks every address whatever the document allows, and much that it does not."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import settings
from schemathesis import Case

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


@pytest.fixture(scope="session")
def headers(town: Town) -> Mapping[str, Mapping[str, str]]:
    """Serve the town; return how one comes to the addresses of a home and to all others."""
    SERVED.app = town.app
    return {
        "home": {"Authorization": f"Bearer {town.gate.give('h07')}", **UNPACKED},
        "community": {"Authorization": f"Bearer {town.gate.give()}", **UNPACKED},
    }


@SCHEMA.parametrize()
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
def test_nothing_is_found(case: Case, headers: Mapping[str, Mapping[str, str]]) -> None:
    whose = "home" if case.path.startswith("/api/v1/home") else "community"
    case.call_and_validate(headers=dict(headers[whose]))
