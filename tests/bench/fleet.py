"""Simulated inverters for the benches: each a Modbus TCP server of its own with twenty quantities.

A process of its own: what it costs is nobody's. Everything moves as it does on a roof under thin
clouds, so that nothing compresses better than life does.
"""

import asyncio
import math
import struct
import sys
from collections.abc import Sequence
from random import Random

from collector.clock import Clock, clock_from_environment

WORDS = 26
_LAYOUT = struct.Struct(">4i3H3hHhi2H2hhIH")
_HEAD = struct.Struct(">HHHBBHH")
_LONG_S, _SHORT_S = 1_800, 97


def words_at(number: int, at_s: float) -> bytes:
    """Return the words that an inverter shows, noisy but for its counter."""
    noise = Random(f"{number} {int(at_s)}")  # noqa: S311  a model, not a secret
    power_w = _power_w(number, at_s) + noise.gauss(0, 12)
    phases_v = [230 + number % 3 + noise.gauss(0, 0.6) for _ in range(3)]
    phases_w = [power_w / 3 + noise.gauss(0, 4) for _ in range(3)]
    strings_v = [380 + 10 * place + noise.gauss(0, 1.5) for place in range(2)]
    return _LAYOUT.pack(
        round(sum(phases_w)),
        *(round(one_w) for one_w in phases_w),
        *(round(10 * one_v) for one_v in phases_v),
        *(round(100 * w / v) for w, v in zip(phases_w, phases_v, strict=True)),
        round(6_000 + noise.gauss(0, 1.5)),
        round(990 + noise.gauss(0, 2)),
        round(power_w / 9 + noise.gauss(0, 5)),
        *(round(10 * one_v) for one_v in strings_v),
        *(round(100 * power_w * 0.51 / one_v) for one_v in strings_v),
        round(350 + power_w / 60 + noise.gauss(0, 0.4)),
        _energy_wh(number, at_s),
        2,
    )


def _power_w(number: int, at_s: float) -> float:
    long, short = at_s / _LONG_S + number, at_s / _SHORT_S + number
    return 2_500 + 900 * math.sin(long) + 250 * math.sin(short)


def _energy_wh(number: int, at_s: float) -> int:
    """Return the power without its noise, summed up since 2026."""
    gone_s = at_s - 1_767_225_600
    long, short = at_s / _LONG_S + number, at_s / _SHORT_S + number
    swings_ws = -900 * _LONG_S * math.cos(long) - 250 * _SHORT_S * math.cos(short)
    return 5_000_000 + int((2_500 * gone_s + swings_ws) / 3_600)


class _Inverter(asyncio.Protocol):
    """Answer reads of holding registers from zero on, and nothing else."""

    def __init__(self, number: int, clock: Clock) -> None:
        self._number, self._clock = number, clock

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        transaction, _, _, unit, code, address, count = _HEAD.unpack(data[: _HEAD.size])
        words = words_at(self._number, self._clock.now().timestamp())
        words = words[2 * address : 2 * (address + count)]
        head = struct.pack(">HHHBBB", transaction, 0, 3 + len(words), unit, code, len(words))
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(head + words)


async def _serve(ports: Sequence[int]) -> None:
    loop, clock = asyncio.get_running_loop(), clock_from_environment()
    servers = [
        await loop.create_server(lambda number=number: _Inverter(number, clock), "127.0.0.1", port)
        for number, port in enumerate(ports)
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(_serve([int(port) for port in sys.argv[1:]]))
