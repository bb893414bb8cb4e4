"""What markets are told of a claim: the answer to it, or that the merchant began one."""

from typing import Any

from sqlalchemy.orm import Session

from backend.claims.models import Claim
from backend.markets.feed_models import CommandKind
from backend.orders.models import Order, OrderLine
from backend.plans import market_words
from backend.plans.models import Plan


def tell_claim(session: Session, plan: Plan, claim: Claim, action: str, **more: Any) -> bool:
    """Queue it where the market knows the line. Actions: cancel, approve, reject, withdraw, collected, finish, request,
    exchange_sent."""
    order, line = session.get_one(Order, claim.order_id), session.get_one(OrderLine, claim.line_id)
    if order.market_order_no is None or line.market_line_no is None:
        return False
    payload = {
        "action": action, "claim_id": claim.id, "claim_no": claim_number(claim), "kind": claim.kind.value,
        "order_id": order.id, "market_order_no": order.market_order_no, "market_line_no": line.market_line_no,
        "quantity": claim.quantity, "reason": claim.reason, "refund_amount": claim.refund_amount, **more,
    }  # fmt: skip
    market_words.tell(session, plan, order.market, CommandKind.CLAIM, claim.id, payload)
    return True


def claim_number(claim: Claim) -> str | None:
    """The market's own number of it, out of its key `market:number:line`."""
    parts = (claim.market_key or "").split(":")
    return parts[1] if len(parts) >= 3 else None
