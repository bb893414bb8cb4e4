"""Tells the merchant what a market would not take, in the market's own words; a burst of refusals is one message."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.conversations.notices import deliver
from backend.kit.wording import wording
from backend.markets.feed_models import CommandState, MarketCommand

QUIET = timedelta(minutes=10)


def tell(session: Session, row: MarketCommand) -> None:
    """In the transaction that fails the command; `not_before` of a failed one is when it failed."""
    query = select(func.count()).where(
        MarketCommand.shop_id == row.shop_id, MarketCommand.market == row.market, MarketCommand.id != row.id,
        MarketCommand.state == CommandState.FAILED, MarketCommand.not_before > row.not_before - QUIET,
    )  # fmt: skip
    if session.scalar(query):
        return
    told = {"market": row.market.value, "kind": row.kind.value, "reason": row.error, "order_no": _order_no(row.payload)}
    told["title"] = row.payload.get("title")
    text = wording().say("notice.market_refused", **told)
    deliver(session, row.shop_id, [{"type": "text", "text": text}], text)


def _order_no(payload: dict[str, Any]) -> str | None:
    number = payload.get("order_no") or payload.get("market_order_no")
    return str(number) if number else None
