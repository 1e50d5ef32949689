"""The store on InfluxDB, and the only user of influxdb_client: write, query and ping.

Its batcher and its retries stay unused, because they drop what they cannot deliver: every answer is
looked at here, and what was not confirmed was not stored.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import groupby, islice

import urllib3
from influxdb_client.client.exceptions import InfluxDBError
from influxdb_client.client.flux_csv_parser import FluxCsvParserException, FluxQueryException
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS

from collector.errors import ConfigurationError, UnreachableError
from collector.reading import AcceptedReading, dump_content
from collector.store_settings import InfluxSettings
from collector.stores.content import first_millisecond, parse_message
from collector.stores.index import Index
from collector.stores.points import MEASUREMENT, make_line
from collector.stores.protocol import Counter, EdgeRow, LastReading, SlotChanges, WriteResult

POINTS_A_REQUEST = 5_000


class InfluxStore:
    """Keep points in InfluxDB and an index beside it; see `ReadingStore` for the promises."""

    def __init__(self, settings: InfluxSettings) -> None:
        """Open the index; the server is asked for the first time when it is needed."""
        self._server = _Server(settings)
        self._index = Index(settings.index)
        self._is_complete = False

    def write(self, readings: Sequence[AcceptedReading]) -> WriteResult:
        """Store a batch: the points first, then the index; nothing counts before both are done.

        A crash between the two is harmless, the batch comes again and gives the same points. An
        index that was just made learns first what InfluxDB has.
        """
        self._complete_index()
        contents = [dump_content(one.reading) for one in readings]
        with self._index.storing(readings, contents) as outcome:
            self._server.write(
                [make_line(readings[position], contents[position]) for position in outcome.new]
            )
        return outcome.result(readings)

    def readings(self, device: str, start: datetime, end: datetime) -> Iterator[AcceptedReading]:
        """Yield a device's readings of [start, end) by (taken_at, seq)."""
        start, end = (min(max(one, _FIRST), _LAST) for one in (start, end))
        if first_millisecond(start) >= first_millisecond(end):
            return
        query = (
            f"{self._server.points(start, end)}"
            f" |> filter(fn: (r) => r.device == {_flux_text(device)}) |> group()"
            ' |> sort(columns: ["_time"]) |> keep(columns: ["_value", "collector", "device"])'
        )
        for _, together in groupby(self._server.ask(query), lambda one: one.reading.taken_at):
            yield from sorted(together, key=_order)

    def rebuild_index(self) -> int:
        """Take everything that InfluxDB has into the index; return how many readings that were.

        Interrupted, it may start again: what the index knows already changes nothing.
        """
        query = f"{self._server.points(_FIRST, _LAST)} |> keep(columns: {_IDENTITY_COLUMNS})"
        found = 0
        with closing(self._server.ask(query)) as answers:
            while batch := list(islice(answers, POINTS_A_REQUEST)):
                with self._index.storing(batch, [dump_content(one.reading) for one in batch]):
                    found += len(batch)
        self._index.mark_complete()
        return found

    def last(self, devices: Sequence[str]) -> Mapping[str, LastReading]:
        """Return the newest reading of each device that has one; the index knows them."""
        return self._index.last(devices)

    def edges(
        self, counters: Sequence[Counter], start: datetime, end: datetime
    ) -> Mapping[Counter, Sequence[EdgeRow]]:
        """Return each counter's edges of the slots in [start, end) and the nearest around them."""
        return self._index.edges(counters, start, end)

    def changed_slots(self, after_version: int, limit: int = 10_000) -> SlotChanges:
        """Return slots that got samples after a version."""
        return self._index.changed_slots(after_version, limit)

    def stored_seqs(self, collector: str, epoch: str, above: int) -> Iterator[int]:
        """Yield the sequence numbers stored above `above`, ascending."""
        return self._index.stored_seqs(collector, epoch, above)

    def close(self) -> None:
        """Let go of the index and the connections."""
        self._server.close()
        self._index.close()

    def _complete_index(self) -> None:
        if not self._is_complete:
            if not self._index.is_complete():
                self.rebuild_index()
            self._is_complete = True


_FIRST = datetime(1678, 1, 1, tzinfo=UTC)
_LAST = datetime(2262, 1, 1, tzinfo=UTC)
_IDENTITY_COLUMNS = '["_value", "collector", "device", "epoch"]'

