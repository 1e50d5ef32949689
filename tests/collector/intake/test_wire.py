"""What comes over the wire is good, or refused with a reason; never an exception."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.intake.wire import Hello, Refused, check_message
from collector.mqtt import Message
from collector.reading import AcceptedReading, Identity, dump_content, dump_reading
from tests.collector.fakes import NOON, make_reading

TOPIC = "minga/v1/pi/roof-1/reading"
BACKLOG = "minga/v1/pi/backlog"
GOOD = dump_reading("9f2c", 7, dump_content(make_reading()))


def check_one(payload: bytes | str, topic: str | None = TOPIC) -> object:
    """Return the one thing that a message holds."""
    raw = payload.encode() if isinstance(payload, str) else payload
    (found,) = check_message(Message(topic, raw), NOON)
    return found


def changed(**fields: object) -> str:
    """Write the good reading with some fields changed."""
    return json.dumps(json.loads(GOOD) | fields)


def test_a_good_reading_comes_back_as_it_was_sent() -> None:
    found = check_one(GOOD)

    assert found == AcceptedReading(Identity("pi", "9f2c", "roof-1", 7), make_reading())


def test_decimals_stay_exact() -> None:
    found = check_one(GOOD.replace("1835", "0.1000000000000000055"))

    assert isinstance(found, AcceptedReading)
    assert found.reading.quantities["ac_power"] == Decimal("0.1000000000000000055")


def test_a_backlog_holds_readings_of_several_devices() -> None:
    items = [dump_reading("9f2c", n, dump_content(make_reading()), f"roof-{n}") for n in (1, 2)]

    found = list(check_message(Message(BACKLOG, f"[{','.join(items)}]".encode()), NOON))

    assert [one.identity for one in found if isinstance(one, AcceptedReading)] == [
        Identity("pi", "9f2c", "roof-1", 1),
        Identity("pi", "9f2c", "roof-2", 2),
    ]


def test_one_bad_reading_in_a_backlog_does_not_take_the_others_along() -> None:
    good = dump_reading("9f2c", 1, dump_content(make_reading()), "roof-1")
    bad = dump_reading("9f2c", 2, dump_content(make_reading()), "roof 2")

    first, second = check_message(Message(BACKLOG, f"[{good},{bad}]".encode()), NOON)

    assert isinstance(first, AcceptedReading)
    assert isinstance(second, Refused)
    assert (second.reason, second.seq) == ("device: not an id", 2)


POISON = {
    "not JSON": "}{",
    "empty": "",
    "a number": "7",
    "an array on a reading's topic": "[]",
    "bytes that are not UTF-8": b"\xff\xfe",
    "nested too deep": "[" * 20_000,
    "a name twice": GOOD.replace('"v":1', '"v":1,"v":1'),
    "NaN": GOOD.replace("1835", "NaN"),
    "Infinity": GOOD.replace("1835", "Infinity"),
    "10 MB": b"x" * 10_000_000,
    "unknown version": changed(v=2),
    "version true": changed(v=True),
    "seq as text": changed(seq="7"),
    "seq zero": changed(seq=0),
    "seq negative": changed(seq=-1),
    "seq too large": changed(seq=2**60),
    "seq a fraction": changed(seq=1.5),
    "epoch missing": json.dumps({k: v for k, v in json.loads(GOOD).items() if k != "epoch"}),
    "epoch not an id": changed(epoch="a b"),
    "an unknown field": changed(extra=1),
    "no time": changed(taken_at="yesterday"),
    "time without zone": changed(taken_at="2026-03-01T17:00:00"),
    "time in another zone": changed(taken_at="2026-03-01T17:00:00-05:00"),
    "time too fine": changed(taken_at="2026-03-01T17:00:00.000001Z"),
    "time in the future": changed(taken_at="2031-01-01T00:00:00Z"),
    "time before 1970": changed(taken_at="0001-01-01T00:00:00Z"),
    "time as number": changed(taken_at=7),
    "trusted as text": changed(trusted="yes"),
    "mono_ms negative": changed(mono_ms=-1),
    "boot a number": changed(boot=7),
    "q a list": changed(q=[1]),
    "q a name that is none": changed(q={"Ac Power": 1}),
    "q true": changed(q={"ac_power": True}),
    "q null": changed(q={"ac_power": None}),
    "q nested": changed(q={"ac_power": {}}),
    "q beyond all": changed(q={"ac_power": 10**30}),
    "q with endless digits": GOOD.replace("1835", "1e-999999"),
    "q with a huge exponent": GOOD.replace("1835", "1e999999999"),
    "q with a control character": changed(q={"status": "a\x00b"}),
    "q with half a character": GOOD.replace("1835", '"\\ud800"'),
    "bad a list": changed(bad=[]),
    "bad with a number": changed(bad={"ac_power": 1}),
    "too many quantities": changed(q={f"a{n}": 1 for n in range(501)}),
}


@pytest.mark.parametrize("payload", POISON.values(), ids=POISON.keys())
def test_poison_is_refused_with_a_reason(payload: str | bytes) -> None:
    found = check_one(payload)

    assert isinstance(found, Refused)
    assert found.reason.encode("utf-8")


@pytest.mark.parametrize(
    "topic",
    [
        None,
        "minga/v1/Pi/roof-1/reading",
        "minga/v1/pi/roof_1/reading",
        "minga/v1/ingest/ack/reading",
        "minga/v1/pi/roof-1/command",
        "minga/v2/pi/roof-1/reading",
        "minga/v1/pi/" + "a" * 33 + "/reading",
    ],
)
def test_a_topic_that_is_none_of_ours_is_refused(topic: str | None) -> None:
    assert isinstance(check_one(GOOD, topic), Refused)


def test_a_retained_reading_is_refused() -> None:
    (found,) = check_message(Message(TOPIC, GOOD.encode(), retained=True), NOON)

    assert isinstance(found, Refused)
    assert found.seq == 7


def test_a_refused_reading_keeps_its_number_where_it_can_be_read() -> None:
    found = check_one(GOOD.replace("1835", "NaN"))

    assert isinstance(found, Refused)
    assert (found.collector, found.epoch, found.seq) == ("pi", "9f2c", 7)


def test_a_status_with_an_outbox_is_a_hello() -> None:
    found = check_one('{"v":1,"state":"online","epoch":"9f2c","first_seq":5}', "minga/v1/pi/status")

    assert found == Hello("pi", "9f2c", 5)


def test_a_plain_status_holds_nothing_for_the_store() -> None:
    status = Message("minga/v1/pi/status", b'{"v":1,"state":"offline"}', retained=True)

    assert list(check_message(status, NOON)) == []


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_without_an_exception(payload: bytes) -> None:
    assert all(isinstance(one, Refused) for one in check_message(Message(TOPIC, payload), NOON))


@given(st.binary(max_size=300), st.text(max_size=60) | st.none())
def test_any_bytes_on_any_topic_are_refused_with_a_reason(
    payload: bytes, topic: str | None
) -> None:
    found = list(check_message(Message(topic, payload, retained=True), NOON))

    assert [one for one in found if not isinstance(one, Refused) or not one.reason] == []


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4), st.integers(0, 9))
def test_a_message_damaged_on_its_way_is_good_or_refused(at: int, put: bytes, cut: int) -> None:
    payload = GOOD.encode()[:at] + put + GOOD.encode()[at + cut :]

    found = check_one(payload)

    assert isinstance(found, AcceptedReading | Refused)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@given(_JSON, st.sampled_from([TOPIC, BACKLOG, "minga/v1/pi/status"]))
def test_any_json_on_any_of_our_topics_is_refused_or_holds_nothing(
    document: object, topic: str
) -> None:
    found = list(check_message(Message(topic, json.dumps(document).encode()), NOON))

    assert all(isinstance(one, Refused) for one in found)


GOOD_ITEM = json.loads(GOOD) | {"device": "roof-1"}


@given(st.lists(st.just(GOOD_ITEM) | st.none() | st.integers() | st.text(max_size=9), max_size=9))
def test_each_item_of_any_backlog_is_stored_or_refused(items: list[object]) -> None:
    found = list(check_message(Message(BACKLOG, json.dumps(items).encode()), NOON))

    assert [isinstance(one, AcceptedReading) for one in found] == [
        one == GOOD_ITEM for one in items
    ]


@given(st.dictionaries(st.sampled_from([*json.loads(GOOD)]), _JSON))
def test_any_change_of_any_field_is_stored_or_refused_without_an_exception(
    fields: dict[str, object],
) -> None:
    found = check_one(changed(**fields))

    assert isinstance(found, AcceptedReading | Refused)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
        st.integers(-(10**17), 10**17)
        | st.decimals(-(10**9), 10**9, allow_nan=False, places=6)
        | st.text(st.characters(categories=["L", "N"]), max_size=20),
        max_size=8,
    ),
    st.integers(0, 10**10),
)
def test_what_was_measured_comes_back_digit_for_digit(
    quantities: dict[str, int | Decimal | str], milliseconds: int
) -> None:
    taken_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    reading = make_reading()
    sent = type(reading)("roof-1", taken_at, quantities, {"x": "refused"}, "b", 1, trusted=False)

    found = check_one(dump_reading("9f2c", 7, dump_content(sent)))

    assert isinstance(found, AcceptedReading)
    assert found.reading == sent
    assert dump_content(found.reading) == dump_content(sent)
