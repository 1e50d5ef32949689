"""Every address, by every method, for strangers, two households and stewards (F27).

What is let through is what the access table says; looking changes nothing.
"""

from collections.abc import Iterator
from functools import lru_cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule

from coop.database.opening import Database
from coop.database.schema import metadata
from coop.doors.deeds import read_deeds
from coop.doors.door import Doors
from coop.doors.visits import Guest
from coop.tokens.program import DAY_S, Wanted, add_program
from dashboard.access import ACCESS, HEADERS, LOOKING, Audience
from dashboard.visiting import FIELD
from tests.dashboard.doors.conftest import NOW_S

HOMES = {"household A": "h01", "household B": "h02"}
STEWARDS = {"steward": "rosa", "second steward": "juan"}
PROGRAMS = {"program": None, "program of home A": "h01", "program of home B": "h02"}
VISITORS = ("stranger", *HOMES, *STEWARDS, *PROGRAMS)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
ALLOWED = {
    Audience.ANYONE: {*VISITORS},
    Audience.MEMBERS: {*HOMES, *STEWARDS, "program"},
    Audience.HOME: {"household A", *STEWARDS, "program of home A"},
    Audience.HOUSEHOLD: {"household A"},
    Audience.STEWARDS: {*STEWARDS},
}
"""Who sees what when the address names home h01."""

WRITTEN = {"deed", "program_token", "visit"}
"""What is noted of a look: who was denied, that somebody stirred, on which day a program came."""

PARTS = {
    "home": "h01",
    "filename": "style.css",
    "date": "2026-03-01",
    "month": "2026-03",
    "year": "2026",
    "form": "json",
    "slot": "2026-03-01T17:00Z",
}
"""What stands in addresses that have a part to fill in."""


def browser(app: Flask, doors: Doors, who: str) -> tuple[FlaskClient, str]:
    """Return a new browser of somebody, and the key of its forms."""
    client = app.test_client()
    if who == "stranger":
        client.set_cookie("minga_form", "k" * 43)
        return client, "k" * 43
    if who in PROGRAMS:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token_of(doors, who)}"
        return client, "k" * 43
    token = doors.begin(Guest(HOMES.get(who), STEWARDS.get(who))).token
    client.set_cookie("minga", token)
    found = doors.find(token)
    assert found
    return client, found.form_key


@lru_cache(maxsize=8)
def token_of(doors: Doors, program: str) -> str:
    """Return the token of a program."""
    wanted = Wanted(program, PROGRAMS[program], NOW_S + DAY_S)
    with doors._database.writing() as connection:
        return add_program(connection, wanted, NOW_S)


def addresses(app: Flask, doors: Doors) -> Iterator[tuple[Rule, str]]:
    """Give each rule an address that names home h01 where it can."""
    known = {"token": doors.upkeep.make_card("h01"), **PARTS}
    for rule in app.url_map.iter_rules():
        values = {name: known.get(name, "x") for name in rule.arguments}
        built = app.url_map.bind("localhost").build(rule.endpoint, values, rule_method(rule))
        yield rule, f"{built}?home=h01"


def rule_method(rule: Rule) -> str:
    """Return one method of a rule."""
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def expected(app: Flask, address: str, method: str, who: str) -> str:
    """Return what the table says of somebody: let in, turned away, or no such act."""
    path = address.partition("?")[0]
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method)
    except MethodNotAllowed:
        return "no such act"
    if who in PROGRAMS and method not in LOOKING:
        return "turned away"
    audience = ACCESS.get(endpoint if method in LOOKING else f"{method} {endpoint}")
    return "let in" if audience and who in ALLOWED[audience] else "turned away"


def judge(status: int) -> str:
    """Return what an answer means; what failed is no answer."""
    if status >= 500:
        return f"failed with {status}"
    return {401: "turned away", 403: "turned away", 405: "no such act"}.get(status, "let in")


@pytest.mark.parametrize("who", VISITORS)
@pytest.mark.parametrize("method", METHODS)
def test_everybody_sees_what_the_table_says(
    app: Flask, doors: Doors, who: str, method: str
) -> None:
    found, told = {}, {}
    for _rule, address in addresses(app, doors):
        client, key = browser(app, doors, who)
        data = {} if method in LOOKING else {FIELD: key}
        with client.open(address, method=method, data=data) as answer:
            found[address] = judge(answer.status_code)
            told[address] = expected(app, address, method, who)
            assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS), address

    assert found == told


@pytest.mark.parametrize("who", VISITORS)
def test_a_form_without_its_key_is_taken_from_nobody(app: Flask, doors: Doors, who: str) -> None:
    taken = []
    for rule, address in addresses(app, doors):
        client, _ = browser(app, doors, who)
        if "POST" in (rule.methods or ()):
            with client.post(address, data={FIELD: "z" * 43}) as answer:
                taken += [address] if answer.status_code not in {400, 401, 403} else []

    assert taken == []


@pytest.mark.parametrize("who", VISITORS)
def test_looking_changes_nothing(app: Flask, doors: Doors, database: Database, who: str) -> None:
    walk = list(addresses(app, doors))
    client, _ = browser(app, doors, who)
    before = held(database)

    for _rule, address in walk:
        for method in ("GET", "HEAD", "OPTIONS"):
            client.open(address, method=method).close()

    assert held(database) == before
    with database.reading() as connection:
        assert {one.what for one in read_deeds(connection, 500)} <= {
            "card-made",
            "denied",
            "token-made",
        }


def held(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return all that stands in the books."""
    with database.reading() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table))]
            for name, table in metadata.tables.items()
            if name not in WRITTEN
        }