_ADVICE = {
    400: "it may have stored a part, which is sent again; see its log for the field it refuses",
    401: "the token in token_file is not accepted",
    403: "the token in token_file may not write to or read this bucket",
    404: "make the bucket, or correct `bucket` and `org`",
    422: "the bucket's retention is too short: readings are kept for ever, set it to infinite",
    429: "it limits how much it takes; this is tried again",
}


class _Server:
    """The HTTP API of InfluxDB, with its failures in our words."""

    def __init__(self, settings: InfluxSettings) -> None:
        self._url, self._bucket = settings.url, settings.bucket
        self._client = InfluxDBClient(
            settings.url,
            token=_read_token(settings),
            org=settings.org,
            timeout=round(settings.timeout_s * 1000),
            retries=False,
        )
        self._write_api = self._client.write_api(write_options=SYNCHRONOUS)
        self._query_api = self._client.query_api()
        self._is_known = False

    def write(self, lines: Sequence[str]) -> None:
        """Write points; when this returns, all of them are in InfluxDB's log on disk."""
        if not lines:
            return
        with self._translated("write to"):
            self._check_it_is_influxdb()
            for position in range(0, len(lines), POINTS_A_REQUEST):
                body = "\n".join(lines[position : position + POINTS_A_REQUEST])
                # A lone surrogate in a text is no UTF-8; the message has it as an escape.
                self._write_api.write(self._bucket, record=body.encode(errors="replace"))

    def ask(self, query: str) -> Generator[AcceptedReading, None, None]:
        """Yield the readings that a query finds."""
        with self._translated("query"), closing(self._query_api.query_stream(query)) as records:
            for record in records:
                values = record.values
                yield parse_message(values["collector"], values["device"], values["_value"])

    def points(self, start: datetime, end: datetime) -> str:
        """Return the Flux that finds the messages of [start, end)."""
        return (
            f"from(bucket: {_flux_text(self._bucket)})"
            f" |> range(start: {_flux_time(start)}, stop: {_flux_time(end)})"
            f' |> filter(fn: (r) => r._measurement == "{MEASUREMENT}" and r._field == "message")'
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()  # type: ignore[no-untyped-call]  # the library leaves it untyped

    def _check_it_is_influxdb(self) -> None:
        # Any web server may say "done" to a write; only InfluxDB names its build.
        if not self._is_known and self._client.build() == "unknown":
            raise UnreachableError(
                f"{self._url} answers, but is no InfluxDB; correct `url` in [influxdb]"
            )
        self._is_known = True

    @contextmanager
    def _translated(self, verb: str) -> Iterator[None]:
        where = f"cannot {verb} InfluxDB at {self._url}, bucket {self._bucket}"
        try:
            yield
        except InfluxDBError as error:
            raise self._failed(f"{where}: {_describe(error)}") from error
        except urllib3.exceptions.HTTPError as error:
            raise self._failed(f"{where}: {type(error).__name__}; see that it runs") from error
        except (FluxQueryException, FluxCsvParserException, LookupError, ValueError) as error:
            raise self._failed(f"{where}: its answer makes no sense ({error})") from error

    def _failed(self, message: str) -> UnreachableError:
        self._is_known = False
        return UnreachableError(message)


def _describe(error: InfluxDBError) -> str:
    status = getattr(error, "status", None)
    said = " ".join(str(error.message or getattr(error, "reason", "")).split())[:300]
    advice = _ADVICE.get(status, "see its log") if isinstance(status, int) else "see its log"
    return f"status {status} ({said}); {advice}"


def _order(accepted: AcceptedReading) -> tuple[int, str, str]:
    identity = accepted.identity
    return identity.seq, identity.collector, identity.epoch


def _read_token(settings: InfluxSettings) -> str:
    try:
        token = settings.token_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "[influxdb] token_file", [f"{settings.token_file} cannot be read ({error})"]
        ) from error
    if not token or not token.isprintable():
        raise ConfigurationError(
            "[influxdb] token_file", [f"{settings.token_file} holds no token on one line"]
        )
    return token


def _flux_time(moment: datetime) -> str:
    return f"time(v: {first_millisecond(moment) * 1_000_000})"


def _flux_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "\\${")
    return f'"{escaped}"'
