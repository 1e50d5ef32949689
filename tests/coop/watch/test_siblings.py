"""A roof that falls behind its neighbours is flagged with the evidence, and nothing else is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from coop.watch.siblings import Measure, SiblingCheck, Verdict, check_siblings
from coop.watch.yields import RoofDays

FIRST = date(2026, 3, 1)
SKY = (21_000, 18_000, 9_000, 20_000, 22_000, 15_000, 19_500, 20_500, 17_000, 21_500)
"""What a kW made on ten days under one sky, in Wh."""

skies = st.lists(st.integers(5_000, 25_000), min_size=7, max_size=20)
sizes = st.lists(st.integers(500, 20_000), min_size=3, max_size=6)
shares = st.lists(st.integers(0, 79), min_size=7, max_size=7)


def a_roof(name: str, made_wh: Mapping[date, int], rated_w: int | None = None) -> RoofDays:
    return RoofDays(name, f"Techo {name}", made_wh, rated_w)


def under(sky: list[int] | tuple[int, ...], size_w: int, percent: int = 100) -> dict[date, int]:
    """Return what a roof of a size makes, at a part of what it could on the last seven days."""
    days = [FIRST + timedelta(days=place) for place in range(len(sky))]
    parts = [100] * (len(sky) - 7) + [percent] * 7
    return {
        day: wh * size_w * part // 100_000 for day, wh, part in zip(days, sky, parts, strict=True)
    }


def village(sky: list[int] | tuple[int, ...], sizes_w: list[int], *, rated: bool) -> list[RoofDays]:
    return [
        a_roof(str(place), under(sky, size_w), size_w if rated else None)
        for place, size_w in enumerate(sizes_w)
    ]


def verdicts(check: SiblingCheck) -> dict[str, Verdict]:
    return {one.roof.id: one.verdict for one in check.roofs}


def test_a_roof_that_makes_less_than_its_neighbours_is_flagged_with_the_evidence() -> None:
    roofs = village(SKY, [5_000, 3_000, 10_000], rated=True)
    shaded = replace(roofs[1], made_wh=under(SKY, 3_000, 62))

    check = check_siblings([roofs[0], shaded, roofs[2]])

    assert check.measure is Measure.RATED
    [flagged] = check.behind
    assert flagged.roof.id == "1"
    assert flagged.percent == 62
    assert len(flagged.behind) == 7
    assert [pair.day for pair in flagged.pairs] == [FIRST + timedelta(days=n) for n in range(3, 10)]
    assert flagged.pairs[0].others == Fraction(20_000)
    assert check.roofs[0] is flagged


def test_without_rated_power_a_roof_stands_against_its_own_good_days() -> None:
    roofs = village(SKY, [5_000, 3_000, 10_000], rated=False)
    shaded = replace(roofs[2], made_wh=under(SKY, 10_000, 50))

    check = check_siblings([*roofs[:2], shaded])

    assert check.measure is Measure.OWN_BEST
    assert [one.roof.id for one in check.behind] == ["2"]


def test_one_unrated_roof_makes_all_stand_against_their_own_good_days() -> None:
    roofs = village(SKY, [5_000, 3_000, 10_000], rated=True)

    check = check_siblings([*roofs[:2], replace(roofs[2], rated_w=None)])

    assert check.measure is Measure.OWN_BEST


def test_four_bad_days_are_not_enough() -> None:
    roofs = village(SKY, [5_000, 3_000, 10_000], rated=True)
    days = sorted(roofs[0].made_wh)
    weak = {day: wh // 2 if day in days[-4:] else wh for day, wh in roofs[0].made_wh.items()}

    check = check_siblings([replace(roofs[0], made_wh=weak), *roofs[1:]])

    assert check.behind == ()
    assert max(check.roofs, key=lambda one: len(one.behind)).percent == 50


def test_a_dead_roof_is_behind_and_drags_nobody_down() -> None:
    roofs = village(SKY, [5_000, 3_000, 10_000, 4_000], rated=True)
    dead = replace(roofs[0], made_wh=dict.fromkeys(roofs[0].made_wh, 0))

    check = check_siblings([dead, *roofs[1:]])

    assert [(one.roof.id, one.percent) for one in check.behind] == [("0", 0)]


def test_a_day_on_which_nobody_made_anything_tells_nothing() -> None:
    sky = (*SKY, 300, 200)
    roofs = village(sky, [5_000, 3_000, 10_000], rated=True)

    check = check_siblings(roofs)

    assert {pair.day for one in check.roofs for pair in one.pairs} <= set(
        sorted(roofs[0].made_wh)[:10]
    )


def test_no_roofs_are_no_trouble() -> None:
    assert check_siblings([]).roofs == ()


@given(sky=skies, sizes_w=sizes, rated=st.booleans())
def test_roofs_under_one_sky_are_never_flagged(
    sky: list[int], sizes_w: list[int], *, rated: bool
) -> None:
    assert check_siblings(village(sky, sizes_w, rated=rated)).behind == ()


@given(skies, sizes, st.data())
def test_missing_days_never_flag(sky: list[int], sizes_w: list[int], data: st.DataObject) -> None:
    roofs = [
        replace(roof, made_wh={day: wh for day, wh in roof.made_wh.items() if data.draw(kept)})
        for roof in village(sky, sizes_w, rated=True)
        for kept in [st.booleans()]
    ]

    assert check_siblings(roofs).behind == ()


@given(
    made=st.lists(
        st.dictionaries(
            st.integers(0, 20).map(lambda n: FIRST + timedelta(days=n)), st.integers(0, 60_000)
        ),
        max_size=2,
    ),
    rated=st.booleans(),
)
def test_fewer_than_three_roofs_flag_nobody(made: list[dict[date, int]], *, rated: bool) -> None:
    roofs = [a_roof(str(place), held, 3_000 if rated else None) for place, held in enumerate(made)]

    assert set(verdicts(check_siblings(roofs)).values()) <= {Verdict.TOO_FEW_ROOFS}


@given(skies, sizes, st.integers(1, 79), st.data())
def test_a_roof_below_its_neighbours_is_the_only_one_flagged(
    sky: list[int], sizes_w: list[int], percent: int, data: st.DataObject
) -> None:
    roofs = village(sky, sizes_w, rated=True)
    weak = data.draw(st.integers(0, len(roofs) - 1))
    # What is left of a watt-hour is floored: one step below stays below.
    made = {day: max(wh - 100, 0) for day, wh in under(sky, sizes_w[weak], percent).items()}
    roofs[weak] = replace(roofs[weak], made_wh=made)

    assert [one.roof.id for one in check_siblings(roofs).behind] == [str(weak)]


@given(skies, sizes, shares, st.integers(2, 9), st.randoms())
def test_neither_units_nor_order_change_the_verdict(
    sky: list[int], sizes_w: list[int], parts: list[int], factor: int, random: object
) -> None:
    roofs = village(sky, sizes_w, rated=True)
    days = sorted(roofs[0].made_wh)[-7:]
    weak = {day: roofs[0].made_wh[day] * part // 100 for day, part in zip(days, parts, strict=True)}
    roofs[0] = replace(roofs[0], made_wh={**roofs[0].made_wh, **weak})
    larger = [
        replace(one, made_wh={day: wh * factor for day, wh in one.made_wh.items()}) for one in roofs
    ]
    random.shuffle(larger)  # type: ignore[attr-defined]  # hypothesis hands in a Random

    assert verdicts(check_siblings(larger)) == verdicts(check_siblings(roofs))
