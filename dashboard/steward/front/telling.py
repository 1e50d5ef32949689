"""The sentences by which stewards are told how things are; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from coop.month.obstacles import Obstacle
from coop.month.states import SIGNATURES, Standing
from coop.slots import moment_of
from coop.watch.siblings import DAYS, RoofCheck
from coop.words import Saying, say
from coop.words.amounts import GAP
from dashboard.language.numbers import (
    day_and_month,
    duration,
    hour,
    month_name,
    percent,
    short_date,
    whole,
)
from dashboard.steward.front.health import DeviceHealth
from dashboard.steward.front.wording import DOUBTS, OTHER_DOUBT

_A_MINUTE = timedelta(minutes=1)
_HOURS_TOLD = timedelta(hours=48)
_NAMES_TOLD = 6

READINGS_AWAY = say(
    "The store of readings cannot be asked, so the age of readings is not known. See whether its "
    "program runs."
)
INTAKE_AWAY = say("The quarantine cannot be read. See whether minga ingest runs on this machine.")

LACKS_PRICE = say(
    "No price of the utility is in force, so that homes do not see what they keep in soles. Enter "
    "the one of the latest bill."
)


def moment(text: str) -> datetime:
    """Read a moment as the journal of ingest writes it."""
    return datetime.fromisoformat(text)


def age(span: timedelta) -> Saying:
    """Say how long ago something was."""
    if timedelta() <= span < _A_MINUTE:
        return say("{span} ago", span=f"{span.seconds}{GAP}s")
    if span < timedelta():
        return say("in the future")
    if span < _HOURS_TOLD:
        return say("{span} ago", span=duration(span))
    return say("{days} days ago", days=span.days)


def when(at: datetime, now: datetime) -> Saying:
    """Say when something was: today by the hour, else by the day."""
    local = at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return say("today, {time}", time=hour(local))
    return say("the {date}", date=short_date(local.date()))


def is_silent(one: DeviceHealth, now: datetime) -> Saying:
    """Say that one device is silent."""
    at = when(one.taken_at or now, now)
    if one.is_roof:
        return say("Roof silent since {since}: {name}.", name=one.name, since=at)
    return say("The meter of {name} has been silent since {since}.", name=one.name, since=at)


def are_silent(devices: Sequence[DeviceHealth], now: datetime) -> Saying:
    """Say that many meters are silent; the newest silence is told."""
    newest = max(one.taken_at or now for one in devices)
    return say(
        "{count} meters have been silent since {since} or longer: {names}.",
        count=len(devices),
        since=when(newest, now),
        names=names_of(devices),
    )


def never_reported(devices: Sequence[DeviceHealth]) -> Saying:
    """Say which devices never reported."""
    names = names_of(devices)
    return say("Never reported: {names}. Check cable, address and profile.", names=names)


def clocks_are_wrong(devices: Sequence[DeviceHealth]) -> Saying:
    """Say where the clock is not right."""
    names = ", ".join(sorted({one.collector or one.device for one in devices}))
    return say(
        "The clock of the box {names} is not right: its readings are not counted as of now. "
        "Connect it to the network, or set its clock.",
        names=names,
    )


def is_in_doubt(one: DeviceHealth) -> Saying:
    """Say why a counter is not believed."""
    doubt = doubt_of(one)
    return say("The counter of {name} is not believed: {doubt}.", name=one.name, doubt=doubt)


def doubt_of(one: DeviceHealth) -> Saying:
    """Say what is wrong with the counter of a device."""
    (_, reason), *_ = one.withheld
    return DOUBTS.get(reason, OTHER_DOUBT)


def books_are_late(booked_to: datetime, now: datetime) -> Saying:
    """Say how far the books are."""
    at = booked_to.astimezone(now.tzinfo)
    return say(
        "The books are counted until {date}, {time} only. Restart minga web, or run minga settle.",
        date=day_and_month(at.date()),
        time=hour(at),
    )


def falls_behind(check: RoofCheck) -> Saying:
    """Say by how much a roof falls behind its neighbours."""
    return say(
        "{name} falls behind its neighbours: on {days} of the last {all} days this roof made about "
        "{part} of what they made.",
        name=check.roof.name,
        days=len(check.behind),
        all=DAYS,
        part=percent(check.percent or 0, 100),
    )


def lack_rated_power(names: Sequence[str]) -> Saying:
    """Ask for the rated power of roofs."""
    return say(
        "Write the rated power of {names} into minga.toml (rated_power_w, from the nameplate): "
        "then roofs of different size compare.",
        names=_listed(names),
    )


def can_be_closed(month: str) -> Saying:
    """Say that nothing is in the way of closing a month."""
    return say("The month {month} can be closed.", month=month_name(month))


def lacks_figures(month: str, slots: int) -> Saying:
    """Say what is in the way of closing a month."""
    return say(
        "The month {month} is open: {count} of its slots have no figures. Bring the readings, or "
        "write down why they are missing.",
        month=month_name(month),
        count=whole(slots),
    )


def waits_for_readings(month: str, waiting: Obstacle, now: datetime) -> Saying:
    """Say until when a month waits for homes."""
    return say(
        "The month {month} waits for readings of homes until {date}: {count} slots are "
        "provisional.",
        month=month_name(month),
        date=day_and_month(moment_of(waiting.until_s).astimezone(now.tzinfo).date()),
        count=whole(waiting.slots),
    )


def waits_for_signatures(standing: Standing) -> Saying:
    """Say how many signatures a month lacks."""
    month = month_name(standing.month)
    if len(standing.signed_by) == SIGNATURES - 1:
        return say("The month {month} lacks one signature.", month=month)
    return say("The month {month} lacks the signatures of two stewards.", month=month)


def waits_for_assembly(month: str) -> Saying:
    """Say that a month is to be read."""
    name = month_name(month)
    return say("The month {month} is closed: read it to the assembly.", month=name)


def in_quarantine(count: int, newest: datetime, now: datetime) -> Saying:
    """Say how much was refused."""
    at = when(newest, now)
    if count == 1:
        return say("One message is in quarantine; it came {since}.", since=at)
    return say(
        "{count} messages are in quarantine; the newest came {since}.", count=whole(count), since=at
    )


def names_of(devices: Sequence[DeviceHealth]) -> str:
    """List whom devices count for, a few by name."""
    return _listed([one.name for one in devices])


def _listed(names: Sequence[str]) -> str:
    told = list(dict.fromkeys(names))
    more = "" if len(told) <= _NAMES_TOLD else f" + {len(told) - _NAMES_TOLD}"
    return ", ".join(told[:_NAMES_TOLD]) + more
