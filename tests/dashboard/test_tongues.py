"""A reader chooses the language of the page that is open."""

import re

import pytest
from flask.testing import FlaskClient

ADDRESSES = ["/", "/sign-in", "/reports"]


def offered(client: FlaskClient, address: str) -> dict[str, str]:
    page = client.get(address).get_data(as_text=True)
    line = page.partition('<p class="tongues">')[2].partition("</p>")[0]
    return {code: href for href, code in re.findall(r'href="([^"]+)" lang="(\w+)"', line)}


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page_leads_to_itself_in_every_language(client: FlaskClient, address: str) -> None:
    assert {"qu", "ay"} <= {*offered(client, f"{address}?lang=es")}

    for language, href in offered(client, address).items():
        page = client.get(address + href).get_data(as_text=True)
        assert f'<html lang="{language}"' in page


def test_what_was_asked_stays_and_hostile_questions_stay_text(client: FlaskClient) -> None:
    href = offered(client, '/?a=1&b="><script>&lang=es')["qu"]

    assert "a=1" in href
    assert "lang=qu" in href
    assert "<" not in href


def test_a_page_that_is_none_is_told_in_another_language_too(client: FlaskClient) -> None:
    href = offered(client, "/nowhere")["qu"]

    assert client.get(f"/nowhere{href}").status_code == 404
