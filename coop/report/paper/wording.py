"""What paper says beside the names of figures, and how it is told in several languages."""

from dataclasses import dataclass, field
from typing import TypedDict

from coop.words import Saying, Told, Words, say

REPORT = say("Monthly report")
SUM = say("What was produced, and where it went")
SUM_LATE = say("of it by readings of earlier months that came late")
CLOSES = say("Produced less its parts:")
PICTURE = say("The month day by day")
KWH_A_DAY = say("kWh in each day")
NOT_MEASURED = say("Not measured")
COMPARED = say("Compared with other months")
PRINTED_DRAFT = say("Draft translation. To correct it, tell an energy steward.")
HOME_SLIP = say("The month of your home")
FROM_THE_SUN = say("You got from the sun")
YOU_USED = say("What you used")
NOTHING_USED = say("Nothing that your home used was counted in this month.")
ALL_MEASURED = say("Every slot of your home was measured.")


class Text(TypedDict):
    """A phrase on paper, in its language."""

    lang: str
    text: str


BESIDE = 2
"""Headings are told in at most so many languages."""


@dataclass(slots=True)
class Teller:
    """Tells sayings for paper, and remembers whether a draft was among them."""

    words: Words
    has_drafts: bool = field(default=False)

    @property
    def lang(self) -> str:
        """Return the first language."""
        return str(self.words.languages[0])

    def one(self, saying: Saying) -> Text:
        """Tell something in the first language."""
        return self._text(self.words.tell_in(self.words.languages[0], saying))

    def both(self, saying: Saying) -> list[Text]:
        """Tell something in the first two languages, once where one has no words for it."""
        return [self._text(told) for told in self.words.tell_all(saying)[:BESIDE]]

    def _text(self, told: Told) -> Text:
        self.has_drafts = self.has_drafts or told.is_draft
        return {"lang": str(told.language), "text": told.text}
