"""The loop that one would write first: read each quantity, publish it, store what comes back.

Run as a process of its own by the benchmark; writes its CPU seconds and polls beside the config.
"""

import json
import resource
import sys
import time
import tomllib
from pathlib import Path
from urllib.parse import urlparse

import paho.mqtt.client as paho
from influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from paho.mqtt.enums import CallbackAPIVersion
from pymodbus.client import ModbusTcpClient

CYCLES = 40
POLL_S = 0.5
REGISTERS = {
    "eastron_sdm": (4, [(0, 2), (6, 2), (12, 2), (70, 2), (72, 2), (342, 2)]),
    "chint_ddsu666": (3, [(8192, 2), (8194, 2), (8196, 2), (8206, 2), (16384, 2)]),
    "huawei_sun2000": (3, [(32064, 2), (32069, 1), (32080, 2), (32085, 1), (32106, 2)]),
    "sunspec_101_103": (3, [(40079, 1), (40083, 2), (40085, 2), (40093, 3)]),
}


def main(config: Path, url: str, token: str, bucket: str) -> None:
    """Poll every device some times and note what it cost."""
    influx = InfluxDBClient(url, token=token, org="minga")
    writer = influx.write_api(write_options=SYNCHRONOUS)
    settings = tomllib.loads(config.read_text(encoding="utf-8"))
    clients = {bus["id"]: _connect(bus["url"]) for bus in settings["bus"]}
    mqtt = paho.Client(CallbackAPIVersion.VERSION2)
    mqtt.on_message = lambda _c, _d, message: writer.write(bucket, "minga", _point(message))
    mqtt.connect("127.0.0.1", settings["mqtt"]["port"])
    mqtt.subscribe("naive/#", qos=1)
    mqtt.loop_start()
    before, polls = resource.getrusage(resource.RUSAGE_SELF), 0
    for _ in range(CYCLES):
        for device in settings["device"]:
            values = _read(clients[device["bus"]], device["unit"], device["profile"])
            mqtt.publish(f"naive/{device['id']}", json.dumps(values), qos=1)
            polls += 1
        time.sleep(POLL_S)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    mqtt.loop_stop()
    beside = config.with_name("naive.json.new")
    beside.write_text(json.dumps({"cpu_s": cpu_s, "polls": polls}))
    beside.rename(config.with_name("naive.json"))


def _point(message: paho.MQTTMessage) -> dict[str, object]:
    values = json.loads(message.payload)
    fields = {f"w{address}": float(words[0]) for address, words in values.items()}
    return {"measurement": "reading", "tags": {"device": message.topic}, "fields": fields}


def _connect(url: str) -> ModbusTcpClient:
    place = urlparse(url)
    client = ModbusTcpClient(str(place.hostname), port=place.port or 502)
    client.connect()
    return client


def _read(client: ModbusTcpClient, unit: int, profile: str) -> dict[str, list[int]]:
    code, wanted = REGISTERS[profile]
    ask = client.read_input_registers if code == 4 else client.read_holding_registers
    return {
        str(address): ask(address, count=count, device_id=unit).registers
        for address, count in wanted
    }


main(Path(sys.argv[1]), *sys.argv[2:])
