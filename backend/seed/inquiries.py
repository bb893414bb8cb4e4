"""Buyers' inquiries of the demo shops: they arrive on their days, and some drafts are sent by the merchant."""

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import member_actor
from backend.inquiries.models import Inquiry
from backend.inquiries.states import InquiryState
from backend.kit.yaml_file import read_yaml
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine
from backend.plans import service as plans
from backend.seed.shops import at
from backend.shops.models import Member

SOURCE = Path(__file__).parent / "inquiries.yml"
NOBODY = "김*현"  # asks without having bought


class Asked(BaseModel, extra="forbid", frozen=True):
    days_ago: int
    hour: int
    market: Market
    text: str
    product: str | None = None
    order: bool = False
    answered_by: str | None = None


@lru_cache
def asked() -> dict[str, tuple[Asked, ...]]:
    return TypeAdapter(dict[str, tuple[Asked, ...]]).validate_python(read_yaml(SOURCE))


def arrive(session: Session, mall_id: str, product_ids: dict[str, str], today: date, days_ago: int) -> None:
    """What is asked that day; orders of the days before are there to be asked about."""
    for number, one in enumerate(asked().get(mall_id, ()), 1):
        if one.days_ago != days_ago:
            continue
        product_id, buyer = (product_ids[one.product] if one.product else None), NOBODY
        if one.order:
            product_id, buyer = _ordered(session, mall_id, one, today)
        session.add(Inquiry(
            id=f"inq_{mall_id}_{number:02d}", shop_id=f"shop_{mall_id}", market=one.market, product_id=product_id,
            buyer_name=buyer, text=one.text, asked_at=at(today, days_ago, one.hour),
        ))  # fmt: skip
    session.flush()


def answer(session: Session, mall_id: str) -> None:
    """The drafts that a person of the shop sends, each as it is."""
    drafted = select(Inquiry.id).where(Inquiry.shop_id == f"shop_{mall_id}", Inquiry.state == InquiryState.DRAFTED)
    waiting = set(session.scalars(drafted))
    for number, one in enumerate(asked().get(mall_id, ()), 1):
        inquiry_id = f"inq_{mall_id}_{number:02d}"
        if inquiry_id not in waiting or one.answered_by is None:
            continue
        actor = member_actor(session.get_one(Member, f"mem_{mall_id}_{one.answered_by}"))
        plan = plans.preview(session, actor, "inquiry.send_draft", {"inquiry_id": inquiry_id})
        plans.confirm(session, actor, plan.id, f"seed {plan.id}")


def _ordered(session: Session, mall_id: str, one: Asked, today: date) -> tuple[str | None, str]:
    """A product and the buyer's name of the latest order on that market before the day."""
    before = at(today, one.days_ago, 0)
    query = (
        select(OrderLine.product_id, Order.buyer_name)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.shop_id == f"shop_{mall_id}", Order.market == one.market)
        .where(Order.ordered_at < before, Order.ordered_at >= before - timedelta(days=3))
        .order_by(Order.ordered_at.desc(), OrderLine.id)
        .limit(1)
    )
    row = session.execute(query).tuples().first()
    return row or (None, NOBODY)
