"""schemathesis asks every address whatever the document allows, and much that it does not."""

import schemathesis
from hypothesis import settings
from schemathesis import Case

from dashboard.app import create_app
from tests.dashboard.fakes import a_full_village

VILLAGE = a_full_village()
TOKEN = VILLAGE.gate.give()
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", create_app(VILLAGE.sources()))
HEADERS = {
    "Authorization": f"Bearer {TOKEN}",
    # What asks an app without a network does not unpack.
    "Accept-Encoding": "identity",
}


@SCHEMA.parametrize()
@settings(max_examples=30, deadline=None, derandomize=True, database=None)
def test_nothing_is_found(case: Case) -> None:
    case.call_and_validate(headers=HEADERS)
