"""The phone of a household: it opens its card once and then fetches pages for members."""

import json
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from coop.database.opening import open_database
from coop.doors.upkeep import Upkeep
from coop.settings import CoopSettings
from tests.coop.desk import StillClock


def make_card(database: str, home: str) -> str:
    """Return the token of a new card of a home."""
    with open_database(CoopSettings(database=database)) as opened:
        return Upkeep(opened, StillClock()).make_card(home)


@dataclass
class Household:
    """A browser with one home's card, which is opened when first needed."""

    card: str
    """The whole address of the card."""
    _browser: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    )
    _is_in: bool = False

    def fetch(self, path: str) -> Any:  # noqa: ANN401  JSON is what it is
        """Fetch a page's JSON."""
        if not self._is_in:
            self._come_in()
        address = urllib.parse.urljoin(self.card, path)
        with self._browser.open(address, timeout=20) as answer:
            return json.load(answer)

    def _come_in(self) -> None:
        with self._browser.open(self.card, timeout=20) as answer:
            page = answer.read().decode()
        found = re.search(r'name="form_key" value="([^"]+)"', page)
        assert found, "the card has no button"
        sent = urllib.parse.urlencode({"form_key": found[1]}).encode()
        with self._browser.open(self.card, sent, timeout=20):
            self._is_in = True
