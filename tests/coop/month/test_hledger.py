"""The books as an independent program reads them."""

import json
import subprocess
from pathlib import Path

import pytest

from coop.ledger import Unit
from coop.ledger.book import Ledger
from tests.coop.month.town import END, Town
from tests.requirements import require_program


@pytest.fixture
def town(tmp_path: Path) -> Town:
    require_program("hledger")
    with Town.founded(tmp_path) as held:
        held.live_through_march()
        held.months.freeze("2026-03", END)
        return held


def balances(journal: Path) -> dict[str, str]:
    """Return what hledger says of each account."""
    said = subprocess.run(
        ["hledger", "-f", str(journal), "balance", "--flat", "-O", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = json.loads(said.stdout)[0]
    return {row[0]: str(row[3][0]["aquantity"]["floatingPoint"]) for row in rows}


def test_hledger_adds_up_to_the_same_balances(town: Town, tmp_path: Path) -> None:
    journal = tmp_path / "ledger.journal"
    journal.write_bytes(town.months.files("2026-03")["ledger.journal"])
    with town.database.reading() as connection:
        ours = Ledger(connection, town.settings.id).balance("fund:energy", Unit.ENERGY)

    theirs = balances(journal)

    # 2,976 slots of March and 4 of April that the same stretch of the books holds: 120 tenths each.
    assert ours == 2_980 * 120
    assert theirs["fund:energy"] == str(ours)
    assert sum(float(amount) for amount in theirs.values()) == 0


def test_hledger_finds_nothing_wrong(town: Town, tmp_path: Path) -> None:
    journal = tmp_path / "ledger.journal"
    journal.write_bytes(town.months.files("2026-03")["ledger.journal"])

    done = subprocess.run(
        ["hledger", "-f", str(journal), "check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
