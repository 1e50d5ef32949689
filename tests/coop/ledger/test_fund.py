"""The fund is never negative; what leaves it has a decision and two signatures."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from coop.database.opening import Database, open_database
from coop.errors import InputError, RefusedError
from coop.ledger import Draft, Kind, Unit
from coop.ledger.book import Ledger
from coop.ledger.fund import FundBalance, Grant, enter_grant, read_fund
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward
from coop.settings import CoopSettings
from coop.slots import moment_of

NOW = moment_of(1_772_341_200)
GRANT = Grant("2026/4", 12_050, "Roof of the school", ("rosa", "juan"))


@pytest.fixture
def database(settings: CoopSettings) -> Iterator[Database]:
    with open_database(settings) as opened:
        with opened.writing() as connection:
            for name in ("rosa", "juan"):
                add_steward(connection, Steward(name, name, Validity(0)))
            money = {"fund:soles": 20_000, "buyer": -20_000}
            draft = Draft(Kind.MONEY, "2026-02", money, Unit.MONEY)
            Ledger(connection, settings.id).append([draft], 0)
        yield opened


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.writing() as opened:
        yield opened


def test_a_grant_leaves_the_fund_with_its_decision(
    connection: Connection, settings: CoopSettings
) -> None:
    entry = enter_grant(connection, settings, GRANT, NOW)

    assert entry.document["postings"] == {"fund:soles": -12_050, "grant:2026/4": 12_050}
    assert entry.document["stewards"] == ["juan", "rosa"]
    assert read_fund(connection, settings) == FundBalance(0, 7_950)


def test_the_fund_is_never_negative(connection: Connection, settings: CoopSettings) -> None:
    with pytest.raises(RefusedError, match=r"found 200\.01 soles, the fund holds 200\.00"):
        enter_grant(connection, settings, replace(GRANT, centimos=20_001), NOW)


def test_a_decision_gives_once(connection: Connection, settings: CoopSettings) -> None:
    enter_grant(connection, settings, replace(GRANT, centimos=1), NOW)

    with pytest.raises(RefusedError, match="in the books already"):
        enter_grant(connection, settings, replace(GRANT, centimos=1), NOW)


@pytest.mark.parametrize(
    ("grant", "said"),
    [
        (replace(GRANT, stewards=("rosa", "rosa")), "needed: 2 different stewards"),
        (replace(GRANT, stewards=("rosa",)), "needed: 2 different stewards"),
        (replace(GRANT, stewards=("rosa", "ana")), "steward ana: no steward at"),
        (replace(GRANT, decision=" "), "found no decision"),
        (replace(GRANT, centimos=-5), r"found -0\.05 soles; allowed: more than 0"),
    ],
    ids=["same twice", "one alone", "a stranger", "no decision", "negative"],
)
def test_an_incomplete_grant_is_refused(
    connection: Connection, settings: CoopSettings, grant: Grant, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        enter_grant(connection, settings, grant, NOW)
