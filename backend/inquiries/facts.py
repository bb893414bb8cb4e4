"""What the shop knows for sure about an inquiry; a reply says these and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inquiries.models import Inquiry
from backend.inquiries.states import Topic
from backend.inquiries.topics import morphemes, topic_rules
from backend.kit import clock
from backend.orders.models import Order, OrderLine
from backend.products.models import Product, SaleStatus


@dataclass(frozen=True)
class Known:
    """`context` fills the template; `missing` is why a person must answer instead: product_unknown, order_not_found,
    orders_several, fact_unknown, product_hidden, option_unknown, topic_unclear, not_returnable."""

    context: dict[str, Any]
    missing: str | None = None


@dataclass(frozen=True)
class Limits:
    """`order_days` back an order is looked for; `size_attributes` names the attribute a word asks for; some goods spoil."""

    order_days: int
    size_attributes: Mapping[str, str]
    no_exchange: tuple[str, ...]


def facts_for(session: Session, inquiry: Inquiry, topic: Topic, now: datetime, limits: Limits) -> Known:
    product = session.get(Product, inquiry.product_id) if inquiry.product_id else None
    if product is not None and product.shop_id != inquiry.shop_id:
        product = None
    match topic:
        case Topic.DELIVERY:
            return _order(session, inquiry, product, now, limits)
        case Topic.SIZE:
            return _size(product, inquiry.text, limits)
        case Topic.STOCK:
            return _stock(product, inquiry.text)
        case Topic.EXCHANGE:
            return _exchange(product, limits)
        case _:
            return Known({}, "topic_unclear")


def _order(session: Session, inquiry: Inquiry, product: Product | None, now: datetime, limits: Limits) -> Known:
    """The one order this can be about: masked names are shared, so two that fit are one too many."""
    query = select(Order).where(
        Order.shop_id == inquiry.shop_id, Order.market == inquiry.market, Order.buyer_name == inquiry.buyer_name,
        Order.ordered_at > now - timedelta(days=limits.order_days), Order.ordered_at <= inquiry.asked_at,
    )  # fmt: skip
    if product:
        lines = select(OrderLine.order_id).where(
            OrderLine.product_id == product.id, OrderLine.shop_id == product.shop_id
        )
        query = query.where(Order.id.in_(lines))
    found = list(session.scalars(query.order_by(Order.ordered_at, Order.id).limit(2)))
    if len(found) != 1:
        return Known({}, "orders_several" if found else "order_not_found")
    day = clock.seoul(found[0].ordered_at).date()
    return Known({"order_month": day.month, "order_day": day.day, "product": product.name if product else None})


def _size(product: Product | None, text: str, limits: Limits) -> Known:
    """Exactly the attribute that was asked for: the sizes are no answer to how long it is."""
    if product is None:
        return Known({}, "product_unknown")
    asked = {limits.size_attributes.get(word, word) for word in morphemes(text) & topic_rules().topics[Topic.SIZE]}
    name = asked.pop() if len(asked) == 1 else ""
    if not product.attributes.get(name):
        return Known({}, "fact_unknown")
    value = product.attributes[name]
    values = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    return Known({"product": product.name, "fact_name": name, "fact_values": values})


def _stock(product: Product | None, text: str) -> Known:
    """Known of the product, not of its colours and sizes: a question about one of these is a person's."""
    if product is None:
        return Known({}, "product_unknown")
    if product.status is SaleStatus.HIDDEN:
        return Known({}, "product_hidden")
    options = [str(one) for value in product.attributes.values() if isinstance(value, list) for one in value]
    if any(_names(text, option) for option in options):
        return Known({}, "option_unknown")
    return Known({"product": product.name, "sold_out": product.status is SaleStatus.SOLD_OUT})


def _names(text: str, option: str) -> bool:
    """A size is a word of its own: the M of a name in Latin letters is none."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(option)}(?![A-Za-z0-9])", text, re.IGNORECASE) is not None


def _exchange(product: Product | None, limits: Limits) -> Known:
    """The law's general periods hold for most goods, not for those that spoil."""
    if product is None:
        return Known({}, "product_unknown")
    spoils = product.category.startswith(limits.no_exchange) if limits.no_exchange else False
    return Known({}, "not_returnable") if spoils else Known({"product": product.name})
