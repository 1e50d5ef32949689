"""What the pages of cards and of the record say."""

from collections.abc import Mapping

from coop.doors.deeds import What
from coop.words import Saying, say
from dashboard.language.wording import Failure

CARDS_TEXT = say(
    "A card is a QR code that opens the figures of one home. It is shown once, to be printed; "
    "Minga keeps no copy. A lost card is ended here, and a new one made."
)
LOOPBACK = say(
    "The cards would say {address}, which no phone reaches. Write [coop] address into minga.toml "
    "first, as households reach these pages, and start Minga again."
)
HOME = say("Home")
CARDS_OPEN = say("Cards that open")
MADE = say("Made")
VISITS = say("Visits now")
WITH_PIN = say("With PIN")
MAKE = say("Make cards to print")
END_SHORT = say("End its cards")
ENDED = say("The cards of {home} open no more; its visits have ended.")
NO_HOMES = say("There are no homes yet. Enter members and their homes first.")
NONE_CHOSEN = Failure(
    say("No home was chosen"),
    say("Nothing was made. Go back and mark the homes that get a card."),
)
MADE_MEANWHILE = Failure(
    say("These homes got cards meanwhile"),
    say(
        "Nothing was made now. If the page with the cards is still open, print it. Otherwise end "
        "the cards of these homes and make new ones."
    ),
)
NO_SUCH_HOME = Failure(
    say("There is no such home"),
    say("Nothing was changed. Load the list again and choose from it."),
)
TO_PRINT = say("Cards to print")
PRINT_NOW = say(
    "Print this page now: it is shown once. Cut along the lines, give each home its own."
)
BACK = say("Back to the list")

RECORD_TEXT = say("Who came in, who was turned away, and what was done. No line is ever changed.")
WHEN = say("When")
WHO = say("Who")
DONE = say("What was done")
ON_WHAT = say("On what")
OLDER = say("Older")
NEWEST = say("Newest")
NO_DEEDS = say("Nothing was noted yet.")
NO_PLACE = Failure(
    say("No such place in the record"),
    say("Begin again with the newest lines."),
)
STRANGER = say("a stranger")
CONSOLE = say("the machine's console")

DEEDS: Mapping[What, Saying] = {
    What.CAME_IN: say("came in"),
    What.REFUSED: say("was not let in"),
    What.LEFT: say("left"),
    What.DENIED: say("was denied"),
    What.ACTED: say("sent a form"),
    What.CARD_MADE: say("made a card"),
    What.CARDS_REVOKED: say("ended cards"),
    What.PIN_SET: say("set a PIN"),
    What.PIN_REMOVED: say("removed the PIN"),
    What.PASSWORD_SET: say("set a password"),
    What.CODES_ON: say("asks for codes"),
    What.CODES_OFF: say("asks for no codes"),
    What.TOKEN_MADE: say("made a token for a program"),
    What.TOKEN_REVOKED: say("ended a token"),
    What.SET_UP: say("was set up as first steward"),
}
