"""Whatever a slot holds, its entry balances and says what the slot says; no tampering passes."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Missing, OwnUse, Rules
from coop.ledger import Draft, Entry, Kind, SlotPostings, find_broken_link, first_hash, seal
from coop.members.community import Community, Counts, Home, Meter, Prosumer, Roof, Validity
from coop.members.community import SharingKey as Key
from coop.metering.intervals import GAP, MEASURED, Metered, Span
from coop.settling.segment import Segment, SlotLine

ALWAYS = Validity(0)
HOMES = ("a", "b", "c")
METERS = (
    *(Meter(home, "used", ALWAYS, home_id=home) for home in HOMES),
    Meter("b", "fed", ALWAYS, home_id="b", told=Counts.EXPORT),
    *(Meter(roof, "made", ALWAYS, roof_id=roof) for roof in ("own", "school", "shed")),
    Meter("school", "drawn", ALWAYS, roof_id="school", told=Counts.PLANT_USE),
)
METHODS = (Method.STATIC, Method.EQUAL, Method.PRO_RATA, Method.REDISTRIBUTE, Method.HYBRID)
WH = st.one_of(st.integers(0, 9), st.integers(0, 3_000))


@st.composite
def slots(draw: st.DrawFn) -> tuple[Community, SlotLine]:
    """Return a community with roofs, a prosumer and a plant, and a slot of it."""
    rules = Rules(
        draw(st.sampled_from(METHODS)),
        missing=draw(st.sampled_from([Missing.RESERVE, Missing.EXCLUDE])),
        own_use=draw(st.sampled_from(OwnUse)),
        fund_percent=draw(st.sampled_from([Fraction(10), Fraction(0), Fraction(25, 2)])),
    )
    parts = tuple(
        KeyHome(home, weight=Fraction(part, 6)) for home, part in zip(HOMES, (1, 2, 3), strict=True)
    )
    community = Community(
        homes=tuple(Home(home, "m", home) for home in HOMES),
        roofs=(Roof("own", "Own", "a"), Roof("school", "School"), Roof("shed", "Shed")),
        meters=METERS,
        keys=(Key(1, "Key", "Assembly", rules, parts, ALWAYS),),
        prosumers=(Prosumer("b", "Assembly", ALWAYS),),
    )
    metered = {}
    for meter in METERS:
        may_miss = meter.counts is Counts.USE
        wh = draw(st.one_of(WH, WH, WH, st.none()) if may_miss else WH)
        metered[meter.counter] = Metered([wh], [GAP if wh is None else MEASURED])
    start_s = 900 * draw(st.integers(0, 40))
    [line] = Segment(community, start_s).lines(Span(start_s, 900, 1), metered)
    return community, line


@given(slots())
def test_the_entry_of_any_slot_balances_and_says_what_the_slot_says(
    slot: tuple[Community, SlotLine],
) -> None:
    community, line = slot
    assert line.shared is not None

    postings = SlotPostings(community, line.homes, 900).of(
        line.slot_start_s, line.flows, line.shared
    )

    assert sum(postings.values()) == 0
    assert _total(postings, "roof", "export") == -10 * (line.figures.produced_wh or 0)
    assert _total(postings, "own") == 10 * (line.figures.own_use_wh or 0)
    assert _total(postings, "shared") == 10 * (line.figures.shared_wh or 0)
    assert _total(postings, "aside") == 10 * (line.figures.set_aside_wh or 0)
    assert _total(postings, "surplus", "unshared", "fund") == 10 * (line.figures.surplus_wh or 0)
    assert postings.get("fund:energy", 0) == line.figures.fund_tenths_wh
    assert 0 not in postings.values()


@settings(max_examples=50)
@given(st.lists(st.integers(1, 10**6), min_size=3, max_size=8), st.data())
def test_no_entry_can_be_dropped_swapped_doubled_or_written_anew(
    amounts: list[int], data: st.DataObject
) -> None:
    entries = _chain(amounts)
    place = data.draw(st.integers(0, len(entries) - 2))
    tampering = data.draw(st.sampled_from(("drop", "swap", "double", "rewrite")))

    changed = {
        "drop": [*entries[:place], *entries[place + 1 :]],
        "swap": [*entries[:place], entries[place + 1], entries[place], *entries[place + 2 :]],
        "double": [*entries[: place + 1], *entries[place:]],
        "rewrite": [
            *entries[:place],
            seal(_draft(amounts[place] + 1), place + 1, _before(entries, place), 0),
            *entries[place + 1 :],
        ],
    }[tampering]

    assert find_broken_link(entries, first_hash("coop")) is None
    assert find_broken_link(changed, first_hash("coop")) is not None


def _total(postings: dict[str, int], *kinds: str) -> int:
    return sum(amount for name, amount in postings.items() if name.partition(":")[0] in kinds)


def _draft(amount: int) -> Draft:
    return Draft(Kind.SLOT, "2026-03", {"roof:r": -amount, "shared:a": amount})


def _before(entries: list[Entry], place: int) -> str:
    return entries[place - 1].hash if place else first_hash("coop")


def _chain(amounts: list[int]) -> list[Entry]:
    entries: list[Entry] = []
    for place, amount in enumerate(amounts):
        entries.append(seal(_draft(amount), place + 1, _before(entries, place), 0))
    return entries
