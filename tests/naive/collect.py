"""The collector that one would write first: pymodbus with its defaults, paho with its defaults.

Run as a process: port of the gateway, units, seconds between polls, port of the broker, seconds to
wait for an answer, and a file in which it notes what it measured.
"""

import asyncio
import json
import sys
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException


async def main(
    gateway: int, units: int, poll_s: float, broker: int, wait: tuple[float, Path]
) -> None:
    """Poll for ever."""
    timeout_s, noted = wait
    mqtt = paho.Client(CallbackAPIVersion.VERSION2, client_id="naive-collector")
    mqtt.connect_async("127.0.0.1", broker)
    mqtt.loop_start()
    client = AsyncModbusTcpClient("127.0.0.1", port=gateway, timeout=timeout_s)
    await client.connect()
    with noted.open("a", encoding="utf-8") as notes:
        while True:
            for unit in range(1, units + 1):
                try:
                    answer = await client.read_holding_registers(0, count=2, device_id=unit)
                    await client.read_holding_registers(10, count=2, device_id=unit)
                except ModbusException:
                    if not client.connected:
                        await client.connect()
                    continue
                if answer.isError():
                    continue
                wh = answer.registers[0] << 16 | answer.registers[1]
                notes.write(f"k{unit} {wh}\n")
                notes.flush()
                mqtt.publish(f"naive/k{unit}", json.dumps({"wh": wh}), qos=1)
            await asyncio.sleep(poll_s)


arguments = sys.argv[1:]
asyncio.run(
    main(
        int(arguments[0]),
        int(arguments[1]),
        float(arguments[2]),
        int(arguments[3]),
        (float(arguments[4]), Path(arguments[5])),
    )
)
