"""What can be wrong with what is entered of members, homes, roofs, meters and keys."""

from coop.problems.problem import Problem
from coop.words.saying import say

LONGEST = 120
"""Letters of a name or a decision."""


def odd_id(kind: str, found: str) -> Problem:
    """Refuse an id that could not stand in an address."""
    line = f"{kind} {found!r}: an id is 1 to 32 of a-z, 0-9 and -"
    return Problem(line, f"{kind}_id", say("Use 1 to 32 of a-z, 0-9 and -, without spaces."))


def odd_device(found: str) -> Problem:
    """Refuse what no device could be called."""
    line = f"meter {found!r}: a device is 1 to 32 of a-z, 0-9 and -, as in minga.toml"
    return Problem(line, "device", say("Use 1 to 32 of a-z, 0-9 and -, without spaces."))


def taken_id(kind: str, found: str) -> Problem:
    """Refuse an id that something else has."""
    line = f"{kind} {found}: this id is taken; choose another"
    return Problem(line, f"{kind}_id", say("This short name is taken. Choose another."))


def unknown(kind: str, found: str, advice: str) -> Problem:
    """Refuse what is not registered."""
    line = f"{kind} {found}: not registered; {advice}"
    return Problem(line, f"{kind}_id", say("This is not registered. Choose from the list."))


def odd_name(kind: str, found: str) -> Problem:
    """Refuse a name that nobody could read."""
    line = (
        f"{kind}: found the name {found[:LONGEST]!r}, of {len(found)} letters; allowed: 1 to "
        f"{LONGEST} letters on one line"
    )
    saying = say("Write 1 to {most} letters, on one line.", most=LONGEST)
    return Problem(line, "name", saying)


def left_already(who: str, span: str) -> Problem:
    """Refuse to let somebody leave twice."""
    line = f"member {who}: left already, {span}; nothing to do"
    return Problem(line, "member_id", say("This member left already."))


def inside_a_slot(what: str, found: str, minutes: int) -> Problem:
    """Refuse a moment at which no slot starts."""
    line = f"{what}: {found} lies inside a slot; allowed: the start of a slot of {minutes} minutes"
    saying = say("Choose a time at which a slot of {minutes} minutes starts.", minutes=minutes)
    return Problem(line, "at", saying)


def ends_early(what: str, span: str) -> Problem:
    """Refuse an end that is not after the beginning."""
    line = f"{what}: it would end before it begins, {span}"
    return Problem(line, "at", say("This is not after its beginning. Choose a later time."))


def frozen(what: str, found: str, allowed: str, first: str) -> Problem:
    """Refuse what would change a month that is frozen; `first` is the first moment that is free."""
    line = f"{what} {found}, inside a month that is frozen; allowed: {allowed} or later"
    saying = say("That month is frozen. Choose a time from {first} on.", first=first)
    return Problem(line, "at", saying)


def odd_purpose(name: str, owner: str, found: str, allowed: str) -> Problem:
    """Refuse a counter that cannot count this of its owner."""
    line = f"meter {name}: a counter of {owner} can not count {found}; allowed: {allowed}"
    saying = say("A home's meter counts use or what it feeds in; a roof's what it makes or draws.")
    return Problem(line, "counts", saying)


def counter_in_use(name: str, owner: str, span: str) -> Problem:
    """Refuse a counter that stands for something else at the time."""
    line = (
        f"meter {name}: this counter stands for {owner} {span} already; one counter stands for "
        "one thing at a time: end that one first, or start later"
    )
    saying = say("This meter counts for {owner} already. Replace that one, or start later.")
    return Problem(line, "device", saying.put(owner=owner.partition(" ")[2]))


def no_meter(name: str) -> Problem:
    """Refuse to end a meter that is not in force."""
    line = f"meter {name}: no such meter in force; `minga member list` shows all"
    return Problem(line, "meter", say("This meter is not in force. Choose from the list."))


def key_too_early(name: str, held: str, span: str) -> Problem:
    """Refuse a key that does not begin after all others."""
    line = (
        f"key {name}: key {held} begins {span}; a new key begins after all others: start it later"
    )
    return Problem(line, "at", say("A new key begins after all others. Start it later."))


def key_of_strangers(name: str, home: str, why: str) -> Problem:
    """Refuse a home that cannot stand in a key."""
    saying = say("Home {home} has no meter when the key begins.", home=home)
    return Problem(f"key {name}: home {home}: {why}", f"part-{home}", saying)
