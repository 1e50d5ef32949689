"""A TCP proxy on loopback that makes a connection ill, with Toxiproxy's eight ways to do so.

latency, bandwidth, slow_close, timeout, reset_peer, slicer, limit_data, and down (nobody listens).
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

CHUNK = 16_384


@dataclass(frozen=True)
class Toxic:
    """What is wrong with the line; zero or false is healthy."""

    latency_s: float = 0.0
    bandwidth_bytes_s: int = 0
    slow_close_s: float = 0.0
    is_black_hole: bool = False
    """`timeout`: takes everything, passes nothing on."""
    resets: bool = False
    slice_bytes: int = 0
    limit_bytes: int = 0


HEALTHY = Toxic()


@dataclass
class ToxicProxy:
    """Passes bytes between whoever connects and a port of loopback."""

    target_port: int
    port: int = 0
    toxic: Toxic = HEALTHY
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def start(self) -> None:
        """Listen on a free port."""
        ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._run(ready)))
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Close everything."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def infect(self, toxic: Toxic, *, drops: bool = False) -> None:
        """Make the line ill from now on; with `drops` the open connections are reset too."""
        self.toxic = toxic
        if drops or toxic.resets:
            self._call(self._drop())

    def heal(self) -> None:
        """Make the line whole; connections that hang in a black hole are closed."""
        self.infect(HEALTHY, drops=True)

    def go_down(self) -> None:
        """Stop listening and reset every connection."""
        self._call(self._close())

    def come_up(self) -> None:
        """Listen again on the same port."""
        self._call(self._listen())

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _run(self, ready: Event) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        await self._listen()
        ready.set()
        await self._ended.wait()
        await self._close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        await self._drop()

    async def _drop(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        self._writers.clear()
        await asyncio.sleep(0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        if self.toxic.resets:
            writer.transport.abort()
            return
        try:
            there, onward = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(onward)
        await asyncio.gather(self._pass(reader, onward), self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passed = 0
        with suppress(OSError, asyncio.IncompleteReadError):
            while chunk := await reader.read(CHUNK):
                toxic = self.toxic
                if toxic.is_black_hole:
                    continue
                if toxic.limit_bytes and passed + len(chunk) > toxic.limit_bytes:
                    break
                passed += len(chunk)
                await self._write(chunk, writer, toxic)
        await asyncio.sleep(self.toxic.slow_close_s)
        writer.close()

    async def _write(self, chunk: bytes, writer: asyncio.StreamWriter, toxic: Toxic) -> None:
        await asyncio.sleep(toxic.latency_s)
        size = toxic.slice_bytes or len(chunk)
        for at in range(0, len(chunk), size):
            writer.write(chunk[at : at + size])
            await writer.drain()
            pause_s = size / toxic.bandwidth_bytes_s if toxic.bandwidth_bytes_s else 0.0
            await asyncio.sleep(pause_s)
