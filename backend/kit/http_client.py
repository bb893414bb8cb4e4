"""HTTP/1.1 from one of our processes to another: a request, its answer, and the connection is kept for the next.

A general client takes 2 to 3 ms of processor for a call, as much as answering it takes; this one a tenth of that.
Redirects, cookies, proxies and compression are left out: our own servers use none of them.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlencode, urlsplit
from weakref import WeakKeyDictionary

import httptools

IDLE_SECONDS = 3.0  # our servers close an idle connection after five: one that may be closing is not used again
IDLE_KEPT = 64
_BREAKS_A_HEADER = re.compile(r"[^\x20-\x7e]")


class NoAnswer(Exception):
    """Nobody listens there, the connection broke, or what came back is no HTTP."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class HttpClient:
    """To one address. Connections belong to the event loop that opened them."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an HTTP address: {base_url!r}")
        self._host, self._tls = parts.hostname, ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._netloc, self._prefix = parts.netloc, parts.path.rstrip("/")
        self._idle: WeakKeyDictionary[asyncio.AbstractEventLoop, list[_Connection]] = WeakKeyDictionary()

    async def request(
        self, method: str, path: str, *, params: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None, body: bytes | None = None,
    ) -> Answer:  # fmt: skip
        """Raises NoAnswer. It waits as long as it takes: a timeout is the caller's."""
        head = self._head(method, path, params, headers or {}, body)
        connection = self._take_idle() or await self._connect()
        try:
            answer = await connection.ask(head + (body or b""))
        except BaseException:  # also a caller who stopped waiting: what still comes is the answer to nobody's question
            connection.abort()
            raise
        self._keep(connection)
        return answer

    def close(self) -> None:
        """The kept connections of this event loop."""
        for connection in self._idle.pop(asyncio.get_running_loop(), []):
            connection.abort()

    def _head(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> bytes:
        target = self._prefix + quote(path) + (f"?{urlencode(params, doseq=True)}" if params else "")
        lines = [f"{method} {target} HTTP/1.1", f"host: {self._netloc}"]
        for name, value in headers.items():
            if _BREAKS_A_HEADER.search(value):
                raise ValueError(f"the header {name} has a character that no header may have")
            lines.append(f"{name}: {value}")
        if body is not None:
            lines.append(f"content-type: application/json\r\ncontent-length: {len(body)}")
        elif method != "GET":
            lines.append("content-length: 0")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(_Connection, self._host, self._port, ssl=self._tls)
        except OSError as error:
            raise NoAnswer(str(error)) from error
        return connection

    def _take_idle(self) -> _Connection | None:
        """The one used last, so that what is not needed grows old."""
        loop = asyncio.get_running_loop()
        kept = self._idle.get(loop, [])
        while kept:
            connection = kept.pop()
            if connection.usable and loop.time() - connection.since < IDLE_SECONDS:
                return connection
            connection.abort()
        return None

    def _keep(self, connection: _Connection) -> None:
        loop = asyncio.get_running_loop()
        kept = self._idle.setdefault(loop, [])
        if connection.usable and len(kept) < IDLE_KEPT:
            connection.since = loop.time()
            kept.append(connection)
        else:
            connection.abort()


class _Connection(asyncio.Protocol):
    """One question at a time; httptools calls the `on_…` methods while it reads."""

    def __init__(self) -> None:
        self.usable, self.since = True, 0.0
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answered: asyncio.Future[Answer] | None = None
        self._body: list[bytes] = []

    async def ask(self, request: bytes) -> Answer:
        if self._transport is None or self._transport.is_closing():
            raise NoAnswer("the connection is closed")
        self._parser, self._body = httptools.HttpResponseParser(self), []
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    def abort(self) -> None:
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are none by inheritance

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._answered is None or self._answered.done():
            self.abort()  # nobody asked
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"no HTTP: {error}")
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        self._fail(str(error or "closed before it answered"))

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        assert self._parser is not None and self._answered is not None
        self.usable = self.usable and self._parser.should_keep_alive()
        if not self._answered.done():
            self._answered.set_result(Answer(self._parser.get_status_code(), b"".join(self._body)))

    def _fail(self, why: str) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(NoAnswer(why))
