"""Messages that nobody asked for: PRO tells a shop's people what it is about to do (source: 000, the day before)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.conversations.blocks import plain_text
from backend.conversations.messages import append
from backend.conversations.models import Author, Message
from backend.conversations.sessions import conversation_of
from backend.conversations.wording import say, text_block
from backend.db.locks import locked_together
from backend.shops.models import Member


def deliver(session: Session, shop_id: str, blocks: Sequence[dict[str, Any]], text: str | None = None) -> list[Message]:
    """Put one unread message by the bot into the conversation of every member of the shop.

    `text` is the plain form (for summaries and search), made from the blocks when it is not given. The state of a
    conversation does not change: a notice neither wakes the bot nor leaves the queue.
    """
    shown = list(blocks) or [text_block(text or "")]
    plain = text or plain_text(shown)
    members = locked_together(
        session, Member, session.scalars(select(Member.id).where(Member.shop_id == shop_id)).all()
    )
    return [
        append(
            session,
            conversation_of(session, member),
            Author.BOT,
            text=plain,
            blocks=shown,
            author_name=say("names.bot"),
        )
        for member in members
    ]
