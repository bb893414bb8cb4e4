"""How much customers reacted to each product lately: orders and views, each day worth less the older it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.products.models import ProductDay


class Rules(BaseModel, extra="forbid"):
    window_days: int = Field(ge=1)
    half_life_days: float = Field(gt=0)
    order_weight: float = Field(ge=0)
    view_weight: float = Field(ge=0)
    min_gain_percent: float = Field(ge=0)
    registered_within_days: dict[int, int] = {}


@dataclass
class Reaction:
    """`score` is decayed; `orders` and `views` are plain sums of the window, for people."""

    score: float = 0.0
    orders: int = 0
    views: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"score": round(self.score, 1), "orders": self.orders, "views": self.views}


def reactions(session: Session, shop_id: str, today: date, rules: Rules) -> dict[str, Reaction]:
    """By product id; a reaction of `half_life_days` ago counts half. Today counts fully, the future not at all."""
    rows = session.execute(
        select(ProductDay.product_id, ProductDay.day, ProductDay.views, ProductDay.orders)
        .where(ProductDay.shop_id == shop_id)
        .where(ProductDay.day > today - timedelta(days=rules.window_days), ProductDay.day <= today)
    )
    weights = [0.5 ** (age / rules.half_life_days) for age in range(rules.window_days)]
    found: dict[str, Reaction] = {}
    for product_id, day, views, orders in rows:
        reaction = found.setdefault(product_id, Reaction())
        worth = orders * rules.order_weight + views * rules.view_weight
        reaction.score += worth * weights[(today - day).days]
        reaction.orders += orders
        reaction.views += views
    return found
