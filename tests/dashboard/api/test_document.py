"""The document that programs are made from says what the addresses do."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.access import ACCESS, Audience

Document = Mapping[str, Any]


@pytest.fixture
def document(client: FlaskClient) -> Document:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return dict(answer.get_json())


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield each address with what is documented of it."""
    for path, methods in document["paths"].items():
        yield path, methods["get"]


def test_it_is_openapi_3_1(document: Document) -> None:
    assert document["openapi"] == "3.1.0"
    assert "title" in document["info"]


def test_every_address_for_programs_is_documented(app: Flask, document: Document) -> None:
    served = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }

    assert served == set(document["paths"])


def test_it_says_for_whom_each_address_is(document: Document) -> None:
    for path, operation in operations(document):
        audience = ACCESS[f"api.{operation['operationId']}"]
        is_open = operation["security"] == [] or {} in operation["security"]
        assert is_open is (audience is Audience.ANYONE), path
        assert f"For: {audience}." in operation["description"]
        assert {"401", "403"} <= set(operation["responses"]) or audience is Audience.ANYONE


def test_errors_are_documented_as_problem_details(document: Document) -> None:
    for path, operation in operations(document):
        for status, told in operation["responses"].items():
            if int(status) >= 400:
                assert list(told["content"]) == ["application/problem+json"], (path, status)


def test_every_parameter_is_described(document: Document) -> None:
    for path, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], path


def test_a_program_that_has_the_document_is_not_sent_it_again(client: FlaskClient) -> None:
    tag = client.get("/api/v1/openapi.json").headers["ETag"]

    answer = client.get("/api/v1/openapi.json", headers={"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")
