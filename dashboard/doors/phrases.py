"""What the doors say: to those who are not let in, and to those who come in."""

from collections.abc import Mapping

from coop.words import say
from dashboard.wording import Failure

STALE_FORM = Failure(
    say("This form is too old"),
    say("Nothing was changed. Go back, load the page again and send it once more."),
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
