"""How far an answer has come on its way to the market."""

from collections.abc import Collection
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.markets.feed_models import CommandKind, CommandState, MarketCommand

Delivery = tuple[Literal["waiting", "sent", "failed"], str | None]
_WAY: dict[CommandState, Literal["waiting", "sent", "failed"]] = {
    CommandState.QUEUED: "waiting", CommandState.SENDING: "waiting", CommandState.SENT: "sent",
    CommandState.FAILED: "failed",
}  # fmt: skip


def told_of(session: Session, shop_id: str, inquiry_ids: Collection[str]) -> dict[str, Delivery]:
    """By inquiry; those whose market was not told are not in it. The error is the market's own, once it refused."""
    query = select(MarketCommand).where(
        MarketCommand.shop_id == shop_id, MarketCommand.kind == CommandKind.ANSWER,
        MarketCommand.subject_id.in_(inquiry_ids), MarketCommand.state.in_(_WAY),
    )  # fmt: skip
    return {
        word.subject_id: (_WAY[word.state], word.error if word.state is CommandState.FAILED else None)
        for word in session.scalars(query.order_by(MarketCommand.created_at))
    }
