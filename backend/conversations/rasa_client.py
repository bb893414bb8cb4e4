"""Asks the private assistant for one turn, over the hub channel of `bot/channels`."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.kit.http_client import Answer, HttpClient, NoAnswer
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
        self._http, self._headers = HttpClient(url), {SECRET_HEADER: secret}

    @classmethod
    def from_settings(cls) -> "RasaClient":
        settings = get_settings()
        return cls(settings.rasa_url, settings.channel_secret(), settings.turn_timeout_seconds)

    async def ask(self, conversation_id: str, message_id: str, text: str, metadata: dict[str, Any]) -> RasaAnswer:
        """Raises RasaFailed."""
        turn = {"conversation_id": conversation_id, "message_id": message_id, "text": text, "metadata": metadata}
        body = json.dumps(turn, ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(self.timeout_seconds):  # over the whole turn
                answer = await self._http.request("POST", "/webhooks/hub/turn", headers=self._headers, body=body)
        except TimeoutError as error:
            raise RasaFailed("rasa_slow") from error
        except NoAnswer as error:
            raise RasaFailed("rasa_down") from error
        return _read(answer)

    async def alive(self) -> bool:
        """Whether the assistant's server answers with its model loaded."""
        try:
            async with asyncio.timeout(1.0):
                answer = await self._http.request("GET", "/webhooks/hub/health", headers=self._headers)
                return answer.status == 200
        except (TimeoutError, NoAnswer):
            return False

    async def close(self) -> None:
        self._http.close()


def _read(answer: Answer) -> RasaAnswer:
    try:
        body = json.loads(answer.body)
    except ValueError as error:
        raise RasaFailed("rasa_down") from error
    if not isinstance(body, dict):
        raise RasaFailed("rasa_down")
    said = body.get("messages")
    messages = [m for m in said if isinstance(m, dict)] if isinstance(said, list) else []
    if body.get("error") == "action_failed":
        raise RasaFailed("action_failed", messages)
    if answer.status != 200 or not isinstance(said, list):
        raise RasaFailed("rasa_down")
    confidence = body.get("confidence")
    return RasaAnswer(messages, body.get("intent"), None if confidence is None else float(confidence))
