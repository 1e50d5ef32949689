"""A new steward's first days at a new box, from the code on the console to a report on paper.

All of it in a real Chromium on the real services; only time is moved by the test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.dashboard.browsing.chromium import Ways, chromium, open_window
from tests.dashboard.browsing.screens import PHONE
from tests.faults.installed import HOMES, QUARTER, Installed
from tests.faults.processes import wait_until
from tests.requirements import require_program

pytestmark = [pytest.mark.faults, pytest.mark.browser]

MORNING = datetime(2026, 3, 31, 15, tzinfo=UTC)
"""Ten o'clock on the last day of March."""
MIDNIGHT = datetime(2026, 4, 1, 5, tzinfo=UTC)
SLOTS = 14 * 4
"""From the first readings to midnight."""
ROSA, JUAN = "warmi-wasi-wayra", "inti-mayu-qori"


@dataclass
class Person:
    """Somebody with a browser of their own, who reads Spanish."""

    page: Page
    box: Installed

    def go(self, address: str, status: int = 200) -> str:
        """Open a page; return what stands in it."""
        answer = self.page.goto(f"{self.box.address}{address}?lang=es")
        assert answer
        assert answer.status == status, f"{address}: {answer.status}"
        return self.page.inner_text("body")

    def send(self, act: str, **typed: str) -> str:
        """Fill in the form of an act and send it; return what stands in the page after it."""
        form = self._form(act)
        for name, text in typed.items():
            answer(form.locator(f"[name='{name}']"), text)
        assert form.evaluate("one => one.checkValidity()"), "the form waits for something more"
        form.locator(f"button[value='{act}']").click()
        assert self.page.locator("[role=alert]").count() == 0, self.page.inner_text("main")
        return self.page.inner_text("body")

    def _form(self, act: str) -> Locator:
        form = self.page.locator("form", has=self.page.locator(f"button[value='{act}']"))
        if not form.is_visible():
            self.page.locator("details", has=form).locator("summary").first.click()
        return form


def answer(field: Locator, text: str) -> None:
    """Choose or type one thing a form asks for."""
    match field.first.evaluate("one => one.type"):
        case "radio":
            field.and_(field.page.locator(f"[value='{text}']")).check()
        case "select-one":
            field.select_option(text)
        case _:
            field.fill(text)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Installed]:
    require_program("mosquitto")
    made = Installed(tmp_path, MORNING)
    try:
        made.build()
        yield made
    finally:
        made.end()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_from_the_code_on_the_console_to_the_report_on_paper(
    box: Installed, browser: Browser
) -> None:
    rosa, juan, family, anyone = (
        Person(open_window(browser, PHONE, Ways()), box) for _ in range(4)
    )
    come_in_first(rosa)
    enter_everybody(rosa)
    agree_on_a_key(rosa)
    see_first_readings(rosa, anyone)
    card_opens_the_home(rosa, family)
    rosa.go("/steward/stewards")
    rosa.send("appoint", name="Juan Condori", steward_id="juan", password=JUAN, at="2026-03-31")

    box.live_until(MIDNIGHT + QUARTER)
    close_march(rosa, juan)
    read_the_report(rosa, anyone)
    leave(rosa)


def come_in_first(rosa: Person) -> None:
    """Become the first steward by the code; it opens nothing a second time."""
    rosa.go("/setup")
    code = rosa.box.setup_code()
    for name, text in {"code": code, "name": "Rosa Huamán", "id": "rosa", "password": ROSA}.items():
        rosa.page.fill(f"[name={name}]", text)
    rosa.page.click("main button")
    rosa.page.wait_for_url("**/steward*")
    rosa.go("/setup", status=404)


