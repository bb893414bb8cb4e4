"""Runs the real application with uvicorn, as a process of its own, and talks to it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[3]
Json = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One process of the product on a database that others may share; killed, not asked, by `kill()`."""

    def __init__(self, var_dir: Path, database_url: str, rasa_port: int, turn_timeout: float = 2.0) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = os.environ | {
            "OPSTALK_VAR_DIR": str(var_dir),
            "OPSTALK_DATABASE_URL": database_url,
            "OPSTALK_RASA_PORT": str(rasa_port),
            "OPSTALK_TURN_TIMEOUT_SECONDS": str(turn_timeout),
            "OPSTALK_PORT": str(self.port),
        }
        self._log = (var_dir / f"server-{self.port}.log").open("wb")
        command = [sys.executable, "-m", "uvicorn", "--factory", "backend.app:create_app", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--log-level", "warning", "--timeout-graceful-shutdown", "1"],
            cwd=ROOT, env=environment, stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self._wait_until_up(Path(self._log.name))

    def _wait_until_up(self, log: Path) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                httpx.get(f"{self.url}/health", timeout=1)
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(log.read_text(encoding="utf-8"))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(10)
        self._log.close()

    def client(self, token: str, timeout: float = 20) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {token}"}, timeout=timeout)


class Events:
    """The events of one open stream, read as they come."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def next(self) -> Json:
        """The next event as {event, id, data}; heartbeats are passed over."""
        found: Json = {}
        for line in self._lines:
            if not line and "event" in found:
                return found
            name, _, value = line.partition(": ")
            if name in ("event", "id"):
                found[name] = value
            elif name == "data":
                found["data"] = json.loads(value)
        raise AssertionError("the stream ended")

    def until(self, event: str) -> Json:
        while (found := self.next())["event"] != event:
            pass
        return found


@contextmanager
def listening(client: httpx.Client, path: str = "/chat/events", **headers: str) -> Iterator[Events]:
    with client.stream("GET", path, headers=headers) as response:
        assert response.status_code == 200, response.read()
        yield Events(response.iter_lines())
