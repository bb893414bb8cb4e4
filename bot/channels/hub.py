"""The only way in: the hub posts one turn and gets every reply of it, in order.

`POST /webhooks/hub/turn` {conversation_id, message_id, text, metadata} →
`{"messages": [...], "intent": full name, "confidence": 0–1}`, and with an action that failed
`"error": "action_failed", "failed_actions": [...]` under status 502 (replies given before it are kept).
`POST /webhooks/hub/reset` {conversation_id} and `DELETE /webhooks/hub/conversations/<id>` forget the dialogue.
`GET /webhooks/hub/health` tells whether a model is loaded. Every call carries `X-Opstalk-Secret`.
"""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import Restarted
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as reply

from bot.patches import TurnRecord, current_turn

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Opstalk-Secret"
SECRET_VARIABLE = "OPSTALK_RASA_SECRET"
_LONGEST_TEXT = 4000


class TurnReplies(CollectingOutputChannel):
    """Keeps the bot's messages in order and whole (stock Rasa splits a text at blank lines)."""

    @classmethod
    def name(cls) -> str:
        return "hub"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        kept = {key: message[key] for key in _REPLY_PARTS if message.get(key)}
        if kept:
            self.messages.append(kept)


_REPLY_PARTS = ("text", "buttons", "quick_replies", "custom", "image", "attachment", "elements")


class HubChannel(InputChannel):
    """Refuses everything without the shared secret, also when none is configured."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    @classmethod
    def name(cls) -> str:
        return "hub"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> HubChannel:
        secret = os.environ.get(SECRET_VARIABLE, "")
        if not secret:
            logger.error("%s is not set: every call will be refused.", SECRET_VARIABLE)
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        hub = Blueprint("opstalk_hub", __name__)

        @hub.middleware("request")
        async def guard(request: Request) -> HTTPResponse | None:
            given = request.headers.get(SECRET_HEADER, "").encode()
            if self._secret and hmac.compare_digest(given, self._secret):
                return None
            return reply({"error": "forbidden"}, status=403)

        @hub.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            body = _body(request)
            conversation, text = body.get("conversation_id"), body.get("text")
            if not _is_name(conversation) or not isinstance(text, str) or not text.strip():
                return reply({"error": "bad_request"}, status=400)
            if not _is_ready(request):
                return reply({"error": "not_ready"}, status=503)
            return await _take_turn(request, on_new_message, body)

        @hub.post("/reset")
        async def reset(request: Request) -> HTTPResponse:
            return await _forget(request, _body(request).get("conversation_id"))

        @hub.delete("/conversations/<conversation_id:str>")
        async def delete(request: Request, conversation_id: str) -> HTTPResponse:
            return await _forget(request, conversation_id)

        @hub.get("/health")
        async def health(request: Request) -> HTTPResponse:
            if not _is_ready(request):
                return reply({"status": "loading"}, status=503)
            return reply({"status": "ok", "model": request.app.ctx.agent.processor.model_filename})

        return hub


async def _take_turn(
    request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]], body: dict[str, Any]
) -> HTTPResponse:
    replies = TurnReplies()
    record = TurnRecord()
    current_turn.set(record)
    metadata = body.get("metadata")
    message = UserMessage(
        body["text"][:_LONGEST_TEXT],
        replies,
        body["conversation_id"],
        input_channel=HubChannel.name(),
        message_id=body.get("message_id"),
        metadata=metadata if isinstance(metadata, dict) else {},
    )
    try:
        await on_new_message(message)
    except Exception:
        logger.exception("A turn failed.")
        return reply({"error": "turn_failed", "messages": replies.messages}, status=502)
    answer: dict[str, Any] = {"messages": replies.messages, **_understood(record)}
    if record.failed_actions:
        return reply({**answer, "error": "action_failed", "failed_actions": record.failed_actions}, status=502)
    return reply(answer)


def _understood(record: TurnRecord) -> dict[str, Any]:
    intent = record.understood.get("intent") or {}
    return {
        "intent": intent.get("full_retrieval_intent_name") or intent.get("name"),
        "confidence": intent.get("confidence", 0.0),
    }


async def _forget(request: Request, conversation_id: Any) -> HTTPResponse:
    """The next message starts a fresh session: slots, forms and history are gone."""
    if not _is_name(conversation_id):
        return reply({"error": "bad_request"}, status=400)
    if not _is_ready(request):
        return reply({"error": "not_ready"}, status=503)
    agent = request.app.ctx.agent
    async with agent.lock_store.lock(conversation_id):
        tracker = await agent.processor.get_tracker(conversation_id)
        if tracker.events:
            tracker.update(Restarted(), agent.processor.domain)
            await agent.tracker_store.save(tracker)
    return reply({"status": "reset"})


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.json
    except Exception:
        return {}
    return body if isinstance(body, dict) else {}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200


def _is_ready(request: Request) -> bool:
    agent = getattr(request.app.ctx, "agent", None)
    return bool(agent and agent.is_ready() and agent.processor)
