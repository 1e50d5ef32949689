"""What a page asks for, and what the browser complains of meanwhile."""

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page

ADVICE = frozenset({"debug", "verbose"})
"""What Chromium tells the makers of any page, whether or not something is amiss."""


@dataclass
class Notes:
    """Taken of pages from before they are opened."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def take(self, page: Page) -> None:
        """Note from now on what happens at a page."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{error} {page.url}"))

    def _console(self, told: ConsoleMessage) -> None:
        if told.type not in ADVICE:
            self.complaints.append(f"{told.text} {told.page.url if told.page else ''}")
