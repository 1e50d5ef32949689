"""What the page of prices says."""

from collections.abc import Mapping

from coop.month.money import TariffKind
from coop.words import Saying, say

ABOUT = say(
    "What a home pays the utility for a kWh says how many soles it keeps with the sun. What a kWh "
    "left over is worth says what the fund receives. Each price holds until the next of its kind."
)
NONE_YET = say(
    "There is no price yet: energy is counted and shared all the same, but nothing is told in "
    "soles. Enter the first one below, from the latest bill."
)
PRESENT = say("In force now")
NOT_SET = say("not entered yet")
A_KWH = say("{price} céntimos for a kWh")
ALL = say("All prices")
KIND = say("Of what")
PRICE = say("Céntimos for a kWh")
WHEN = say("When")
DECIDED = say("Set by")
ENTER = say("Enter a price")
ENTER_ABOUT = say(
    "It cannot begin in a month that is frozen. One that begins together with another of its kind "
    "takes its place."
)
CENTIMOS = say("Céntimos for a kWh, such as 68.5")
FROM = say("From when it holds")
DECISION = say("Which bill or which assembly set it")
CHOOSE = say("Choose")
KINDS: Mapping[TariffKind, Saying] = {
    TariffKind.UTILITY: say("Energy from the utility"),
    TariffKind.SURPLUS: say("What is left over, for the fund"),
}
DONE: Mapping[str, Saying] = {
    "enter": say("The price is entered. The pages count with it at once."),
}
