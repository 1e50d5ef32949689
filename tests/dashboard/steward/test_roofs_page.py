"""A roof that falls behind is flagged with the evidence; rated power is asked for."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from coop.watch.siblings import SiblingCheck, check_siblings
from coop.watch.yields import RoofDays
from dashboard.app import create_app
from dashboard.steward.sources import NoBooks, NoIntake, WatchSources
from tests.dashboard.fakes import Village
from tests.dashboard.steward.scene import Scene
from tests.dashboard.visits import client_of_steward

Browser = Callable[[str], FlaskClient]
FIRST = date(2026, 3, 1)


@dataclass
class SomeRoofs(NoBooks):
    """Books that know roofs and nothing else."""

    check: SiblingCheck = field(default_factory=lambda: check_siblings(()))

    def siblings(self, now: datetime) -> SiblingCheck:
        """Return what a test put in."""
        del now
        return self.check


def a_roof(name: str, wh: int, days: int = 8, rated_w: int | None = 5_000) -> RoofDays:
    made = {FIRST + timedelta(days=number): wh + number for number in range(days)}
    return RoofDays(name, name, made, rated_w)


def steward_of(village: Village, *roofs: RoofDays) -> FlaskClient:
    watch = WatchSources(SomeRoofs(check_siblings(roofs)), NoIntake())
    app = create_app(replace(village.sources(), watch=watch))
    return client_of_steward(app, village.doors, "juan")


def text_of(client: FlaskClient, address: str = "/steward/roofs") -> str:
    return client.get(address).get_data(as_text=True)


def test_the_roof_that_falls_behind_comes_first_with_picture_and_table(rosa: FlaskClient) -> None:
    page = text_of(rosa)

    names = [page.index(f">{name}</h2>") for name in ("Techo de Rosa", "Taller")]
    assert names == sorted(names)
    assert "en 7 de los últimos 7 días este techo hizo cerca del 61" in page
    assert "Busque polvo y sombra" in page
    assert page.count("<details open>") == 1
    assert page.count('<svg class="chart roof"') == 3
    assert page.count('<td class="lacks">') == 7


def test_the_document_holds_the_evidence(rosa: FlaskClient) -> None:
    document = rosa.get("/steward/roofs.json").get_json()

    rosas = document["roofs"][0]
    assert (document["measure"], document["unit"]) == ("rated", "Wh/kW")
    assert (rosas["id"], rosas["verdict"], rosas["rated_power_w"]) == ("r2", "behind", 6_000)
    assert len(rosas["days"]) == 7
    assert all(day["is_behind"] and day["percent"] < 80 for day in rosas["days"])


def test_the_csv_holds_a_row_a_roof_and_day(rosa: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(rosa, "/steward/roofs.csv"))))

    assert len(rows) == 21
    assert {row["verdict"] for row in rows if row["roof"] == "r2"} == {"behind"}


def test_a_roof_without_rated_power_is_asked_for_it(village: Village) -> None:
    roofs = (a_roof("Taller", 9_000), a_roof("Rosa", 9_000, rated_w=None), a_roof("Luz", 9_000))

    page = text_of(steward_of(village, *roofs))

    assert "Escriba la potencia nominal de Rosa en minga.toml" in page
    assert "En porcentaje de lo que el techo hace en sus mejores días" in page
    assert "potencia nominal desconocida" in page


def test_few_roofs_and_few_days_are_told(village: Village) -> None:
    two = text_of(steward_of(village, a_roof("a", 9_000), a_roof("b", 9_000)))
    young = text_of(steward_of(village, *(a_roof(name, 9_000, days=3) for name in "abc")))

    assert "Los techos se comparan a partir de 3." in two
    assert "Hasta ahora se comparan 3 días enteros; hacen falta 7." in young


def test_no_roof_is_a_state(steward_client: Browser) -> None:
    client = steward_client("rosa")

    assert "Todavía no hay ningún techo registrado." in text_of(client)
    assert client.get("/steward/roofs.json").get_json()["state"] == "empty"


def test_hostile_names_stay_text(village: Village) -> None:
    roofs = [a_roof(f"=<b>{number}", 9_000) for number in range(3)]
    client = steward_of(village, *roofs)

    assert "<b>" not in text_of(client)
    assert "'=<b>0" in text_of(client, "/steward/roofs.csv")


@pytest.mark.parametrize("suffix", ["", ".json", ".csv"])
def test_the_books_are_asked_three_times_at_most(
    scene: Scene, rosa: FlaskClient, suffix: str
) -> None:
    asked: list[str] = []

    def note(*told: str) -> None:
        asked.append(told[2])

    event.listen(scene.database._engine, "before_cursor_execute", note)
    rosa.get(f"/steward/roofs{suffix}")
    event.remove(scene.database._engine, "before_cursor_execute", note)

    assert 1 <= len([one for one in asked if one.startswith("SELECT")]) <= 3
