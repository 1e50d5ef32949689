"""What the page of the fund says."""

from collections.abc import Mapping

from coop.words import Saying, say

ABOUT = say(
    "The assembly decides what is given from the fund. Two stewards book it together: one sends "
    "the form, the other types their own password into it. What is booked is never edited."
)
HOLDS = say("The fund holds")
OWES = say("The fund owes")
OWES_ABOUT = say("Late readings took more than it held; the next months give that back first.")
NOTHING_HELD = say(
    "The fund holds no soles yet. What it received is booked when a month is frozen, at the price "
    "of what is left over."
)
GIVEN = say("Given from the fund")
NONE_GIVEN = say("Nothing was given from the fund.")
NUMBER = say("Decision number")
AMOUNT = say("Amount")
TEXT = say("For whom and for what")
MONTH = say("Month")
SIGNED = say("Signed by")
GIVE = say("Book what the assembly gives")
SOLES = say("Soles, such as 120.50")
DECISION = say("Number of the assembly's decision")
SECOND = say("The other steward who signs")
PASSWORD = say("The password of the other steward")
CODE = say("The code of the other steward, if they are asked for one")
CHOOSE = say("Choose")
WRONG = say("This is not the password of the other steward, or not their code.")
DONE: Mapping[str, Saying] = {"give": say("It is booked, signed by both.")}
