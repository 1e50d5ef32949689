"""What counters counted becomes what homes used and offered, roofs made and plants drew."""

import pytest

from coop.members.community import Community, Counts, Home, Meter, Prosumer, Roof, Validity
from coop.metering.flows import Flows, SlotFlows
from coop.metering.intervals import GAP, MEASURED, Metered

ALWAYS = Validity(0)
PROSUMER = Prosumer("a", "Assembly 3", ALWAYS)
A, B = Home("a", "m", "A"), Home("b", "m", "B")
USE = Meter("a-meter", "import", ALWAYS, home_id="a")
EXPORT = Meter("a-meter", "export", ALWAYS, home_id="a", told=Counts.EXPORT)
ROOF = Meter("roof", "made", ALWAYS, roof_id="school")
PLANT = Meter("roof", "drawn", ALWAYS, roof_id="school", told=Counts.PLANT_USE)
OWN = Meter("own", "made", ALWAYS, roof_id="own")
SCHOOL, OWN_ROOF = Roof("school", "School"), Roof("own", "Own", "a")


def flow(community: Community, *wh: int | None) -> SlotFlows:
    """Return the flows of one slot; `wh` are of the community's meters in their order."""
    metered = {
        meter.counter: Metered([one], [GAP if one is None else MEASURED])
        for meter, one in zip(community.meters, wh, strict=True)
    }
    [slot] = Flows(community, ("a",), 0).slots(metered, 1)
    return slot


def test_a_plant_that_uses_more_than_it_makes_makes_nothing_and_draws_the_rest() -> None:
    village = Community(homes=(A,), roofs=(SCHOOL,), meters=(USE, ROOF, PLANT))

    by_day, at_night = flow(village, 5, 100, 3), flow(village, 5, 1, 4)

    assert (by_day.community_wh, by_day.plants_wh) == (97, {})
    assert (at_night.community_wh, at_night.plants_wh) == (0, {"school": 3})


def test_a_plant_whose_own_use_is_missing_made_nobody_knows_what() -> None:
    village = Community(homes=(A,), roofs=(SCHOOL,), meters=(USE, ROOF, PLANT))

    assert flow(village, 5, 100, None).community_wh is None


def test_the_plants_of_two_roofs_do_not_draw_from_each_other() -> None:
    other = Meter("other", "made", ALWAYS, roof_id="z")
    roofs = (SCHOOL, Roof("z", "Other"))
    village = Community(homes=(A,), roofs=roofs, meters=(USE, ROOF, PLANT, other))

    slot = flow(village, 5, 0, 4, 50)

    assert (slot.community_wh, slot.roofs_wh, slot.plants_wh) == (50, (0, 50), {"school": 4})


@pytest.mark.parametrize(
    ("imported", "exported", "used", "made", "fed"),
    [(30, 10, 20, 0, {}), (10, 10, 0, 0, {}), (10, 30, 0, 20, {"a": 20}), (None, 30, None, 0, {})],
)
def test_what_a_prosumer_exports_more_than_it_takes_is_offered(
    imported: int | None, exported: int, used: int | None, made: int, fed: dict[str, int]
) -> None:
    village = Community(homes=(A,), meters=(USE, EXPORT), prosumers=(PROSUMER,))

    slot = flow(village, imported, exported)

    assert (slot.used_wh, slot.made_wh, slot.fed_wh) == ((used,), (made,), fed)


def test_what_somebody_exports_who_is_no_prosumer_is_an_error_of_the_data() -> None:
    village = Community(homes=(A,), meters=(USE, EXPORT))

    slot = flow(village, 10, 30)

    assert (slot.used_wh, slot.made_wh, slot.fed_wh) == ((None,), (0,), {})
    assert slot.refused_wh == {"a": 20}


def test_an_export_counter_that_is_missing_leaves_the_use_missing() -> None:
    village = Community(homes=(A,), meters=(USE, EXPORT), prosumers=(PROSUMER,))

    assert flow(village, 10, None).used_wh == (None,)


def test_a_home_with_a_measured_roof_used_what_came_in_and_was_made_less_what_went_out() -> None:
    village = Community(
        homes=(A,), roofs=(OWN_ROOF,), meters=(USE, EXPORT, OWN), prosumers=(PROSUMER,)
    )

    slot = flow(village, 5, 60, 100)

    assert (slot.used_wh, slot.made_wh, slot.fed_wh) == ((45,), (100,), {})


def test_exports_beyond_a_measured_roof_come_from_somewhere_else_and_are_told_apart() -> None:
    village = Community(
        homes=(A,), roofs=(OWN_ROOF,), meters=(USE, EXPORT, OWN), prosumers=(PROSUMER,)
    )

    slot = flow(village, 0, 110, 100)

    assert (slot.used_wh, slot.made_wh, slot.roofs_wh, slot.fed_wh) == (
        *((0,), (110,), (100,)),
        {"a": 10},
    )
