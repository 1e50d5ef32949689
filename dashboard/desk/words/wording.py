"""What the page of words says."""

from collections.abc import Mapping

from coop.desk import Marked, PhraseLine
from coop.words import Language, Saying, say
from dashboard.language.wording import Failure

ABOUT = say(
    "Everything these pages, reports and statements say. A draft was composed from a glossary and "
    "waits for somebody who speaks the language. A correction counts at once, everywhere, and "
    "outlives every update."
)
LANGUAGE = say("Language")
SHOW = say("Which phrases")
SEARCH = say("With these words in it")
LOOK = say("Search")
FOUND = say("Phrases found")
NONE_FOUND = say("No phrase has these words. Search for fewer, or for all phrases.")
MEANING = say("In Spanish")
TEXT = say("As it is said")
MARK = say("State")
CORRECT_ONE = say("Correct a phrase")
ENGLISH = say("In English, which names it")
NEW_TEXT = say("How it shall be said")
KEEP = say("Keep as it is what stands in braces: a figure or a name is put there.")
SAVE = say("Say it so from now on")
NO_WORDS = say("not translated yet: said in Spanish")
BEFORE = say("Phrases before")
AFTER = say("Phrases after")
PAGES = say("Pages")
BACK = say("All phrases")
DONE: Mapping[str, Saying] = {"correct": say("It is said so from now on, everywhere.")}
NAMES: Mapping[Language, str] = {
    Language.QUECHUA: "Runasimi",
    Language.AYMARA: "Aymar aru",
    Language.SPANISH: "Español",
}
"""What each language calls itself."""
MARKS: Mapping[Marked, Saying] = {
    Marked.ALL: say("all phrases"),
    Marked.DRAFT: say("drafts"),
    Marked.CORRECTED: say("corrected ones"),
    Marked.LACKING: say("not translated yet"),
}
NO_PHRASE = Failure(
    say("This phrase is not known"),
    say("An update may have changed it. Look for it in the list of all phrases."),
)
ODD_SEARCH = Failure(
    say("This search is not understood"),
    say("Choose the language and the kind of phrases on the page, then search again."),
)
_SURENESS = {
    "high": say("draft, fairly sure"),
    "medium": say("draft, not very sure"),
    "low": say("draft, unsure"),
}


def mark_of(line: PhraseLine) -> Saying | None:
    """Tell what a phrase is: corrected, a draft and how sure, or nothing worth telling."""
    if line.is_corrected:
        return say("corrected")
    if line.draft is None:
        return None
    return _SURENESS.get(line.draft.partition(";")[0].split(" ")[0], say("draft"))


def terms_of(line: PhraseLine) -> str:
    """Return the terms of the glossary that a draft was composed of."""
    return (line.draft or "").partition(";")[2].strip()
