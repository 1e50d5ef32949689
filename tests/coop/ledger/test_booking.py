"""Settling books every slot, once, and never edits."""

from fractions import Fraction

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from coop.allocation import Home as KeyHome
from coop.allocation import Rules
from coop.database.schema import ledger_entry
from coop.ledger import Entry, find_broken_link, first_hash
from coop.ledger.book import Ledger
from coop.ledger.drafts import add
from coop.members.community import Home, Member, Meter, Roof
from coop.members.registry import NewKey
from tests.coop.village import ALWAYS, HOMES, ROOF, START_S, Village, at, every_border, meter_of


def books(village: Village) -> list[Entry]:
    """Return all entries."""
    with village.database.reading() as connection:
        return list(Ledger(connection, village.settings.id).entries())


def said(village: Village) -> list[tuple[str, dict[str, int]]]:
    """Return kind and postings of all entries."""
    return [(one.document["kind"], one.document["postings"]) for one in books(village)]


def test_each_settled_slot_is_one_balanced_entry(village: Village) -> None:
    village.agree()
    village.measure(2, produced=300, used=60)

    village.settle(30)

    slot = {"fund:energy": 120, "roof:school": -3000, "surplus:school": 1080}
    assert said(village) == [
        ("slot", {**slot, "shared:a": 600, "shared:b": 600, "shared:c": 600}),
        ("slot", {**slot, "shared:a": 600, "shared:b": 600, "shared:c": 600}),
    ]


def test_settling_again_books_nothing_again(village: Village) -> None:
    village.agree()
    village.measure(4)
    village.settle(60)
    before = books(village)

    village.settle(60)

    assert books(village) == before


def test_a_provisional_slot_is_not_booked(village: Village) -> None:
    village.agree()
    village.readings.add(ROOF, *every_border(1, 300))
    village.readings.add(meter_of("a"), *every_border(1, 60))

    village.settle(15)

    assert books(village) == []


def test_a_late_reading_reverses_and_books_anew(village: Village) -> None:
    village.agree()
    village.measure(1, produced=300, used=60)
    village.settle(15)

    village.readings.add(ROOF, at(14, 1270))
    village.readings.add(ROOF, at(15, 1290))
    village.readings.samples[ROOF].discard(at(15, 1300))
    village.readings._edges.clear()
    village.settle(16)

    kinds = [kind for kind, _ in said(village)]
    assert kinds == ["slot", "reversal", "slot"]
    first, reversal, second = (postings for _, postings in said(village))
    assert add(first, reversal) == {}
    assert second["roof:school"] == -2900


def test_what_is_left_over_belongs_to_the_roofs_that_offered_it(village: Village) -> None:
    with village.register() as entered:
        entered.add_roof(Roof("own", "Own roof", "a"))
        entered.add_meter(Meter("own-roof", "energy_total", ALWAYS, roof_id="own"))
        shares = tuple(KeyHome(home, weight=Fraction(1, 3)) for home in HOMES)
        entered.add_key(NewKey("Equal", "Assembly", Rules(), shares, START_S))
    village.measure(1, produced=300, used=60)
    village.readings.add(("own-roof", "energy_total"), *every_border(1, 160))

    village.settle(15)

    [(_, postings)] = said(village)
    assert postings == {
        "roof:school": -3000,
        "roof:own": -1600,
        "own:a": 600,
        "shared:b": 600,
        "shared:c": 600,
        "fund:energy": 280,
        # 2,520 tenths by 300 to 100: what the own roof offered is what its home left.
        "surplus:school": 1890,
        "surplus:own": 630,
    }


def test_the_chain_is_whole_after_reversals(village: Village) -> None:
    village.agree()
    village.measure(3)
    village.settle(45)
    village.readings.add(meter_of("a"), at(20, 1090))
    village.settle(46)

    assert find_broken_link(books(village), first_hash(village.settings.id)) is None


@pytest.mark.parametrize(
    "change",
    [update(ledger_entry).values(line="{}"), delete(ledger_entry)],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_the_books(village: Village, change: object) -> None:
    village.agree()
    village.measure(1)
    village.settle(15)

    with pytest.raises(IntegrityError, match="insert-only"), village.database.writing() as writer:
        writer.execute(change)  # type: ignore[call-overload]  # both are statements


def test_a_home_outside_the_key_takes_no_part_nor_does_its_roof(village: Village) -> None:
    village.agree()
    with village.register() as entered:
        entered.add_member(Member("m-d", "Family d", START_S))
        entered.add_home(Home("d", "m-d", "House d"))
        entered.add_roof(Roof("d-roof", "Roof of d", "d"))
        entered.add_meter(Meter("d-roof", "energy_total", ALWAYS, roof_id="d-roof"))
    village.measure(1)
    village.readings.add(("d-roof", "energy_total"), *every_border(1, 50))

    village.settle(15)

    [(_, postings)] = said(village)
    assert "roof:d-roof" not in postings
