"""Which sums a month may hold, so that no home can be found out from it."""

from datetime import date, timedelta

import pytest

from coop.days import DaySum, Registered, RegisteredRoof
from coop.days.registered import Held
from coop.members.community import Counts, Validity
from dashboard.community.telling import Made, Share, ToldDay, share_out, tell_day

DAY_S = 86_400
SCHOOL = RegisteredRoof("school", "School", None)
ALWAYS = Validity(0)


def a_day(number: int = 1, **made: int) -> DaySum:
    """Return a day on which these accounts made something; `__` stands for a colon."""
    accounts = {name.replace("__", ":"): wh for name, wh in made.items()}
    return DaySum(
        date(2026, 3, 1) + timedelta(days=number - 1),
        number * DAY_S,
        (number + 1) * DAY_S,
        96,
        settled=96,
        produced_wh=sum(accounts.values()),
        own_use_wh=0,
        shared_wh=sum(accounts.values()),
        set_aside_wh=0,
        surplus_wh=0,
        fund_tenths_wh=0,
        made=accounts,
    )


def town(homes: int = 12, owners: int = 0, *more: Held) -> Registered:
    """Return so many homes, the first of which have roofs of their own."""
    used = [Held(ALWAYS, Counts.USE, f"h{n}", None) for n in range(homes)]
    own = [
        Held(ALWAYS, Counts.PRODUCTION, None, RegisteredRoof(f"own{n}", f"Own {n}", f"h{n}"))
        for n in range(owners)
    ]
    return Registered([*used, Held(ALWAYS, Counts.PRODUCTION, None, SCHOOL), *own, *more])


def told(day: DaySum, registered: Registered) -> ToldDay:
    return tell_day(day, registered, day.end_s - 60)


def owned(count: int) -> dict[str, int]:
    return {f"roof__own{n}": 10 for n in range(count)}


@pytest.mark.parametrize(("homes", "is_told"), [(4, False), (5, True)])
def test_a_day_of_fewer_than_five_homes_is_not_told(homes: int, *, is_told: bool) -> None:
    assert told(a_day(roof__school=5), town(homes)).is_told is is_told


def test_who_joins_later_does_not_count_before() -> None:
    later = Held(Validity(2 * DAY_S), Counts.USE, "h9", None)
    registered = town(4, 0, later)

    days = [told(a_day(number, roof__school=5), registered) for number in (1, 2)]

    assert [day.is_told for day in days] == [False, True]


@pytest.mark.parametrize(
    ("owners", "makers", "tells"),
    [
        (0, 0, True),
        (1, 1, False),
        (4, 4, False),
        (5, 5, True),
        (6, 4, False),
        (6, 0, True),
    ],
)
def test_own_use_is_told_of_nobody_or_of_five(owners: int, makers: int, *, tells: bool) -> None:
    day = a_day(roof__school=5, **owned(makers))

    assert told(day, town(12, owners)).tells_own_use is tells


@pytest.mark.parametrize(("makers", "tells"), [(0, True), (1, False), (4, False), (5, True)])
def test_roofs_are_told_apart_where_the_rest_is_nobodys_or_of_five(
    makers: int, *, tells: bool
) -> None:
    assert told(a_day(roof__school=5, **owned(makers)), town(12, 6)).tells_roofs is tells


def test_what_one_prosumer_fed_in_is_not_found_out_either() -> None:
    assert not told(a_day(roof__school=5, export__h3=2), town()).tells_roofs


def test_a_day_whose_roofs_are_not_all_known_is_told_as_one() -> None:
    day = a_day(roof__school=5, roof__gone=3)

    assert not told(day, town()).tells_roofs


def test_the_parts_of_a_month_sum_to_what_was_produced() -> None:
    registered = town(12, 6)
    days = [
        a_day(1, roof__school=100, **owned(5)),
        a_day(2, roof__school=200),
        a_day(3, roof__school=400, **owned(2)),
    ]

    made = share_out([told(day, registered) for day in days], registered.roofs)

    assert made == (
        Made(Share.ROOF, 300, "school", "School"),
        Made(Share.HOMES, 50),
        Made(Share.UNTOLD, 420),
    )
    assert sum(one.made_wh for one in made) == sum(day.produced_wh or 0 for day in days)
