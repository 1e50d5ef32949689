"""What the pages of a household say; catalogues hold it in the languages people read."""

from collections.abc import Mapping

from coop.household import Level
from coop.metering.intervals import Quality
from coop.words import Saying, say

TITLE = say("Your home")
SHARE_TODAY = say("Your share today")
BEST_HOURS = say("Best hours")
BEST_HOURS_TEXT = say("Hours of the day by how much was left over in the last 14 days.")
BY_DAYS = say("The month by days")
USE = say("Use")
FROM_SUN = say("From the sun")
FROM_POOL = say("From the pool")
FROM_OWN = say("From your own roof")
FROM_GRID = say("From the grid")
SET_ASIDE = say("Set aside")
HOUR = say("Hour")
LEFT_OVER = say("Left over")
DAY = say("Day")
FROM = say("From")
STANDING = say("State")
SUM = say("Sum")
MONTHS = say("Months")
SAVE = say("Save my statement")
TOUCH = say("Touch a time to see why.")
WHY = say("Why this number?")
BACK = say("Back to your home")
SLOTS = say("Slots")
PER_DAY = say("kWh each day")
DAYS_CAPTION = say("Every day in kWh. Hatched: not everything was measured.")
EMPTY_HOME = say(
    "Your home has no figures yet. They appear by themselves once its meter has reported for a "
    "while."
)
EMPTY_MONTH = say("This month has no figures of your home.")
NOTHING_YET = say("nothing counted yet")

BANDS: Mapping[str, Saying] = {
    "own": FROM_OWN,
    "shared": FROM_POOL,
    "grid": FROM_GRID,
    "missing": say("Not measured"),
}
LEVELS: Mapping[Level | None, Saying] = {
    Level.MUCH: say("much is left over"),
    Level.SOME: say("some is left over"),
    Level.LITTLE: say("little is left over"),
    Level.NONE: say("nothing is left over"),
    None: say("not known"),
}
NOT_MEASURED = say("not measured")
QUALITIES: Mapping[Quality, Saying] = {
    Quality.MEASURED: say("measured"),
    Quality.INTERPOLATED: say("between two readings"),
    Quality.ESTIMATED: say("estimated"),
    Quality.MANUAL: say("read by hand"),
    Quality.MISSING: NOT_MEASURED,
}
