"""The demo as it runs for anybody, and browsers of a stranger, a household and a steward."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.dashboard.browsing.chromium import Ways, open_window
from tests.dashboard.browsing.noting import Notes
from tests.faults.processes import free_port
from tests.requirements import ROOT, require_program


@dataclass
class Demo:
    """A demo that runs, and how people come in."""

    address: str
    card: str
    password: str


@dataclass
class Looker(Notes):
    """Opens pages of the demo as somebody, and notes what the browser complains of."""

    browser: Browser = field(kw_only=True)
    demo: Demo = field(kw_only=True)
    states: dict[str, StorageState] = field(kw_only=True)

    def open(
        self, who: str, size: tuple[int, int], *, dark: bool = False, scripts: bool = True
    ) -> Page:
        """Open a window as `stranger`, `household` or `steward`."""
        ways = Ways(dark=dark, scripts=scripts, calm=True)
        page = open_window(self.browser, size, ways, kept=self.states.get(who))
        self.take(page)
        return page


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """Run `minga demo` until all tests of these pages are over."""
    require_program("mosquitto")
    port = free_port()
    command = [sys.executable, "-m", "minga", "demo", "--no-browser", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield _read(process, port)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def states(browser: Browser, demo: Demo) -> dict[str, StorageState]:
    """Return what the browsers of a household and a steward keep once they came in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(demo.card)
    page.click("main button")
    household = context.storage_state()
    context.clear_cookies()
    page.goto(f"{demo.address}/sign-in")
    page.fill("[name=name]", "rosa")
    page.fill("[name=password]", demo.password)
    page.click("main button")
    page.wait_for_url(f"{demo.address}/steward")
    steward = context.storage_state()
    context.close()
    return {"household": household, "steward": steward}


@pytest.fixture
def looker(browser: Browser, demo: Demo, states: dict[str, StorageState]) -> Iterator[Looker]:
    yield Looker(browser=browser, demo=demo, states=states)
    for context in browser.contexts:
        context.close()


def _read(process: "subprocess.Popen[str]", port: int) -> Demo:
    """Wait for the lines by which a demo says how people come in."""
    assert process.stdout
    card = password = ""
    for line in process.stdout:
        if line.startswith("a household"):
            card = line.split()[-1]
        if found := re.search(r"password (\S+)", line):
            password = found[1]
        if line.startswith("Ctrl-C"):
            break
    assert card
    assert password
    return Demo(f"http://127.0.0.1:{port}", card, password)
