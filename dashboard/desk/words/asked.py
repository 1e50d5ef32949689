"""Reads which phrases are looked for; what is not understood ends the request with 400."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import request

from coop.desk import Marked
from coop.words import Language
from dashboard.desk.words import wording
from dashboard.failures import refuse
from dashboard.typed import whole

PER_PAGE = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: the language, which phrases, the words in them, and which page of them."""

    language: Language
    mark: Marked
    search: str
    page: int

    def at(self, page: int) -> dict[str, str]:
        """Return what the address of another page says."""
        return {**self.where(), "page": str(page)}

    def where(self) -> dict[str, str]:
        """Return what the address of this search says."""
        return {"language": self.language, "show": self.mark, "search": self.search}


def read_asked() -> Asked:
    """Return what stands in the address; all phrases in Quechua where nothing does."""
    held = request.args
    language, mark = held.get("language", Language.QUECHUA), held.get("show", Marked.ALL)
    page = whole(held.get("page", "1"), 5)
    if language not in wording.NAMES or mark not in set(Marked) or page is None:
        refuse(HTTPStatus.BAD_REQUEST, wording.ODD_SEARCH)
    return Asked(Language(language), Marked(mark), held.get("search", "").strip(), page)
