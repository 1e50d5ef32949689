"""A backlog from the outbox through a real broker into the store and back to the watermark.

The baselines are what one would write first: paho publishes, a subscriber hands each message to
influxdb-client. Written one by one, it waits for the server each time; written by the client's own
batcher, it is fast, and whatever fails is gone. Nothing fails in this run.
"""

import json
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import paho.mqtt.client as paho
from influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS, WriteOptions
from paho.mqtt.enums import CallbackAPIVersion

from collector.reading import Reading
from collector.sending.outbox import Outbox
from tests.bench.figure import Figure
from tests.collector.stores.influxd import Influxd, running_influxd
from tests.faults.processes import free_port, minga, mosquitto, wait_until

READINGS = 60_000
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def measure() -> list[Figure]:
    """Return readings a second, ours and the naive pipeline's."""
    with tempfile.TemporaryDirectory() as folder:
        one_by_one = _naive_rate(Path(folder) / "one", SYNCHRONOUS, 300)
        batched = _naive_rate(Path(folder) / "batched", WriteOptions(batch_size=1000), 20_000)
        ours = _our_rate(Path(folder))
    name = "backlog: accepted to stored and acknowledged"
    return [
        Figure(name, ours, "readings/s", one_by_one, "at least 5,000"),
        Figure(f"{name}, beside the client's batcher", ours, "readings/s", batched),
    ]


def _our_rate(folder: Path) -> float:
    port = free_port()
    broker = mosquitto(folder, port)
    config = folder / "minga.toml"
    config.write_text(
        f'[collector]\nid = "bench"\nstate = "c"\n[mqtt]\nport = {port}\n'
        '[ingest]\nstate = "i"\n[sqlite]\npath = "readings.sqlite"\n'
    )
    outbox = Outbox(folder / "c" / "outbox.sqlite")
    for begin in range(0, READINGS, 1000):
        outbox.accept([_reading(number) for number in range(begin, begin + 1000)])
    services = [
        minga(name, folder, "--config", str(config), name) for name in ("ingest", "collect")
    ]
    for program in (broker, *services):
        program.start()
    try:
        return _drain_rate(outbox)
    finally:
        for program in (*services, broker):
            program.stop()
        outbox.close()


def _drain_rate(outbox: Outbox) -> float:
    """Time the store's watermark from the first thing it confirms to the last."""
    wait_until(lambda: outbox.pruned_seq > 0, "the first watermark", 60)
    begun_s, first = time.perf_counter(), outbox.pruned_seq
    wait_until(lambda: outbox.pruned_seq == READINGS, "the last watermark", 300)
    return (READINGS - first) / (time.perf_counter() - begun_s)


def _reading(number: int) -> Reading:
    return Reading(
        device=f"home-{number % 20:02}",
        taken_at=START + timedelta(milliseconds=500 * number),
        quantities={
            "ac_power": number % 3000,
            "import_energy_total": 1_000_000 + number,
            "ac_voltage_l1": Decimal("230.1"),
            "frequency": Decimal("60.01"),
        },
        bad={},
        boot="bench",
        mono_ms=500 * number,
    )


def _naive_rate(folder: Path, options: WriteOptions, count: int) -> float:
    port = free_port()
    (folder / "influx").mkdir(parents=True)
    broker = mosquitto(folder, port)
    with (folder / "mosquitto.conf").open("a") as more:
        more.write("max_queued_messages 0\n")
    broker.start()
    try:
        with running_influxd(folder / "influx") as server:
            return _naive_pipeline(port, server, options, count)
    finally:
        broker.stop()


def _naive_pipeline(port: int, server: Influxd, options: WriteOptions, count: int) -> float:
    done, seen = threading.Event(), []
    bucket = server.create_database("naive")
    with InfluxDBClient(server.url, token=server.token, org="minga") as influx:
        writer = influx.write_api(write_options=options)

        def on_message(_client: object, _data: object, message: paho.MQTTMessage) -> None:
            writer.write(bucket, "minga", _point(json.loads(message.payload)))
            seen.append(message.mid)
            if len(seen) == count:
                done.set()

        subscriber, publisher = _client(port), _client(port)
        subscriber.on_message = on_message
        listening = threading.Event()
        subscriber.on_subscribe = lambda *_: listening.set()
        subscriber.subscribe("naive/#", qos=1)
        listening.wait(20)
        begun_s = time.perf_counter()
        for number in range(count):
            publisher.publish("naive/reading", json.dumps(_naive_reading(number)), qos=1)
        done.wait(120)
        writer.close()
        seconds = time.perf_counter() - begun_s
        for client in (subscriber, publisher):
            client.disconnect()
            client.loop_stop()
    return len(seen) / seconds


def _client(port: int) -> paho.Client:
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.max_queued_messages_set(0)
    wait_until(lambda: _connects(client, port), "the broker answers", 20)
    client.loop_start()
    wait_until(client.is_connected, "the broker takes us", 20)
    return client


def _connects(client: paho.Client, port: int) -> bool:
    try:
        client.connect("127.0.0.1", port)
    except OSError:
        return False
    return True


def _naive_reading(number: int) -> dict[str, object]:
    reading = _reading(number)
    return {
        "device": reading.device,
        "time_ns": int(reading.taken_at.timestamp() * 1e9),
        "fields": {name: float(value) for name, value in reading.quantities.items()},
    }


def _point(reading: dict[str, object]) -> dict[str, object]:
    return {
        "measurement": "reading",
        "tags": {"device": reading["device"]},
        "fields": reading["fields"],
        "time": reading["time_ns"],
    }
