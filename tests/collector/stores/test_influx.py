"""The store on InfluxDB alone: its points, its index, and a server that is unwell."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collector.errors import ConfigurationError, UnreachableError
from collector.store_settings import InfluxSettings
from collector.stores.influx import InfluxStore
from tests.collector.stores.fake_influx import FakeInflux, running_fake
from tests.collector.stores.influxd import Influxd, running_influxd
from tests.collector.stores.samples import EVER, accepted, counted

ROOF = ("roof", "energy_total")
OpenInflux = Callable[[], InfluxStore]


@pytest.fixture
def store(influx_settings: InfluxSettings) -> Iterator[InfluxStore]:
    with closing(InfluxStore(influx_settings)) as opened:
        yield opened


@pytest.fixture
def fake() -> Iterator[FakeInflux]:
    with running_fake() as server:
        yield server


@pytest.fixture
def fake_store(fake: FakeInflux, tmp_path: Path) -> Iterator[InfluxStore]:
    with closing(InfluxStore(_settings(fake.url, tmp_path, timeout_s=0.5))) as opened:
        yield opened


def test_a_chart_finds_numbers_as_floats_under_their_own_names(
    store: InfluxStore, influxd: Influxd, influx_settings: InfluxSettings
) -> None:
    store.write([accepted(1, 0, {"ac_power": 1835, "status": "mppt"}, bad={"frequency": "wild"})])

    database, _, _ = influx_settings.bucket.partition("/")
    answer = influxd.query(
        "SELECT ac_power, text_status, bad_frequency, seq, collector, device, epoch FROM reading",
        database,
    )
    assert _rows(answer) == [
        ["2026-03-01T12:00:00.000000001Z", 1835, "mppt", "wild", 1, "hill", "roof", "9f2c"]
    ]
    types = influxd.query("SHOW FIELD KEYS FROM reading", database)
    assert _rows(types) == [
        ["ac_power", "float"],
        ["bad_frequency", "string"],
        ["message", "string"],
        ["seq", "integer"],
        ["text_status", "string"],
    ]


def test_a_reading_that_would_cover_another_point_is_a_conflict(store: InfluxStore) -> None:
    store.write([accepted(1), accepted(500)])

    result = store.write([accepted(1_000_001), accepted(2)])

    assert (result.new, result.conflicts) == (1, (accepted(1_000_001),))
    assert [one.identity.seq for one in store.readings("roof", *EVER)] == [1, 2, 500]


def test_a_lost_index_is_made_again_before_anything_is_written(
    influx_settings: InfluxSettings,
) -> None:
    with closing(InfluxStore(influx_settings)) as before:
        before.write([counted(1, 0, 100), counted(2, 1_000_000, 110)])
        kept = before.edges([ROOF], *EVER), before.last(["roof"])
    influx_settings.index.unlink()

    with closing(InfluxStore(influx_settings)) as after:
        result = after.write([counted(1, 0, 100), counted(2, 0, 666), counted(3, 0, 100)])

        assert (result.new, result.repeated, result.conflicts) == (1, 1, (counted(2, 0, 666),))
        assert list(after.stored_seqs("hill", "9f2c", 0)) == [1, 2, 3]
        assert after.last(["roof"]) == kept[1]
        assert after.edges([ROOF], *EVER)[ROOF][-1] == kept[0][ROOF][-1]


def test_making_the_index_again_changes_nothing_in_a_whole_one(store: InfluxStore) -> None:
    store.write([counted(seq, seq * 1000, seq) for seq in range(1, 12_001)])
    version = store.changed_slots(0).version

    found = store.rebuild_index()

    assert found == 12_000
    assert store.changed_slots(0).version == version


def test_a_crash_between_points_and_index_is_harmless(
    influx_settings: InfluxSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = [counted(1, 0, 100), counted(2, 0, 101)]
    with closing(InfluxStore(influx_settings)) as crashing:
        crashing.write([])
        write = crashing._server.write
        monkeypatch.setattr(crashing._server, "write", lambda lines: (write(lines), 1 / 0))
        with pytest.raises(ZeroDivisionError):
            crashing.write(batch)

    with closing(InfluxStore(influx_settings)) as after:
        assert list(after.stored_seqs("hill", "9f2c", 0)) == []

        assert after.write(batch).new == 2

        assert list(after.readings("roof", *EVER)) == batch


def test_a_stopped_server_stores_nothing_and_everything_after_it_is_back(tmp_path: Path) -> None:
    with running_influxd(tmp_path) as server:
        settings = _settings(server.url, tmp_path, server.create_database("minga"), server.token)
        with closing(InfluxStore(settings)) as store:
            store.write([counted(1, 0, 100)])
            server.stop()

            with pytest.raises(UnreachableError, match=f"cannot write to InfluxDB at {server.url}"):
                store.write([counted(2, 1, 101)])
            with pytest.raises(UnreachableError, match="cannot query InfluxDB"):
                list(store.readings("roof", *EVER))
            assert list(store.stored_seqs("hill", "9f2c", 0)) == [1]
            assert store.last(["roof"])["roof"].identity.seq == 1

            server.start()
            assert store.write([counted(1, 0, 100), counted(2, 1, 101)]).new == 1
            assert list(store.readings("roof", *EVER)) == [counted(1, 0, 100), counted(2, 1, 101)]


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (401, '{"error":"authorization failed"}', "token_file is not accepted"),
        (403, '{"code":"forbidden","message":"no write access"}', "no write access.*bucket"),
        (404, '{"error":"database not found: \\"minga\\""}', "make the bucket"),
        (422, '{"message":"dropped points outside retention policy"}', "set it to infinite"),
        (429, '{"message":"too many requests"}', "tried again"),
        (500, "", "status 500"),
        (503, "<html>away</html>", "status 503 .*away"),
        (
            400,
            '{"error":"partial write: field type conflict dropped=1"}',
            "field type conflict dropped=1.*a part",
        ),
        (302, "", "status 302"),
    ],
)
def test_an_answer_other_than_done_is_not_stored(
    fake: FakeInflux, fake_store: InfluxStore, status: int, body: str, advice: str
) -> None:
    fake.answers = [(status, body)]

    with pytest.raises(UnreachableError, match=f"cannot write to InfluxDB at {fake.url}.*{advice}"):
        fake_store.write([counted(1, 0, 100)])

    _assert_nothing_is_stored(fake_store)
    assert len(fake.writes) == 1
    assert fake_store.write([counted(1, 0, 100)]).new == 1


def test_a_batch_of_several_requests_counts_when_all_are_done(
    fake: FakeInflux, fake_store: InfluxStore
) -> None:
    batch = [counted(seq, seq, 100) for seq in range(1, 10_001)]
    fake.answers = [(204, ""), (500, "")]

    with pytest.raises(UnreachableError, match="status 500"):
        fake_store.write(batch)

    _assert_nothing_is_stored(fake_store)
    assert fake_store.write(batch).new == 10_000
    assert [body.count(b"\n") + 1 for body in fake.writes] == [5000, 5000, 5000, 5000]


def test_a_server_that_does_not_answer_in_time_is_not_waited_for(
    fake: FakeInflux, fake_store: InfluxStore
) -> None:
    fake.is_silent = True

    with pytest.raises(UnreachableError, match="ReadTimeoutError"):
        fake_store.write([counted(1, 0, 100)])

    _assert_nothing_is_stored(fake_store)


def test_a_web_server_that_says_done_to_everything_stores_nothing(
    fake: FakeInflux, fake_store: InfluxStore
) -> None:
    fake.build = None

    with pytest.raises(UnreachableError, match="is no InfluxDB"):
        fake_store.write([counted(1, 0, 100)])

    _assert_nothing_is_stored(fake_store)


@pytest.mark.parametrize(
    "answer",
    [
        "<html>sign in</html>",
        ",result,table,_value\n,_result,0,{}\n",
        "#datatype,string,string\n#group,true,true\n#default,,\n,error,reference\n,no memory,1\n",
    ],
)
def test_an_answer_that_makes_no_sense_is_no_reading(
    fake: FakeInflux, fake_store: InfluxStore, answer: str
) -> None:
    fake.found = answer

    with pytest.raises(UnreachableError, match="cannot query InfluxDB"):
        list(fake_store.readings("roof", *EVER))


@pytest.mark.parametrize("content", ["", "\n", "two\nlines"])
def test_a_token_file_without_a_token_is_refused(tmp_path: Path, content: str) -> None:
    settings = _settings("http://127.0.0.1:1", tmp_path, token=content)

    with pytest.raises(ConfigurationError, match="holds no token on one line"):
        InfluxStore(settings)


def test_a_missing_token_file_is_named(tmp_path: Path) -> None:
    settings = _settings("http://127.0.0.1:1", tmp_path)
    settings.token_file.unlink()

    with pytest.raises(ConfigurationError, match=f"{settings.token_file} cannot be read"):
        InfluxStore(settings)


def test_the_token_never_stands_in_an_error(fake: FakeInflux, fake_store: InfluxStore) -> None:
    fake.answers = [(401, "no")]

    with pytest.raises(UnreachableError) as caught:
        fake_store.write([counted(1, 0, 100)])

    assert "very-secret" not in str(caught.value)
    assert "very-secret" in fake.tokens[0]


def _settings(
    url: str,
    folder: Path,
    bucket: str = "minga/autogen",
    token: str = "very-secret",  # noqa: S107  of a server that does not exist
    timeout_s: float = 10,
) -> InfluxSettings:
    token_file = folder / "token"
    token_file.write_text(token)
    return InfluxSettings(
        url=url,
        bucket=bucket,
        token_file=token_file,
        index=folder / "index.db",
        timeout_s=timeout_s,
    )


def _rows(answer: Any) -> object:  # noqa: ANN401  what the v1 API says is not ours to describe
    (series,) = answer["results"][0]["series"]
    return series["values"]


def _assert_nothing_is_stored(store: InfluxStore) -> None:
    assert list(store.stored_seqs("hill", "9f2c", 0)) == []
    assert store.edges([ROOF], *EVER) == {}
    assert store.last(["roof"]) == {}
    assert store.changed_slots(0).slot_starts_s == ()
