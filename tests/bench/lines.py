"""Many clients in one thread: just enough HTTP to ask for pages and to listen to a stream."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple

LIMIT = 1 << 20


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One connection that is kept as long as the server keeps it."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        self._cookie = cookie
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, tag: str = "") -> Reply:
        """Ask for something, and wait for all of it."""
        if self._writer is None or self._reader is None or self._reader.at_eof():
            await self._open()
        status, headers = await self._ask(path, tag)
        body = await self._read(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        return Reply(status, headers, body)

    async def listen(self, path: str) -> AsyncIterator[str]:
        """Yield the events of a stream."""
        await self._open()
        await self._ask(path, "")
        reader = self._held()
        while told := await reader.readline():
            if told.startswith(b"event:"):
                yield told.decode()

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _open(self) -> None:
        self.close()
        opened = await asyncio.open_connection("127.0.0.1", self._port, limit=LIMIT)
        self._reader, self._writer = opened

    async def _ask(self, path: str, tag: str) -> tuple[int, dict[str, str]]:
        lines = [
            f"GET {path} HTTP/1.1",
            "Host: localhost",
            "Accept-Encoding: gzip",
            f"Cookie: {self._cookie}",
            *([f"If-None-Match: {tag}"] if tag else []),
        ]
        assert self._writer is not None
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        first, *told = (await self._held().readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        return int(first.split()[1]), _headers(told)

    async def _read(self, count: int) -> bytes:
        return await self._held().readexactly(count)

    def _held(self) -> asyncio.StreamReader:
        assert self._reader is not None
        return self._reader


def _headers(lines: Iterable[str]) -> dict[str, str]:
    pairs = (line.partition(": ") for line in lines)
    return {name.lower(): value for name, _, value in pairs}
