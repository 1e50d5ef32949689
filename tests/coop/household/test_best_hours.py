"""Power is plentiful where most is left over, and only where it is worth saying."""

from coop.household.best_hours import LeftOver, Level, find_best


def a_day(**by_hour: int) -> LeftOver:
    day = LeftOver()
    for hour in range(24):
        for _ in range(4):
            day.add(hour, by_hour.get(f"h{hour}", 0) // 4)
    return day


def test_the_hours_with_at_least_half_of_the_most_are_the_best() -> None:
    best = find_best([a_day(h10=800, h11=2_000, h12=4_000, h13=3_000, h14=1_100, h15=400)], 4, 5)

    assert best.ranges == ((11, 14),)
    assert best.hours[14].level is Level.SOME
    assert best.hours[15].level is Level.LITTLE
    assert best.hours[3].level is Level.NONE


def test_a_cloud_at_noon_makes_two_stretches() -> None:
    best = find_best([a_day(h9=4_000, h10=4_000, h11=100, h12=4_000, h13=3_000)], 4, 5)

    assert best.ranges == ((9, 11), (12, 14))


def test_one_hour_that_is_a_little_less_does_not_part_a_stretch() -> None:
    best = find_best([a_day(h10=4_000, h11=1_500, h12=4_000, h13=1_500)], 4, 5)

    assert best.ranges == ((10, 13),)
    assert best.hours[11].level is Level.SOME


def test_days_count_by_their_mean() -> None:
    best = find_best([a_day(h12=4_000), a_day(h12=0, h13=1_000)], 4, 5)

    assert best.ranges == ((12, 13),)


def test_a_crumb_is_not_plenty() -> None:
    best = find_best([a_day(h12=196)], 4, 5)

    assert best.ranges == ()
    assert best.is_known
    assert best.hours[12].level is Level.NONE


def test_an_hour_without_figures_is_not_known() -> None:
    day = LeftOver()
    day.add(12, 1_000)

    best = find_best([day], 4, 5)

    assert best.hours[11].level is None
    assert best.hours[12].level is Level.MUCH
    assert not find_best([], 4, 5).is_known
