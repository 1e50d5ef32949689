"""Meters and lines as the real books hold them, on a file and on a server."""

from coop.watch.records import read_energy, read_span
from coop.watch.watched import read_watched
from tests.coop.village import START_S, Village, every_border


def test_meters_are_read_with_the_names_of_their_owners_roofs_first(village: Village) -> None:
    with village.database.reading() as connection:
        found = read_watched(connection)

    assert [(one.owner, one.name, one.is_roof) for one in found] == [
        ("School", "roof/energy_total", True),
        ("House a", "a-meter/import_energy_total", False),
        ("House b", "b-meter/import_energy_total", False),
        ("House c", "c-meter/import_energy_total", False),
    ]


def test_the_newest_line_of_each_slot_is_read_in_order(village: Village) -> None:
    village.agree()
    village.measure(4)
    village.settle(60)
    village.readings.add(("a-meter", "import_energy_total"), *every_border(4, 70))
    village.settle(60)

    with village.database.reading() as connection:
        found = list(read_energy(connection, START_S, START_S + 3 * 900))

    assert [line.slot_start_s for line in found] == [START_S, START_S + 900, START_S + 1_800]
    assert all('"roof/energy_total":[300,"measured"]' in line.text for line in found)


def test_the_span_of_the_books(village: Village) -> None:
    with village.database.reading() as connection:
        assert read_span(connection) is None
    village.agree()
    village.measure(4)
    village.settle(60)

    with village.database.reading() as connection:
        assert read_span(connection) == (START_S, START_S + 3 * 900)
