"""The poll loop that one would write first: one pymodbus request a poll, published with paho.

A process of its own. It keeps nothing: what the broker does not take is gone.
"""

import json
import struct
import sys
import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from pymodbus.client import ModbusTcpClient

from tests.bench.fleet import WORDS

QUANTITIES = (
    *(("ac_power" + phase, 1) for phase in ("", "_l1", "_l2", "_l3")),
    *((f"ac_voltage_l{phase}", 10) for phase in (1, 2, 3)),
    *((f"ac_current_l{phase}", 100) for phase in (1, 2, 3)),
    ("frequency", 100),
    ("power_factor", 1000),
    ("reactive_power", 1),
    ("dc_voltage_1", 10),
    ("dc_voltage_2", 10),
    ("dc_current_1", 100),
    ("dc_current_2", 100),
    ("temperature", 10),
    ("energy_total", 1),
    ("status", 1),
)


def main(mqtt_port: int, poll_s: float, ports: list[int]) -> None:
    """Poll for ever."""
    mqtt = paho.Client(CallbackAPIVersion.VERSION2)
    mqtt.connect("127.0.0.1", mqtt_port)
    mqtt.loop_start()
    clients = [ModbusTcpClient("127.0.0.1", port=port) for port in ports]
    for client in clients:
        client.connect()
    while True:
        for number, client in enumerate(clients):
            answer = client.read_holding_registers(0, count=WORDS, device_id=1)
            raw = struct.pack(f">{WORDS}H", *answer.registers)
            numbers = struct.unpack(">4i3H3hHhi2H2hhIH", raw)
            values = {
                name: number / scale
                for (name, scale), number in zip(QUANTITIES, numbers, strict=True)
            }
            mqtt.publish(f"naive/{number}", json.dumps({"at": time.time(), "q": values}), qos=1)
        time.sleep(poll_s - time.time() % poll_s)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), [int(port) for port in sys.argv[3:]])
