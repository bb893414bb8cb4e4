"""Reading orders: one by its id or number, a page of them, what a sentence means."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.markets.codes import Market
from backend.orders.listing import Wanted, find
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.schemas import OrderDetail, OrderMention, OrderPage
from backend.orders.searching import names_in, number_is, numbers_in, products_in
from backend.orders.states import OPEN
from backend.orders.views import order_view as _view
from backend.orders.views import orders_out

MENTIONED = 20


def order_named(session: Session, shop_id: str, wanted: str) -> Order:
    """By id, or by the exact number it bears; raises NotFound `order_not_found`."""
    query = select(Order).where(Order.shop_id == shop_id, or_(Order.id == wanted, Order.order_no == wanted.strip()))
    order = session.scalars(query).first()
    if order is None:
        raise NotFound("no such order in this shop", code="order_not_found")
    return order


def shipment_named(session: Session, shop_id: str, wanted: str) -> Shipment:
    """By id or number; raises NotFound `shipment_not_found`."""
    query = select(Shipment).where(
        Shipment.shop_id == shop_id, or_(Shipment.id == wanted, Shipment.number == wanted.strip())
    )
    shipment = session.scalars(query).first()
    if shipment is None:
        raise NotFound("no such shipment in this shop", code="shipment_not_found")
    return shipment


def order_view(session: Session, shop_id: str, wanted: str) -> OrderDetail:
    return _view(session, order_named(session, shop_id, wanted))


def find_orders(session: Session, shop_id: str, wanted: Wanted, limit: int = 20, offset: int = 0) -> OrderPage:
    found = find(session, shop_id, wanted, limit, offset)
    items = orders_out(session, shop_id, found.ids, found.states)
    end = offset + len(items)
    return OrderPage(
        items=items, total=found.total, limit=limit, offset=offset, counts=found.counts,
        next_offset=end if items and end < found.total else None,
    )  # fmt: skip


def mentioned_orders(
    session: Session, shop_id: str, text: str, market: Market | None = None, limit: int = MENTIONED
) -> list[OrderMention]:
    """Those a sentence names, open ones first and then the newest. A number decides alone; else buyer, product and market
    narrow each other, and a name that fits nothing beside the others narrows nothing. Nothing named: nothing found."""
    for number in numbers_in(text):
        ids = _ids(session, shop_id, [number_is(number)], limit)
        if ids:
            return _mentions(session, shop_id, ids, ["number"])
    kept: list[ColumnElement[bool]] = []
    by: list[str] = []
    for why, condition in _named(session, shop_id, text, market):
        if _ids(session, shop_id, [*kept, condition], 1):
            kept.append(condition)
            by.append(why)
    if not kept or by == ["market"]:
        return []
    return _mentions(session, shop_id, _ids(session, shop_id, kept, limit), by)


def _named(session: Session, shop_id: str, text: str, market: Market | None) -> list[tuple[str, ColumnElement[bool]]]:
    found: list[tuple[str, ColumnElement[bool]]] = []
    if market is not None:
        found.append(("market", Order.market == market))
    buyers = names_in(session, shop_id, text)
    if buyers:
        found.append(("buyer", or_(Order.buyer_name.in_(buyers), Order.recipient_name.in_(buyers))))
    products = products_in(session, shop_id, text)
    if products is not None:
        found.append(("product", products))
    return found


def _ids(session: Session, shop_id: str, conditions: Sequence[ColumnElement[bool]], limit: int) -> list[str]:
    is_open = and_(
        Order.collected_at.is_not(None),
        Order.id.in_(select(OrderLine.order_id).where(OrderLine.shop_id == shop_id, OrderLine.fulfilment.in_(OPEN))),
    )
    query = (
        select(Order.id)
        .where(Order.shop_id == shop_id, *conditions)
        .order_by(case((is_open, 0), else_=1), Order.ordered_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def _mentions(session: Session, shop_id: str, ids: Sequence[str], by: Sequence[str]) -> list[OrderMention]:
    return [
        OrderMention.model_validate({"order": order, "by": list(by)}) for order in orders_out(session, shop_id, ids)
    ]