def enter_everybody(rosa: Person) -> None:
    """Enter five members with their homes, a roof, and the meter of each."""
    rosa.go("/steward/members")
    for number in range(1, HOMES + 1):
        name, ids = f"Familia {number}", {"member_id": f"m0{number}", "home_id": f"h0{number}"}
        rosa.send("member", name=name, at="2026-03-31", **ids)
    rosa.go("/steward/meters")
    rosa.send("roof", name="Escuela", roof_id="school")
    meters = {f"home-0{number}": (f"home:h0{number}", "use") for number in range(1, HOMES + 1)}
    for device, (whose, counts) in {**meters, "roof-school": ("roof:school", "production")}.items():
        rosa.send("meter", device=device, whose=whose, counts=counts, at="2026-03-31T00:00")


def agree_on_a_key(rosa: Person) -> None:
    """Enter what the assembly decided: equal parts, a twentieth for the fund."""
    rosa.go("/steward/keys")
    decided = {"name": "Partes iguales", "decision": "Asamblea del 30 de marzo, acta 12"}
    told = rosa.send("adopt", method="equal", fund_percent="5", at="2026-03-31", **decided)
    assert "Partes iguales" in told


def see_first_readings(rosa: Person, anyone: Person) -> None:
    """Wait until the first slots are shared; the plaza sees figures."""
    rosa.box.live_until(MORNING.replace(hour=17))
    wait_until(lambda: "reportan 1 de 1" in rosa.go("/steward"), "the steward sees the roof report")

    def is_shared() -> bool:
        anyone.go("/tv")
        return bool(re.search(r"[1-9]\d*\.\d", anyone.page.inner_text("main")))

    wait_until(is_shared, "the plaza sees what was shared")


def card_opens_the_home(rosa: Person, family: Person) -> None:
    """Print the cards; a phone opens the first, and sees this home and no other."""
    rosa.go("/steward/cards")
    rosa.page.click("main form >> nth=0 >> button")
    address = rosa.page.locator(".card-address").first.inner_text()
    assert rosa.page.locator(".card svg.qr").count() == HOMES

    family.page.goto(address)
    family.page.click("main button")
    assert "Familia 1" in family.go("/home")
    family.page.goto(f"{family.box.address}/home?home=h02")
    assert "Familia 2" not in family.page.inner_text("body")
    family.go("/steward", status=403)


def close_march(rosa: Person, juan: Person) -> None:
    """Freeze, sign twice by two people, note the assembly."""
    month = "/steward/month/2026-03"
    wait_until(lambda: settled(rosa, month) == SLOTS, "all of the day is settled")
    rosa.go(month)
    rosa.send("freeze")
    rosa.send("sign")
    assert rosa.page.locator("button[value=sign]").count() == 0

    juan.go("/sign-in")
    juan.page.fill("[name=name]", "juan")
    juan.page.fill("[name=password]", JUAN)
    juan.page.click("main button")
    juan.page.wait_for_url("**/steward*")
    juan.go(month)
    juan.send("sign")
    juan.send("review", reference="Acta 13", said="approved")


def settled(rosa: Person, month: str) -> int:
    """Return how many slots of a month are settled."""
    told = rosa.page.context.request.get(f"{rosa.box.address}{month}.json").json()
    return int(told["settled_slots"])


def read_the_report(rosa: Person, anyone: Person) -> None:
    """Hold the report's production against what the roof's own counter says."""
    box = rosa.box
    request = anyone.page.context.request
    told = request.get(f"{box.address}/reports/2026-03.json").json()
    paper = request.get(f"{box.address}/reports/2026-03.pdf")
    steward = rosa.page.context.request.get(f"{box.address}/reports/2026-03/slips.pdf")

    assert paper.body().startswith(b"%PDF-")
    assert steward.body().startswith(b"%PDF-")
    assert "Aprobado por la asamblea" in anyone.go("/reports/2026-03")
    assert produced_wh(told) == box.counted_wh("roof-school", MORNING, MIDNIGHT)


def produced_wh(report: dict[str, dict[str, int]]) -> int:
    """Return what was produced by a report."""
    return report["sums"]["produced_wh"]


def leave(rosa: Person) -> None:
    """Sign out; the pages of stewards are closed again."""
    rosa.go("/steward")
    rosa.page.click("footer.guest button")
    rosa.go("/steward", status=401)
