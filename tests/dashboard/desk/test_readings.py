"""Stewards enter what they read off meters, alone or from a file, and nothing counts twice."""

from io import BytesIO

import pytest
from sqlalchemy import event

from tests.dashboard.desk.conftest import Desk, Hand
from tests.dashboard.visits import form

READINGS = "/steward/readings"
A_METER = "a-meter/import_energy_total"
ONE = {
    "act": "add",
    "counter": A_METER,
    "at": "2026-03-01T00:20",
    "kwh": "1.065",
    "reason": "Leído en el medidor",
}
"""Between 1,060 Wh at 00:15 and 1,120 Wh at 00:30."""
HEAD = "counter,at,kwh,reason\n"
GOOD = (
    f"{HEAD}{A_METER},2026-03-01T00:20,1.065,Foto ñ\n"
    "b-meter/import_energy_total,2026-03-01T00:20,1.07,Foto\n"
)


def upload(hand: Hand, content: bytes) -> tuple[int, str]:
    """Choose a file and look at it first."""
    fields = form(hand.client, hand.doors, act="look")
    data = {**fields, "file": (BytesIO(content), "lecturas.csv")}
    answer = hand.client.post(READINGS, data=data, content_type="multipart/form-data")
    return answer.status_code, answer.get_data(as_text=True)


def entered(hand: Hand) -> list[tuple[str, int, bool]]:
    """Return what is on record: counter, Wh, and whether it counts."""
    held = hand.client.get(f"{READINGS}.json").get_json()["readings"]
    return [(one["counter"], one["wh"], one["counts"]) for one in held]


def test_a_reading_is_entered_once_though_sent_twice(desk: Desk, rosa: Hand) -> None:
    sent = [rosa.send(READINGS, **ONE)[0] for _ in range(2)]

    assert sent == [303, 303]
    assert entered(rosa) == [(A_METER, 1_065, True)]
    assert "Leído en el medidor" in rosa.look(READINGS)
    assert desk.deeds() == [
        ("steward:rosa", f"reading of {A_METER} at 2026-03-01T05:20:00Z entered")
    ]


def test_a_reading_is_withdrawn_once_and_stays_on_record(desk: Desk, rosa: Hand) -> None:
    rosa.send(READINGS, **ONE)
    back = {"act": "withdraw", "entry": f"{A_METER}@1772342400", "reason": "Otro medidor"}

    sent = [rosa.send(READINGS, **back)[0] for _ in range(2)]

    assert sent == [303, 303]
    assert [counts for *_, counts in entered(rosa)] == [False, False]
    assert len(desk.deeds()) == 2


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kwh": "1,065"}, "Escriba kilovatios-hora con punto"),
        ({"kwh": "-1"}, "Escriba kilovatios-hora con punto"),
        ({"new_kwh": "x"}, "Escriba kilovatios-hora con punto"),
        ({"kwh": "9"}, "El medidor mostraba solo 1.120 kWh el 2026-03-01 00:30"),
        ({"kwh": "0.5"}, "El medidor ya mostraba 1.060 kWh el 2026-03-01 00:15"),
        ({"at": "ayer"}, "Escriba un día como 2026-03-01"),
        ({"at": "2027-03-01T00:20"}, "Esa hora todavía no llegó."),
        ({"counter": "nadie"}, "Este no es un medidor"),
        ({"reason": " "}, "Diga cómo se tomó la lectura."),
    ],
)
def test_what_is_not_right_is_told_beside_its_field(
    desk: Desk, rosa: Hand, fields: dict[str, str], told: str
) -> None:
    status, page = rosa.send(READINGS, **{**ONE, **fields})

    assert status == 422
    assert page.count('aria-invalid="true"') == 1
    assert told in page.split('aria-invalid="true"')[1]
    assert entered(rosa) == []
    assert desk.deeds() == []


def test_a_file_is_looked_at_and_then_entered(rosa: Hand) -> None:
    status, page = upload(rosa, GOOD.encode())

    assert status == 200
    assert page.count("nueva") == 2
    assert entered(rosa) == []
    assert rosa.send(READINGS, act="enter", list=GOOD)[0] == 303
    assert [wh for _, wh, _ in entered(rosa)] == [1_065, 1_070]


