"""The other half that one would write first: a durable subscription, the client's own batcher.

Run as a process: port of the broker and address of the server.
"""

import json
import sys

import paho.mqtt.client as paho
from influxdb_client import InfluxDBClient, Point
from influxdb_client.client.write_api import WriteOptions
from paho.mqtt.enums import CallbackAPIVersion


def main(broker: int, url: str) -> None:
    """Write each message as a point."""
    influx = InfluxDBClient(url, token="user:password", org="naive")  # noqa: S106  a server of a test
    options = WriteOptions(batch_size=500, flush_interval=1_000, retry_interval=500, max_retries=2)
    writer = influx.write_api(write_options=options)

    def on_connect(client: paho.Client, *_: object) -> None:
        client.subscribe("naive/#", qos=1)

    def on_message(_client: object, _data: object, message: paho.MQTTMessage) -> None:
        device = message.topic.partition("/")[2]
        wh = json.loads(message.payload)["wh"]
        writer.write("b", "naive", Point("reading").tag("device", device).field("wh", wh))

    mqtt = paho.Client(CallbackAPIVersion.VERSION2, client_id="naive-ingest", clean_session=False)
    mqtt.on_connect, mqtt.on_message = on_connect, on_message
    mqtt.connect("127.0.0.1", broker)
    mqtt.loop_forever(retry_first_connection=True)


main(int(sys.argv[1]), sys.argv[2])
