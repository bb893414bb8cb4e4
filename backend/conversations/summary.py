"""What an agent should know before the first word: what was wanted, what was shown, what was said last."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.conversations.models import Author, Conversation, Message

_OPERATION = re.compile(r'"operation"\s*:\s*"([a-z0-9_]+)"')
LOOK_BACK, LAST_MESSAGES, LAST_INTENTS, LAST_OPERATIONS = 40, 6, 10, 3


def summarise(session: Session, conversation: Conversation, note: dict[str, Any] | str | None = None) -> dict[str, Any]:
    """JSON: intents (oldest first), operations (most recent first), messages, and what the caller noted."""
    newest_first = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.author != Author.SYSTEM)
        .order_by(Message.seq.desc())
        .limit(LOOK_BACK)
    ).all()
    intents = [m.intent for m in newest_first if m.intent]
    operations = [key for m in newest_first for key in _operations(m)]
    return {
        "intents": intents[:LAST_INTENTS][::-1],
        "operations": list(dict.fromkeys(operations))[:LAST_OPERATIONS],
        "messages": [
            {"author": m.author.value, "text": m.text[:500], "at": m.created_at.isoformat()}
            for m in reversed(newest_first[:LAST_MESSAGES])
        ],
        "note": note,
    }


def _operations(message: Message) -> list[str]:
    """Operations that the message's own payload, or the buttons it offered, speak of."""
    payloads = [message.payload or ""] + [
        str(button.get("payload", "")) for block in _flat(message.blocks) for button in block.get("buttons", [])
    ]
    return [key for payload in payloads for key in _OPERATION.findall(payload)]


def _flat(blocks: list[Any]) -> list[dict[str, Any]]:
    return [inner for block in blocks for inner in (block, *block.get("cards", []))]
