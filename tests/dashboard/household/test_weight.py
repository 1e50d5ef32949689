"""How much a phone on a slow line loads before it shows something."""

import re

import pytest
from flask.testing import FlaskClient

MOST_BYTES = 30 * 1_024
MOST_REQUESTS = 3
PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/home", "/home?month=2026-02", "/tv", "/", "/community"])
def test_a_first_load_is_light(h07: FlaskClient, path: str) -> None:
    page = h07.get(path).get_data(as_text=True)
    parts = re.findall(r'(?:src|<link [^>]*href)="(/[^"]+)"', page)

    loaded = [h07.get(address, headers=PACKED, buffered=True) for address in (path, *parts)]

    assert all(answer.status_code == 200 for answer in loaded)
    assert len(loaded) <= MOST_REQUESTS
    assert sum(len(answer.data) for answer in loaded) <= MOST_BYTES
