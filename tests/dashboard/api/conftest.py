"""Programs that come with a token."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.dashboard.fakes import Village

Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(app: Flask, village: Village) -> Ask:
    """Return what asks with a token of the community: `ask("community/days/2026-03-01")`."""
    token = village.gate.give()

    def asking(address: str, **headers: str) -> TestResponse:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return app.test_client().get(
            f"/api/v1/{address}", headers={"Authorization": f"Bearer {token}", **told}
        )

    return asking
