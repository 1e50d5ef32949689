"""How a reading looks as a point, to the letter."""

from decimal import Decimal

import pytest

from collector.reading import AcceptedReading, Value, dump_content
from collector.stores.points import make_line
from tests.collector.stores.samples import accepted


def test_a_point_has_tags_floats_texts_reasons_and_the_whole_message() -> None:
    reading = accepted(
        118_422,
        120,
        {"ac_power": 1835, "ac_voltage": Decimal("230.1"), "status": 'a "b"'},
        bad={"frequency": "implausible"},
    )

    assert _line(reading) == (
        "reading,collector=hill,device=roof,epoch=9f2c"
        ' ac_power=1835.0,ac_voltage=230.1,text_status="a \\"b\\"",bad_frequency="implausible",'
        'seq=118422i,message="{\\"v\\":1,\\"epoch\\":\\"9f2c\\",\\"seq\\":118422,'
        '\\"taken_at\\":\\"2026-03-01T12:00:00.120Z\\",\\"boot\\":\\"b1\\",\\"mono_ms\\":120,'
        '\\"trusted\\":true,\\"q\\":{\\"ac_power\\":1835,\\"ac_voltage\\":230.1,'
        '\\"status\\":\\"a \\\\\\"b\\\\\\"\\"},\\"bad\\":{\\"frequency\\":\\"implausible\\"}}"'
        " 1772366400120118422"
    )


def test_the_time_of_a_point_keeps_numbers_of_one_millisecond_apart() -> None:
    times = [_line(accepted(seq)).rsplit(" ", 1)[1] for seq in (1, 999_999, 1_000_000)]

    assert times == ["1772366400000000001", "1772366400000999999", "1772366400000000000"]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (5, "q=5.0"),
        (-5, "q=-5.0"),
        (2**53 + 1, "q=9007199254740992.0"),
        (10**17, "q=1e+17"),
        (Decimal("0.1"), "q=0.1"),
        ("on", 'text_q="on"'),
        ("a\\", 'text_q="a\\\\"'),
    ],
)
def test_a_number_is_the_nearest_float_and_a_text_is_a_text(value: Value, field: str) -> None:
    assert f" {field},seq=1i,message=" in _line(accepted(1, 0, {"q": value}))


@pytest.mark.parametrize("name", ["message", "seq", "time", "epoch", "text_q", "bad_q", "_q", "Q"])
def test_a_name_that_could_clash_stands_in_the_message_only(name: str) -> None:
    line = _line(accepted(1, 0, {name: 5}))

    assert line.startswith("reading,collector=hill,device=roof,epoch=9f2c seq=1i,message=")
    assert f'\\"{name}\\":5' in line


def test_a_number_beyond_all_floats_stands_in_the_message_only() -> None:
    line = _line(accepted(1, 0, {"q": Decimal("1E+400")}))

    assert line.startswith("reading,collector=hill,device=roof,epoch=9f2c seq=1i,message=")


def _line(reading: AcceptedReading) -> str:
    return make_line(reading, dump_content(reading.reading))