def test_the_same_file_does_nothing_twice(desk: Desk, rosa: Hand, juan: Hand) -> None:
    rosa.send(READINGS, act="enter", list=GOOD)
    rosa.send(READINGS, act="enter", list=GOOD.replace("\n", "\r\n"))
    juan.send(READINGS, act="enter", list=GOOD)

    _, page = upload(juan, GOOD.encode("utf-8-sig"))

    assert "Todo lo de este archivo ya está registrado." in page
    assert 'value="enter"' not in page
    assert len(entered(rosa)) == len(desk.deeds()) == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Elija primero un archivo."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Esto no es una lista de lecturas."),
        (b"%PDF-1.7\n\x00", "Esto no es una lista de lecturas."),
        (b"hola", "Línea 1: Esto no es una lista de lecturas."),
        (b"counter,at\n", "Línea 1: Esto no es una lista de lecturas."),
        (HEAD.encode(), "Esto no es una lista de lecturas."),
        (f"{HEAD}{A_METER},2026-03-01T00:20,1.065\n".encode(), "Línea 2: 3 celdas"),
        (f"{GOOD}{A_METER},ayer,1.0,x\n".encode(), "Línea 4: Escriba un día y una hora"),
        (f"{GOOD}{A_METER},2026-03-02,uno,x\n".encode(), "Línea 4: Escriba kilovatios-hora"),
        (f"{GOOD}{A_METER},2026-03-02,1.0,\n".encode(), "Línea 4: Diga cómo"),
        (f"{GOOD}nadie,2026-03-02,1.0,x\n".encode(), "Línea 4: Este no es un medidor"),
        (f"{GOOD}{A_METER},2026-03-01T00:40,1.1,x\n".encode(), "Línea 4: El medidor ya mostraba"),
        ((HEAD + f"{A_METER},2026-03-02,1,x\n" * 501).encode(), "Línea 502: más de 500"),
        (f'{HEAD}"{A_METER},2026-03-02,1.0,x\n'.encode(), "Esto no es una lista de lecturas."),
    ],
)
def test_a_file_that_is_not_right_is_told_by_its_line(
    rosa: Hand, content: bytes, told: str
) -> None:
    status, page = upload(rosa, content)

    assert status == 422
    assert told in page
    assert 'value="enter"' not in page
    assert entered(rosa) == []


@pytest.mark.parametrize("size", [48_001, 60_001])
def test_a_file_that_is_too_large_is_refused_with_what_is_allowed(rosa: Hand, size: int) -> None:
    status, page = upload(rosa, b"x" * size)

    assert status == 413
    assert "un archivo de lecturas hasta 48 KB" in page


def test_a_list_is_entered_whole_or_not_at_all(desk: Desk, rosa: Hand) -> None:
    status, page = rosa.send(READINGS, act="enter", list=f"{GOOD}nadie,2026-03-02,1.0,x\n")

    assert status == 422
    assert "Línea 4: Este no es un medidor" in page
    assert entered(rosa) == []
    assert desk.deeds() == []


def test_hostile_texts_do_no_harm(rosa: Hand) -> None:
    hostile = '=1+1"><script>alert(1)</script>'
    quoted = hostile.replace('"', '""')
    listed = f'{HEAD}{A_METER},2026-03-01T00:20,1.065,"{quoted}"\n'

    _, page = upload(rosa, listed.encode())
    rosa.send(READINGS, act="enter", list=listed)

    assert "<script>alert" not in page + rosa.look(READINGS)
    assert "'=1+1" in rosa.look(f"{READINGS}.csv")


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_only_stewards_read_what_was_read_by_hand(desk: Desk, ending: str) -> None:
    assert desk.app.test_client().get(READINGS + ending).status_code == 401
    assert desk.household("a").client.get(READINGS + ending).status_code == 403


def test_a_page_asks_the_books_at_most_six_times(desk: Desk, rosa: Hand) -> None:
    rosa.send(READINGS, act="enter", list=GOOD)
    rosa.look("/steward/members")
    asked: list[str] = []
    engine = desk.town.database._engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    rosa.look(READINGS)

    assert 1 <= sum(one.startswith("SELECT") for one in asked) <= 6
