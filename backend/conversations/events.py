"""Server-sent events of one conversation: `message` (id = its number), `state`, `typing`; resumable, over all processes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from backend.conversations.feed import feed
from backend.conversations.messages import page
from backend.conversations.models import Conversation, ConversationState
from backend.conversations.schemas import SEQ_MAX, ConversationOut, MessageOut, message_out
from backend.conversations.wording import say
from backend.db.engine import unit_of_work
from backend.kit import clock

HEARTBEAT_SECONDS = 15.0
BATCH = 100
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


@dataclass(frozen=True)
class Snapshot:
    messages: list[MessageOut]
    more: bool
    conversation: ConversationOut
    typing: dict[str, Any]


def sse(event: str, data: BaseModel | dict[str, Any] | list[Any], event_id: int | None = None) -> str:
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {event}\ndata: {to_json(data).decode()}\n\n"


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


def stream(events: AsyncIterator[str]) -> EventStream:
    return EventStream(events, headers=_HEADERS)


def resume_from(last_event_id: str | None, after: int | None) -> int | None:
    """The number after which to go on: the browser's own memory wins; None when neither is given."""
    if last_event_id and last_event_id.isascii() and last_event_id.isdigit() and int(last_event_id) <= SEQ_MAX:
        return int(last_event_id)
    return after


async def conversation_events(conversation_id: str, after: int | None) -> AsyncIterator[str]:
    """Everything after `after` at once, then live; without `after` only what is new from now on."""
    yield "retry: 2000\n\n"
    known: tuple[Any, Any] = (None, None)
    with feed.watch(conversation_id) as watcher:
        while (now := await run_in_threadpool(_snapshot, conversation_id, after)) is not None:
            after = now.conversation.last_seq if after is None else after
            for message in now.messages:
                after = message.seq
                yield sse("message", message, message.seq)
            if now.conversation != known[0]:
                yield sse("state", now.conversation)
            if now.typing != known[1]:
                yield sse("typing", now.typing)
            known = (now.conversation, now.typing)
            if now.more:
                continue
            # nobody announces that typing has ended by itself
            if not await watcher.wait(1.0 if now.typing["active"] else HEARTBEAT_SECONDS):
                yield ": still here\n\n"


def _snapshot(conversation_id: str, after: int | None) -> Snapshot | None:
    with unit_of_work(write=False) as session:
        conversation = session.get(Conversation, conversation_id)
        if conversation is None:
            return None
        messages, more = ([], False) if after is None else page(session, conversation_id, after, None, BATCH)
        out = ConversationOut.of(session, conversation)
        return Snapshot([message_out(m) for m in messages], more, out, _typing(conversation, out.agent))


def _typing(conversation: Conversation, agent: str | None) -> dict[str, Any]:
    now = clock.now()
    if conversation.agent_typing_until is not None and conversation.agent_typing_until > now:
        return {"author": "agent", "name": agent, "active": True}
    thinking = (
        conversation.turn_token is not None and conversation.turn_until is not None and conversation.turn_until > now
    )
    bot = conversation.state is ConversationState.PENDING and thinking
    return {"author": "bot", "name": say("names.bot"), "active": bot}
