"""What the page of the quarantine says; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.intake.reasons import RefusalKind
from coop.words import Saying, say
from dashboard.language.numbers import hour, short_date, whole
from dashboard.language.wording import Failure

LIST = say("Messages, the newest first")
ALL_KINDS = say("All kinds")
SHOW = say("Show them")
WHY = say("Why")
TOPIC = say("Topic")
BEGINNING = say("How it begins")
OLDER = say("Older messages")
NEWEST = say("The newest")
EMPTY = say("Nothing was refused. Whatever came is in the store.")
NO_MORE = say("There is nothing older.")
ELSEWHERE = say(
    "This machine has no quarantine: ingest runs on another one, or has not begun. Open this page "
    "on the machine where minga ingest runs."
)
NOTHING_LOST = say(
    "What is refused is kept as it came and stops nothing: other readings go on, and energy "
    "counters tell the energy of the time between."
)
BAD_KIND = Failure(
    say("Kind not known"), say("Go to the quarantine and choose one of the kinds that stand there.")
)
BAD_PLACE = Failure(
    say("Place not understood"), say("Go to the quarantine and turn its pages by their links.")
)
AWAY = Failure(
    say("The quarantine is not at hand"),
    say("It cannot be read at this moment. See whether minga ingest runs on this machine."),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of refusal is called, why it is refused, and what to do next."""

    name: Saying
    why: Saying
    next_step: Saying


KINDS: Mapping[RefusalKind, Kind] = {
    RefusalKind.CONFLICT: Kind(
        say("Came twice, with other values"),
        say("A reading that is stored already came again and says something else."),
        say(
            "The first one counts. See whether two boxes send under one name, or an old copy of a "
            "box was started."
        ),
    ),
    RefusalKind.TIME: Kind(
        say("Impossible time"),
        say("The reading says a time that is not written right or lies in the future."),
        say("Set the clock of the box that sent it, and connect it to the network."),
    ),
    RefusalKind.VALUE: Kind(
        say("Impossible value"),
        say("A quantity has no name of ours, or a value that nothing can measure."),
        say(
            "Compare the device with its profile: minga device read. If the profile is wrong, "
            "correct it."
        ),
    ),
    RefusalKind.FIELDS: Kind(
        say("A field is missing or unknown"),
        say("The message is not made as this version of Minga makes it."),
        say("Bring the box and this machine to the same version of Minga."),
    ),
    RefusalKind.FORM: Kind(
        say("Not a message of ours"),
        say("The message cannot be read at all."),
        say("See which program sends it on this topic, and stop it or correct it."),
    ),
    RefusalKind.SIZE: Kind(
        say("Too large"),
        say("The message is larger than any reading."),
        say("See which program sends it on this topic, and stop it or correct it."),
    ),
    RefusalKind.TOPIC: Kind(
        say("Unknown topic"),
        say("It came on a topic that belongs to no box and no device."),
        say("Correct the id of the box or device: small letters, digits and hyphens."),
    ),
    RefusalKind.RETAINED: Kind(
        say("Kept by the broker"),
        say("The broker kept an old message and sent it again; a reading is never kept so."),
        say("Delete the retained message at the broker, on the topic that stands here."),
    ),
    RefusalKind.OTHER: Kind(
        say("Another reason"),
        say("This version of Minga does not know the reason."),
        say("Tell who looks after the machine."),
    ),
}


def moment(text: str, now: datetime) -> str:
    """Write when something came, local."""
    at = datetime.fromisoformat(text).astimezone(now.tzinfo)
    return f"{short_date(at.date())}, {hour(at)}"


def count(messages: int, times: int) -> Saying:
    """Say how many messages there are of a kind, and how often they came."""
    if messages == 1:
        return (
            say("one message")
            if times == 1
            else say("one message, {times} times", times=whole(times))
        )
    if messages == times:
        return say("{count} messages", count=whole(messages))
    return say("{count} messages, {times} times", count=whole(messages), times=whole(times))


def times(often: int) -> Saying:
    """Say how often one message came."""
    return say("{times} times", times=whole(often))


def more_bytes(size: int) -> Saying:
    """Say how large a message is of which only the beginning is shown."""
    return say("{size} bytes in all", size=whole(size))
