"""What the doors say: to those who are not let in, and to those who come in."""

from collections.abc import Mapping

from coop.doors.entrance import Reason, Refusal
from coop.problems.passwords import WEAK
from coop.words import Saying, say
from dashboard.language.wording import Failure

STALE_FORM = Failure(
    say("This form is too old"),
    say("Nothing was changed. Go back, load the page again and send it once more."),
)
ENDED = Failure(
    say("Your visit has ended"),
    say("Nothing was changed. Come in again, then send it once more."),
)
DOORS: Mapping[int, Failure] = {
    401: Failure(
        say("Only for members"),
        say(
            "Open the QR card of your home with the camera of your phone. An energy steward signs "
            "in with name and password."
        ),
    ),
    403: Failure(
        say("Not allowed"),
        say("This page is for others. You see yours by the QR card of your home."),
    ),
}
CARD_GONE = Failure(
    say("This card no longer opens"),
    say(
        "It was replaced, or its address is not whole. Ask an energy steward for a new card of "
        "your home."
    ),
)
NOT_PRIVATE = Failure(
    say("Not over this line"),
    say(
        "Here others could read your password. Open this page over https, or on the machine of the "
        "cooperative itself."
    ),
)
ALREADY_SET_UP = Failure(
    say("Already set up"),
    say("An energy steward can sign in already, and gives others their password."),
)

CARD = say("The figures of your home")
CARD_TEXT = say("This card opens the figures of your home on this phone, and only these.")
ENTER = say("Enter")
PIN = say("PIN of your card")
WRONG_PIN = say("This PIN is not right.")

CARD_OF = say("Card of {home}")
CARD_HOW = say("Point the camera of your phone at the square.")
CARD_WARNING = say(
    "Whoever has this card sees the figures of your home. Lost? Tell an energy steward."
)

SIGN_IN = say("Sign in")
SIGN_IN_TEXT = say("For energy stewards. Households open their QR card.")
NAME = say("Name")
PASSWORD = say("Password")
CODE = say("Code of your phone, if you use one")
WRONG = say("Name, password or code is not right.")

SETUP = say("First energy steward")
SETUP_TEXT = say("The code stands where Minga was started, and holds for 30 minutes.")
SETUP_CODE = say("Code from there")
SHORT_NAME = say("Short name to sign in, as in rosa")
FULL_NAME = say("Full name")
NEW_PASSWORD = say("New password, at least 8 letters")
WRONG_SETUP = say("This code is not right or is too old. Start Minga again for a new one.")
ODD_NAME = say("Choose another short name: 1 to 32 of a-z, 0-9 and -.")

ACCOUNT = say("My password")
OLD_PASSWORD = say("Password until now")
CHANGE = say("Change the password")
CHANGED = say("The password is changed. Your other visits have ended.")
WRONG_OLD = say("The password is not right.")
CODES = say("Codes of your phone")
CODES_TEXT = say(
    "With an app for codes, a stolen password does not suffice. Read this picture with the app and "
    "type the code that it shows."
)
SECRET = say("Without a camera, type this into the app:")
NEW_CODE = say("Code of the app")
CODES_ON = say("Ask for codes")
CODES_ARE_ON = say("You are asked for a code when you sign in.")
CODES_OFF = say("Ask for no codes")
WRONG_CODE = say("This code is not right. Wait for the next one.")

PIN_TITLE = say("PIN of the card")
PIN_TEXT = say("With a PIN, whoever finds your card does not see your home.")
NEW_PIN = say("New PIN, 4 to 12 digits")
SET_PIN = say("Set the PIN")
REMOVE_PIN = say("Without PIN")
PIN_IS_SET = say("The PIN is set.")
PIN_IS_REMOVED = say("The card opens without PIN.")
WEAK_PIN = say("Choose 4 to 12 digits that nobody guesses.")

LEAVE = say("Leave")

_MINUTE_S = 60


def refused(refusal: Refusal, otherwise: Saying) -> Saying:
    """Say why somebody was refused; `otherwise` is what the page says of what is not right."""
    if refusal.reason is Reason.WAIT:
        return _wait(refusal.wait_s)
    if refusal.weakness is not None:
        return WEAK[refusal.weakness]
    return ODD_NAME if refusal.reason is Reason.ODD_NAME else otherwise


def _wait(seconds: int) -> Saying:
    if seconds < _MINUTE_S:
        return say("Wait {seconds} seconds, then try again.", seconds=seconds)
    minutes = -(-seconds // _MINUTE_S)
    return say("Too many tries. Try again in {minutes} minutes.", minutes=minutes)
