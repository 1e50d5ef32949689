"""A Modbus gateway with a known truth: each unit's counter rises by its number at every read.

What it served is noted before it answers, so that nothing can be stored that was never measured. It
can be late, answer with transaction id 0, take one client only, or be off.
"""

import asyncio
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread

FIRST_WH = 10_000_000
"""Times its number: no unit ever shows a value of another one."""
COUNTER_AT, SERIAL_AT, EXPORT_AT = 0, 10, 100
EXPORT_WH, EXPORT_W = 2_000_000_000, 1_000
"""Begin the second block, which has the shape of the first: no value of one fits into the other."""


@dataclass
class Manners:
    """How the gateway behaves; changed by a test while it runs."""

    late_every: int = 0
    late_s: float = 0.0
    each_s: float = 0.0
    """How long it takes for any answer, as a serial line behind it does."""
    has_zero_ids: bool = False
    takes_one_client: bool = False
    answers_as: Mapping[int, int] = field(default_factory=dict)
    """Which unit answers under the number of another, as behind gateways after a restart."""
    spoils: Sequence[Callable[[bytes], bytes]] = ()
    """What becomes of every third answer, in turn; empty bytes are no answer at all."""
    fakes: Sequence[Callable[[int], list[int]]] = ()
    """In turn, at every third read of a unit: what stands in counter and power for a true value."""


@dataclass
class KnownGateway:
    """Units 1 to `units` behind one port; runs on a thread of its own."""

    units: int
    manners: Manners = field(default_factory=Manners)
    port: int = 0
    served: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By unit: every value of its counter that was ever answered, in order."""
    exported: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The same of the counter in its second block."""
    codes: Counter[int] = field(default_factory=Counter)
    connections: int = 0
    faked: int = 0
    """How many answers were spoilt or held a made-up value."""
    _loop: asyncio.AbstractEventLoop | None = None
    _server: asyncio.Server | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _requests: int = 0

    def start(self) -> None:
        """Listen on a free port."""
        ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._run(ready)))
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Close everything."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def switch_off(self) -> None:
        """Close the listener and every connection, as an inverter does at dusk."""
        self._call(self._close())

    def switch_on(self) -> None:
        """Listen again on the same port."""
        self._call(self._listen())

    async def _run(self, ready: Event) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        await self._listen()
        ready.set()
        await self._ended.wait()
        await self._close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        await asyncio.sleep(0)

    def _call(self, work: "asyncio.coroutines.Coroutine[object, object, None]") -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.manners.takes_one_client:
            for other in self._writers:
                other.transport.abort()
            self._writers.clear()
        self._writers.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                await self._answer(await reader.readexactly(12), writer)

    async def _answer(self, raw: bytes, writer: asyncio.StreamWriter) -> None:
        transaction, _, _, unit, code, address, count = struct.unpack(">HHHBBHH", raw)
        self.codes[code] += 1
        self._requests += 1
        words = self._words(unit, address, count)
        body = struct.pack(">BBB", unit, code, 2 * count) + struct.pack(f">{count}H", *words)
        shown = 0 if self.manners.has_zero_ids else transaction
        answer = struct.pack(">HHH", shown, 0, len(body)) + body
        late = self.manners.late_every
        if late and self._requests % late == 0:
            # It works on: the next request is answered after this one's late answer.
            await asyncio.sleep(self.manners.late_s)
        if self.manners.each_s:
            await asyncio.sleep(self.manners.each_s)
        writer.write(self._spoilt(answer))
        await writer.drain()

    def _spoilt(self, answer: bytes) -> bytes:
        spoils = self.manners.spoils
        if not spoils or self._requests % 3:
            return answer
        self.faked += 1
        return spoils[self.faked % len(spoils)](answer)

    def _words(self, unit: int, address: int, count: int) -> list[int]:
        unit = self.manners.answers_as.get(unit, unit)
        serial = f"K{unit:03}".encode().ljust(8, b"\0")
        image = dict(enumerate(struct.unpack(">4H", serial), start=SERIAL_AT))
        image |= {COUNTER_AT + 2: unit, EXPORT_AT + 2: EXPORT_W + unit}
        if address <= COUNTER_AT < address + count:
            value = unit * (FIRST_WH + len(self.served[unit]) + 1)
            shown = [value >> 16, value & 0xFFFF, unit]
            if self.manners.fakes and self._requests % 3 == 0:
                self.faked += 1
                shown = self.manners.fakes[self.faked % len(self.manners.fakes)](value)
            else:
                self.served[unit].append(value)
            image |= dict(enumerate(shown, start=COUNTER_AT))
        if address <= EXPORT_AT < address + count:
            value = EXPORT_WH + unit * (len(self.exported[unit]) + 1)
            self.exported[unit].append(value)
            image |= {EXPORT_AT: value >> 16, EXPORT_AT + 1: value & 0xFFFF}
        return [image.get(word, 0) for word in range(address, address + count)]
