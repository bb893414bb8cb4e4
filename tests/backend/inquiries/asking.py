"""Inquiries as tests need them."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.inquiries.models import Inquiry
from backend.kit import clock
from backend.markets.codes import Market
from backend.shops.models import Shop


def ask(session: Session, shop: Shop, text: str, number: int = 1, **over: Any) -> Inquiry:
    made = Inquiry(**{
        "id": f"inq_{shop.mall_id}_{number}", "shop_id": shop.id, "market": Market.MALL, "product_id": None,
        "buyer_name": "김*현", "text": text, "asked_at": clock.now() - timedelta(hours=3), **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made
