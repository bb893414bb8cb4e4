"""The whole product as one thing to start and stop: action server, Rasa, worker, backend.

`make up` uses it on the configured ports; conversation and browser tests on free ones with a folder of their own:

    with Stack(var_dir=tmp_path, ports=free_ports()) as stack:
        stack.wait_until_answering()
        httpx.get(stack.url + "/demo/oneuldam")
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from backend.cli.ports import Ports
from backend.cli.processes import Child, ChildDied, stop_all
from backend.cli.train import BOT_PYTHON, MODELS
from backend.seed.market_goods import GOODS_FILE
from backend.settings import Settings

PARTS = ("actions", "rasa", "worker", "backend")
WITH_MARKETS = ("markets", *PARTS)  # and the market sandbox, which sends the demo shops orders
QUIET = {
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "PYTHONWARNINGS": "ignore",
}
PRIVATE = ("OPSTALK_SECRET_KEY", "OPSTALK_DATABASE_URL")  # for the backend and its worker only
START_WITHIN = 120.0  # seconds until every process answers HTTP
ANSWER_WITHIN = 40.0  # seconds from there to the first answered message


class NotAnswering(Exception):
    """Every process runs, yet no message was answered in time."""


class Stack:
    """`parts` leaves processes out (a test of the backend alone needs no Rasa); `env` adds settings for all."""

    def __init__(
        self,
        var_dir: Path,
        ports: Ports,
        *,
        parts: Sequence[str] = PARTS,
        env: dict[str, str] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.var_dir, self.ports, self._parts, self._say = var_dir, ports, parts, say
        self._extra = env or {}
        self.children: list[Child] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports.backend}"

    @property
    def markets_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.markets}"

    def env(self) -> dict[str, str]:
        """What every process of this stack is told; the two secrets themselves are kept in `var_dir`."""
        markets = {"OPSTALK_MARKETS_URL": self.markets_url} if "markets" in self._parts else {}
        return {
            **os.environ,
            **QUIET,
            **markets,
            "OPSTALK_VAR_DIR": str(self.var_dir),
            "OPSTALK_PORT": str(self.ports.backend),
            "OPSTALK_RASA_PORT": str(self.ports.rasa),
            "OPSTALK_ACTIONS_PORT": str(self.ports.actions),
            "OPSTALK_BACKEND_URL": self.url,
            "OPSTALK_RASA_SECRET": Settings(var_dir=self.var_dir).channel_secret(),
            "ACTIONS_PORT": str(self.ports.actions),
            **self._extra,
        }

    def commands(self) -> dict[str, list[str]]:
        python, bot, ports = sys.executable, str(BOT_PYTHON), self.ports
        return {
            "actions": [python, "-m", "actions.serve", "--port", str(ports.actions)],
            "rasa": [
                bot, "-m", "bot.serve", "--port", str(ports.rasa), "--actions-port", str(ports.actions), "--model", str(MODELS),
            ],
            "markets": [
                python, "-m", "backend.markets.sandbox", "--port", str(ports.markets), "--db", str(self.var_dir / "markets.db"),
                "--goods", str(self.var_dir / GOODS_FILE),
            ],
            "worker": [python, "-m", "backend.operations.worker"],
            "backend": [
                python, "-m", "uvicorn", "backend.app:create_app", "--factory", "--host", "127.0.0.1",
                "--port", str(ports.backend), "--log-level", "warning", "--timeout-graceful-shutdown", "3",
            ],
        }  # fmt: skip

    def start(self) -> None:
        commands, env = self.commands(), self.env()
        open_env = {name: value for name, value in env.items() if name not in PRIVATE}
        for part in self._parts:
            own = env if part in ("worker", "backend") else open_env
            self.children.append(Child(part, commands[part], own, self.var_dir / "log" / f"{part}.log"))

    def check(self) -> None:
        """Raises ChildDied when one of the processes has ended."""
        for child in self.children:
            child.check()

    def wait_until_serving(self, within: float = START_WITHIN) -> None:
        """Every HTTP process answers; raises ChildDied or NotAnswering."""
        waiting = {
            "markets": f"{self.markets_url}/_sandbox/health",
            "actions": f"http://127.0.0.1:{self.ports.actions}/health",
            "rasa": f"http://127.0.0.1:{self.ports.rasa}/",
            "backend": f"{self.url}/health",
        }
        waiting = {part: url for part, url in waiting.items() if part in self._parts}
        deadline = time.monotonic() + within
        while waiting:
            self.check()
            for part in [part for part, url in waiting.items() if _responds(url)]:
                del waiting[part]
                self._say(f"{part} is up")
            if waiting and time.monotonic() > deadline:
                raise NotAnswering(f"{', '.join(waiting)}: no answer within {within:.0f} s; see {self.var_dir / 'log'}")
            time.sleep(0.2)

    def wait_until_answering(self, within: float = ANSWER_WITHIN) -> None:
        """A real message through the hub gets a real answer; raises ChildDied or NotAnswering."""
        from backend.cli.greeting import greet  # loaded while Rasa starts

        self.wait_until_serving()
        deadline = time.monotonic() + within
        while missing := greet(self.url, self.var_dir):
            self.check()
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {child.name}\n{child.tail(8)}" for child in self.children)
                raise NotAnswering(f"Everything runs, but a greeting gets no answer: {missing}\n{logs}")
            time.sleep(1)

    def stop(self) -> None:
        """End every process by its id, all at once; calling it twice is fine."""
        children, self.children = self.children, []
        stop_all(children)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _responds(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code < 500
    except httpx.HTTPError:
        return False


__all__ = ["ChildDied", "NotAnswering", "Ports", "Stack"]
