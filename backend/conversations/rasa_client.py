"""Asks the private assistant for one turn, over the hub channel of `bot/channels`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from backend.settings import get_settings

SECRET_HEADER = "X-Opstalk-Secret"


@dataclass(frozen=True)
class RasaAnswer:
    messages: Sequence[dict[str, Any]]
    intent: str | None = None
    confidence: float | None = None


class RasaFailed(Exception):
    """`code`: rasa_down (refused, broken), rasa_slow (no answer in time) or action_failed (an action raised).

    `messages` is what was said before an action failed: it may tell of something that was done.
    """

    def __init__(self, code: str, messages: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages


class RasaClient:
    def __init__(self, url: str, secret: str, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self._url, self._secret = url, secret
        # a connection pool belongs to the event loop it was made on
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()

    @classmethod
    def from_settings(cls) -> "RasaClient":
        settings = get_settings()
        return cls(settings.rasa_url, settings.channel_secret(), settings.turn_timeout_seconds)

    def _pool(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if loop not in self._pools:
            limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
            # the timeout is ours and over the whole turn; a proxy of the environment is not for loopback
            self._pools[loop] = httpx.AsyncClient(base_url=self._url, timeout=None, limits=limits, trust_env=False)
        return self._pools[loop]

    async def ask(self, conversation_id: str, message_id: str, text: str, metadata: dict[str, Any]) -> RasaAnswer:
        """Raises RasaFailed."""
        body = {"conversation_id": conversation_id, "message_id": message_id, "text": text, "metadata": metadata}
        try:
            async with asyncio.timeout(self.timeout_seconds):
                response = await self._pool().post(
                    "/webhooks/hub/turn", json=body, headers={SECRET_HEADER: self._secret}
                )
        except TimeoutError as error:
            raise RasaFailed("rasa_slow") from error
        except httpx.HTTPError as error:
            raise RasaFailed("rasa_down") from error
        return _read(response)

    async def alive(self) -> bool:
        """Whether the assistant's server answers with its model loaded."""
        try:
            async with asyncio.timeout(1.0):
                answer = await self._pool().get("/webhooks/hub/health", headers={SECRET_HEADER: self._secret})
                return answer.status_code == 200
        except (TimeoutError, httpx.HTTPError):
            return False

    async def close(self) -> None:
        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.aclose()


def _read(response: httpx.Response) -> RasaAnswer:
    try:
        body = response.json()
    except ValueError as error:
        raise RasaFailed("rasa_down") from error
    if not isinstance(body, dict):
        raise RasaFailed("rasa_down")
    said = body.get("messages")
    messages = [m for m in said if isinstance(m, dict)] if isinstance(said, list) else []
    if body.get("error") == "action_failed":
        raise RasaFailed("action_failed", messages)
    if response.status_code != 200 or not isinstance(said, list):
        raise RasaFailed("rasa_down")
    confidence = body.get("confidence")
    return RasaAnswer(messages, body.get("intent"), None if confidence is None else float(confidence))
