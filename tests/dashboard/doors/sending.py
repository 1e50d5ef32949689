"""The forms of those who come in, filled in and sent."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.visiting import FIELD
from tests.dashboard.doors.conftest import PASSWORD


def send(client: FlaskClient, address: str, *, https: bool = False, **fields: str) -> TestResponse:
    """Open a page and send its form."""
    base = "https://localhost" if https else "http://localhost"
    page = client.get(address, base_url=base).get_data(as_text=True)
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found, "the page has no form"
    return client.post(address, data={FIELD: found[1], **fields}, base_url=base)


def sign_in(client: FlaskClient, name: str = "rosa", **fields: str) -> TestResponse:
    """Send name and password, right unless told otherwise."""
    return send(client, "/sign-in", name=name, **{"password": PASSWORD, **fields})
