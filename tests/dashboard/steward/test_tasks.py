"""What a steward is asked to do, and when there is nothing to do."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from collector.intake.journal_reader import KindCount
from collector.intake.reasons import RefusalKind
from coop.members.community import Counts, Validity
from coop.month.obstacles import Kind, Obstacle
from coop.month.states import Act, Event, Standing
from coop.watch.book import OpenMonth, Watch
from coop.watch.siblings import DayPair, Measure, RoofCheck, SiblingCheck, Verdict
from coop.watch.watched import Watched
from coop.watch.yields import RoofDays
from coop.words import Language, Words
from dashboard.steward.front.health import DeviceHealth, Freshness
from dashboard.steward.front.tasks import Seen, TaskKind, find_tasks
from tests.dashboard.fakes import LIMA

NOW = datetime(2026, 4, 10, 12, tzinfo=LIMA)
NO_ROOFS = SiblingCheck(Measure.RATED, ())
QUIET = Seen(NOW, 900, Watch((), NOW, NOW, None, (), (), NO_ROOFS), (), ())


def a_meter(number: int, freshness: Freshness = Freshness.SILENT) -> DeviceHealth:
    owner = Watched(f"m{number}", "x", Counts.USE, f"House {number}", "h", Validity(0))
    return DeviceHealth(f"m{number}", (owner,), freshness, NOW - timedelta(days=number + 1))


def watching(**what: object) -> Seen:
    return replace(QUIET, watch=replace(QUIET.watch, **what))


def told(seen: Seen) -> list[str]:
    words = Words((Language.ENGLISH,))
    return [words.tell(task.saying) for task in find_tasks(seen)]


def kinds(seen: Seen) -> list[TaskKind]:
    return [task.kind for task in find_tasks(seen)]


def an_open_month(*obstacles: Obstacle) -> Seen:
    return watching(open_month=OpenMonth("2026-03", obstacles))


def test_where_all_is_well_nothing_is_asked() -> None:
    assert find_tasks(QUIET) == ()


def test_few_silent_meters_are_named_each() -> None:
    seen = replace(QUIET, devices=(a_meter(1), a_meter(2), a_meter(3, Freshness.FRESH)))

    assert told(seen) == [
        "The meter of House 1 has been silent since the miércoles 8 de abril.",
        "The meter of House 2 has been silent since the martes 7 de abril.",
    ]


def test_many_silent_meters_are_one_sentence() -> None:
    seen = replace(QUIET, devices=tuple(a_meter(number) for number in range(1, 9)))

    [one] = told(seen)
    assert one.startswith(
        "8 meters have been silent since the miércoles 8 de abril or longer: House 1"
    )
    assert one.endswith("House 6 + 2.")


def test_a_store_that_is_away_is_told_once() -> None:
    devices = (a_meter(1, Freshness.AWAY), a_meter(2, Freshness.AWAY))

    assert kinds(replace(QUIET, devices=devices)) == [TaskKind.READINGS_AWAY]


def test_a_clock_and_a_counter_in_doubt_are_told() -> None:
    clock = replace(a_meter(1, Freshness.CLOCK), collector="pi")
    doubt = replace(a_meter(2, Freshness.FRESH), withheld=(("x", "foreign"),))

    seen = replace(QUIET, devices=(clock, doubt, a_meter(3, Freshness.NEVER)))

    assert kinds(seen) == [TaskKind.NEVER, TaskKind.CLOCK, TaskKind.DOUBT]
    assert "another device answers in its place" in told(seen)[2]


def test_books_that_are_behind_are_told() -> None:
    assert kinds(watching(booked_to=NOW - timedelta(hours=1))) == []
    assert kinds(watching(booked_to=NOW - timedelta(hours=2))) == [TaskKind.BOOKS_LATE]


def test_a_price_of_the_utility_is_asked_for_once_something_is_counted() -> None:
    seen = watching(booked_to=NOW, is_priced=False)

    [task] = find_tasks(seen)

    assert (task.kind, task.section) == (TaskKind.UNPRICED, "steward_prices")
    assert told(seen)[0].startswith("No price of the utility is in force")
    assert find_tasks(watching(booked_to=None, is_priced=False)) == ()


def test_a_month_with_nothing_in_the_way_can_be_closed() -> None:
    [task] = find_tasks(an_open_month())

    assert told(an_open_month()) == ["The month marzo de 2026 can be closed."]
    assert (task.section, task.month) == ("steward_month", "2026-03")


def test_a_month_waits_for_readings_until_its_cut_off() -> None:
    until_s = int((NOW + timedelta(days=1)).timestamp())

    seen = an_open_month(Obstacle(Kind.WAITING, 6, until_s=until_s))

    assert "waits for readings of homes until 11 de abril: 6 slots" in told(seen)[0]


def test_a_month_without_all_figures_says_how_many_are_missing() -> None:
    seen = an_open_month(Obstacle(Kind.WAITING, 6), Obstacle(Kind.UNSETTLED, 4))

    assert "4 of its slots have no figures" in told(seen)[0]


def test_signatures_and_the_assembly_are_waited_for() -> None:
    frozen = Event("2026-02", Act.FROZEN, None, "", "", 0)
    signed = Event("2026-02", Act.SIGNED, "rosa", "", "", 0)
    seen = watching(
        unsigned=(Standing("2026-01", (frozen,)), Standing("2026-02", (frozen, signed))),
        unread=(Standing("2025-12", ()),),
    )

    assert told(seen) == [
        "The month enero de 2026 lacks the signatures of two stewards.",
        "The month febrero de 2026 lacks one signature.",
        "The month diciembre de 2025 is closed: read it to the assembly.",
    ]


def test_what_was_refused_lately_is_told_and_old_things_are_not() -> None:
    new = KindCount(RefusalKind.TIME, 13, 40, "2026-04-09T17:00:00.000Z")
    old = KindCount(RefusalKind.FORM, 1, 1, "2026-03-09T17:00:00.000Z")

    assert told(replace(QUIET, refused=(new, old))) == [
        "14 messages are in quarantine; the newest came the jueves 9 de abril."
    ]
    assert told(replace(QUIET, refused=(old,))) == []


def test_a_quarantine_that_cannot_be_read_is_told() -> None:
    assert kinds(replace(QUIET, refused=None)) == [TaskKind.INTAKE_AWAY]


def test_a_roof_that_falls_behind_is_told_with_its_part() -> None:
    pair = DayPair(NOW.date(), Fraction(61), Fraction(100))
    behind = RoofCheck(RoofDays("r", "Rosa", {}, 5_000), Verdict.BEHIND, (pair,) * 7)
    unrated = RoofCheck(RoofDays("s", "School", {}), Verdict.ALONGSIDE)

    seen = watching(siblings=SiblingCheck(Measure.OWN_BEST, (behind, unrated)))

    assert kinds(seen) == [TaskKind.BEHIND, TaskKind.UNRATED]
    assert "on 7 of the last 7 days this roof made about 61" in told(seen)[0]
