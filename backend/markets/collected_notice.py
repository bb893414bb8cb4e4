"""Tells the conversation that asked for a round what it brought."""

from typing import Any

from sqlalchemy.orm import Session

from backend.conversations.messages import append
from backend.conversations.models import Author, Conversation
from backend.conversations.wording import say
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.markets.feed_models import Collection


def tell(session: Session, collection: Collection) -> None:
    conversation = session.get(Conversation, collection.conversation_id) if collection.conversation_id else None
    if conversation is None or conversation.shop_id != collection.shop_id:
        return
    text = wording().say("notice.orders_collected", markets=told(collection.results))
    blocks: list[dict[str, Any]] = [{"type": "text", "text": text}]
    append(session, conversation, Author.BOT, text=text, blocks=blocks, author_name=say("names.bot"))


def told(results: dict[str, Any]) -> list[dict[str, Any]]:
    """In the markets' usual order, with every count there."""
    order = [market.value for market in Market]
    return [
        {
            "market": market, "error": result.get("error"), "retry_at": result.get("retry_at"),
            **{name: result.get(name, 0) for name in ("new", "changed", "excluded", "duplicate", "unmatched", "claims")},
            "unreadable": len(result.get("unreadable", [])), "unknown_codes": len(result.get("unknown_codes", [])),
        }
        for market, result in sorted(results.items(), key=lambda pair: order.index(pair[0]))
    ]  # fmt: skip
