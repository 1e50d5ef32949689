"""The table of supported devices says what the profiles say."""

from collector.profiles.profile import list_profiles, load_profile
from collector.profiles.table import PAGE, write_table
from tests.collector.profiles.families import FAMILIES


def test_the_table_in_the_documentation_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == write_table([load_profile(name) for name in list_profiles()])


def test_every_family_has_a_row_of_its_own() -> None:
    rows = PAGE.read_text(encoding="utf-8").splitlines()

    assert [sum(row.startswith(f"| `{name}` |") for row in rows) for name in FAMILIES] == [1] * 28


def test_a_row_says_how_to_reach_a_device_and_what_it_gives() -> None:
    rows = write_table([load_profile("pzem_004t")]).splitlines()

    assert rows[-1] == (
        "| `pzem_004t` | Peacefair PZEM-004T v3 / PZEM-016 / PZEM-014 "
        "| rtu 9600 8N1, address 1 (broadcast 0xF8 for single) | 1 | 4 | 7 "
        "| energy | no | 6 high, 1 medium, 0 low |"
    )
