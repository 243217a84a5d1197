"""A small HTTP/1.1 client on one connection: the load generator must cost little beside what it measures."""

import asyncio
from types import TracebackType
from typing import Any

import msgspec


class Client:
    """One keep-alive connection, opened when it is first used."""

    def __init__(self, port: int, *, token: str = "") -> None:
        self.port = port
        self.speak_for(token)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def speak_for(self, token: str) -> None:
        """Ask with this token from now on; an empty one is nobody's."""
        self.head = f"host: localhost:{self.port}\r\n" + (f"authorization: Bearer {token}\r\n" if token else "")

    async def __aenter__(self) -> "Client":
        """Connect."""
        self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def send(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
    ) -> tuple[int, bytes]:
        """Send a request and give the status and the body."""
        if self._streams is None:
            await self.__aenter__()
        assert self._streams is not None
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\n{self.head}"
        if body or method != "GET":
            head += f"content-type: {kind}\r\ncontent-length: {len(body)}\r\n"
        writer.write(head.encode() + b"\r\n" + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(answer[9:12])
        at = answer.find(b"content-length:")
        length = int(answer[at + 15 : answer.index(b"\r", at)]) if at >= 0 else 0
        return status, await reader.readexactly(length) if length else b""

    async def json(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send and receive JSON."""
        status, answer = await self.send(method, path, b"" if body is None else msgspec.json.encode(body))
        return status, msgspec.json.decode(answer) if answer else None
