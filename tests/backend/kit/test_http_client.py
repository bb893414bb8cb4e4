"""Our own HTTP client against real servers on loopback, on both event loops the product runs on."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import uvloop

from backend.kit.http_client import HttpClient, NoAnswer

RUNNERS: list[Callable[[Any], Any]] = [asyncio.run, uvloop.run]


class Server:
    """Tells what it was asked; `/slow` takes half a second, `/last` closes afterwards, `/parts` sends chunks."""

    def __init__(self) -> None:
        server = self
        self.connections = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                server.connections += 1
                super().setup()

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                told = {
                    "path": self.path, "method": self.command, "token": self.headers.get("authorization"),
                    "body": self.rfile.read(length).decode(), "type": self.headers.get("content-type"),
                }  # fmt: skip
                if self.path == "/slow":
                    time.sleep(0.5)
                self._answer(json.dumps(told).encode())

            do_POST = do_GET

            def _answer(self, data: bytes) -> None:
                self.send_response(404 if self.path == "/missing" else 200)
                if self.path == "/last":
                    self.send_header("connection", "close")
                if self.path == "/parts":
                    self.send_header("transfer-encoding", "chunked")
                    self.end_headers()
                    for part in (data[:7], data[7:]):
                        self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
                        self.wfile.flush()
                        time.sleep(0.02)
                    self.wfile.write(b"0\r\n\r\n")
                else:
                    self.send_header("content-length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


def played(run: Callable[[Any], Any], client: HttpClient, play: Callable[[HttpClient], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        try:
            return await play(client)
        finally:
            client.close()

    return run(whole())


@pytest.mark.parametrize("run", RUNNERS)
def test_calls_one_after_the_other_share_a_connection(server: Server, run: Callable[[Any], Any]) -> None:
    async def play(client: HttpClient) -> list[Any]:
        told = [
            await client.request(
                "GET", "/a", params={"text": "쿠폰 & 상품", "limit": 3}, headers={"authorization": "t"}
            )
        ]
        told.append(await client.request("POST", "/b", body='{"text":"네"}'.encode()))
        told.append(await client.request("GET", "/parts"))
        told.append(await client.request("GET", "/missing"))
        return told

    answers = played(run, HttpClient(server.url), play)
    told = [json.loads(answer.body) for answer in answers]
    assert told[0]["path"] == "/a?text=%EC%BF%A0%ED%8F%B0+%26+%EC%83%81%ED%92%88&limit=3"
    assert told[0]["token"] == "t"
    assert (told[1]["method"], told[1]["body"], told[1]["type"]) == ("POST", '{"text":"네"}', "application/json")
    assert [answer.status for answer in answers] == [200, 200, 200, 404]
    assert server.connections == 1


@pytest.mark.parametrize("run", RUNNERS)
def test_calls_at_once_do_not_wait_for_each_other(server: Server, run: Callable[[Any], Any]) -> None:
    async def play(client: HttpClient) -> list[Any]:
        return await asyncio.gather(*(client.request("GET", "/slow") for _ in range(4)))

    began = time.monotonic()
    assert {answer.status for answer in played(run, HttpClient(server.url), play)} == {200}
    assert time.monotonic() - began < 1.5
    assert server.connections == 4


@pytest.mark.parametrize("run", RUNNERS)
def test_the_answer_of_one_who_stopped_waiting_reaches_nobody_else(server: Server, run: Callable[[Any], Any]) -> None:
    async def play(client: HttpClient) -> Any:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.request("GET", "/slow")
        await asyncio.sleep(0.6)
        return await client.request("GET", "/next")

    assert json.loads(played(run, HttpClient(server.url), play).body)["path"] == "/next"


@pytest.mark.parametrize("run", RUNNERS)
def test_a_closed_connection_is_not_used_again(server: Server, run: Callable[[Any], Any]) -> None:
    async def play(client: HttpClient) -> list[int]:
        return [(await client.request("GET", path)).status for path in ("/last", "/last", "/a")]

    assert played(run, HttpClient(server.url), play) == [200, 200, 200]
    assert server.connections == 3


@pytest.mark.parametrize("run", RUNNERS)
def test_nobody_there_and_no_http_are_told_apart_from_an_answer(run: Callable[[Any], Any]) -> None:
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        nowhere = gone.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as babbler:

        def babble() -> None:
            for said in (b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"):
                connection, _ = babbler.accept()
                with connection:
                    connection.recv(1000)
                    connection.sendall(said)

        threading.Thread(target=babble, daemon=True).start()

        async def play(client: HttpClient) -> None:
            await client.request("GET", "/")

        for port in (nowhere, *[babbler.getsockname()[1]] * 2):
            with pytest.raises(NoAnswer):
                played(run, HttpClient(f"http://127.0.0.1:{port}"), play)


def test_what_a_person_typed_can_neither_end_a_line_nor_a_path(server: Server) -> None:
    async def play(client: HttpClient) -> Any:
        with pytest.raises(ValueError):
            await client.request("GET", "/a", headers={"authorization": "t\r\nx: y"})
        return await client.request("GET", "/runs/x HTTP/1.1\r\nhost: y?a=b#c")

    answer = played(asyncio.run, HttpClient(server.url), play)
    assert json.loads(answer.body)["path"] == "/runs/x%20HTTP/1.1%0D%0Ahost%3A%20y%3Fa%3Db%23c"
