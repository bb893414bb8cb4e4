"""How much customers reacted to each product lately: orders and views, each day worth less the older it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import case, func, select
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
    days = {today - timedelta(days=age): 0.5 ** (age / rules.half_life_days) for age in range(rules.window_days)}
    worth = ProductDay.orders * rules.order_weight + ProductDay.views * rules.view_weight
    rows = session.execute(
        select(
            ProductDay.product_id, func.sum(worth * case(days, value=ProductDay.day, else_=0.0)),
            func.sum(ProductDay.orders), func.sum(ProductDay.views),
        )
        .where(ProductDay.shop_id == shop_id, ProductDay.day >= min(days), ProductDay.day <= today)
        .group_by(ProductDay.product_id)
    )  # fmt: skip
    return {product_id: Reaction(score, orders, views) for product_id, score, orders, views in rows}
