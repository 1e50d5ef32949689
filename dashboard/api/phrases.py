"""What programs are told when they ask for something that is not understood."""

from collections.abc import Mapping

from coop.words import say
from dashboard.language.wording import Failure

REFUSALS: Mapping[int, Failure] = {
    406: Failure(
        say("Only JSON is given here"),
        say("Ask for application/json. The pages give tables at addresses that end in .csv."),
    ),
    422: Failure(
        say("The request was not understood"),
        say("What was not understood is named, with what is allowed. Correct it and ask again."),
    ),
}

UNDERSTOOD = say("One of these: {names}.")
A_DAY = say("A day that exists, as in 2026-03-01.")
A_MONTH = say("A month, as in 2026-03.")
A_YEAR = say("A year, as in 2026.")
A_SLOT = say("The start of a slot in UTC, as in 2026-03-01T17:00Z.")
A_NUMBER = say("A whole number from {least} to {most}.")
A_CURSOR = say("What the address under next holds, unchanged.")
A_HOME = say("The id of a home, as in h01.")
