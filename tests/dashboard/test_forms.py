"""Every page that shows figures answers `.json` and `.csv` at its own address."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound

from tests.dashboard.fakes import Village
from tests.dashboard.visits import client_of_steward

PARTS = {"<month>": "2026-03", "<slot>": "2026-03-01T17:00Z"}
"""What stands in addresses that have a part to fill in."""

WITHOUT = {
    "/account": "a form: password and codes, no figures",
    "/pin": "a form, no figures",
    "/q/<token>": "a form, no figures",
    "/setup": "a form, no figures",
    "/sign-in": "a form, no figures",
    "/health": "one word for programs",
    "/home/statement": "a file itself; its figures are those of /home.json?month=",
    "/reports/<month>/read": "sentences; their figures are those of /reports/<month>.json",
}
"""Pages that have no other form, and why."""


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield the address and the endpoint of every page."""
    for rule in app.url_map.iter_rules():
        is_page = "." not in rule.rule.rpartition("/")[2] and "GET" in (rule.methods or ())
        if is_page and not rule.rule.startswith(("/api/", "/static/")):
            yield rule.rule, rule.endpoint


def form_of(page: str, form: str) -> str:
    """Return the address of a page in another form."""
    for part, told in PARTS.items():
        page = page.replace(part, told)
    return f"{page if page != '/' else '/index'}.{form}"


def test_every_page_has_both_forms(app: Flask) -> None:
    lacking = {
        page
        for page, endpoint in pages(app)
        for form in ("json", "csv")
        # An address with a part to fill in might take `2026-03.json` for a month.
        if endpoint_at(app, form_of(page, form)) in {None, endpoint}
    }

    assert lacking == set(WITHOUT)


def endpoint_at(app: Flask, address: str) -> str | None:
    """Return what answers at an address."""
    try:
        return str(app.url_map.bind("localhost").match(address)[0])
    except NotFound:
        return None


@pytest.mark.parametrize("page", ["/", "/tv", "/community", "/assembly", "/reports", "/steward"])
@pytest.mark.parametrize(("form", "kind"), [("json", "application/json"), ("csv", "text/csv")])
def test_a_form_is_what_it_is_called(
    app: Flask, village: Village, page: str, form: str, kind: str
) -> None:
    client: FlaskClient = client_of_steward(app, village.doors, "rosa")

    answer = client.get(form_of(page, form))

    assert (answer.status_code, answer.mimetype) == (200, kind)
