"""What the pages of members and meters say."""

from collections.abc import Mapping

from coop.members.community import Counts, Meter
from coop.words import Saying, say

MEMBERS_ABOUT = say(
    "Who takes part, and with which homes. A member who leaves stays in the books of the time "
    "before; until a new key holds, what was theirs is left over."
)
METERS_ABOUT = say(
    "Which counter stands for which home or roof, and since when. What was counted before stays as "
    "it is; nothing of a frozen month changes."
)
NO_MEMBERS = say("There is no member yet. Enter the first one below.")
NO_METERS = say("There is no meter yet. Enter a member with a home or a roof, then its meter.")
MEMBER = say("Member")
MEMBERS = say("Members")
HOME = say("Home")
HOMES = say("Homes")
ROOF = say("Roof")
METER = say("Meter")
METERS = say("Meters")
SINCE = say("Takes part")
COUNTS = say("What it counts")
WHEN = say("When")
NAME = say("Name")
SHORT_NAME = say("Short name: a-z, 0-9 and -, such as {example}")
MEMBER_ID = SHORT_NAME.put(example="m01")
HOME_ID = SHORT_NAME.put(example="h01")
ROOF_ID = SHORT_NAME.put(example="school")
HOME_TOO = say("Short name of the home; leave it empty if there is none yet")
FROM = say("From when")
LEAVES_AT = say("First moment at which they take part no longer")
ADD_MEMBER = say("Enter a member")
ADD_HOME = say("Enter another home")
LEAVE = say("Let a member leave")
ADD_ROOF = say("Enter a roof")
WHOSE_ROOF = say("Whose roof")
OF_ALL = say("of the community")
ADD_METER = say("Register a meter")
DEVICE = say("Name of the device, as in minga.toml")
WHOSE = say("For which home or roof")
PURPOSE = say("What it counts")
REPLACE_METER = say("Replace a meter")
OLD_METER = say("Meter that goes")
NEW_DEVICE = say("Name of the new device")
REPLACED_AT = say("From when the new one counts")
CHOOSE = say("Choose")

STEWARDS_ABOUT = say(
    "Two stewards close a month together. Who entered whom stands in the record, and the assembly "
    "sees every term. A first password is told to the new steward, who then changes it."
)
STEWARDS = say("Stewards")
STEWARD = say("Steward")
STEWARD_ID = SHORT_NAME.put(example="rosa")
TERM = say("Term")
SIGNS_IN = say("Has a password")
YES = say("yes")
NO = say("no")
APPOINT = say("Enter a steward")
FIRST_PASSWORD = say("First password, at least 8 letters")
GIVE_PASSWORD = say("Give a new password")
END_TERM = say("End a term")
TERM_ENDS = say("First moment after the term")

PURPOSES: Mapping[str, Saying] = {
    Counts.USE: say("what a home uses"),
    Counts.PRODUCTION: say("what a roof makes"),
    Counts.EXPORT: say("what a home feeds in"),
    Counts.PLANT_USE: say("what a roof's plant draws"),
}
DONE: Mapping[str, Saying] = {
    "member": say("The member is entered."),
    "home": say("The home is entered. Next: its meter."),
    "leave": say("Entered. Next: a key without them."),
    "roof": say("The roof is entered. Next: its meter."),
    "meter": say("The meter is registered."),
    "replace": say("The meter is replaced."),
    "appoint": say("The steward is entered and can sign in."),
    "password": say("The steward has a new password. Their visits have ended."),
    "end": say("The term ends then. What was signed stays signed."),
}
CHOOSE_ONE = say("Choose one from the list.")


def purpose(one: Meter, names: Mapping[str, str]) -> Saying:
    """Tell what a meter counts, and of whom."""
    owner = one.home_id or one.roof_id or ""
    told = say("{what}: {owner}")
    return told.put(what=PURPOSES[one.counts], owner=names.get(one.owner, owner))
