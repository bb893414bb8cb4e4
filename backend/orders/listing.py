"""A page of orders: filters, the state derived from the lines, and how many there are of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from backend.kit.clock import SEOUL, UTC
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.searching import buyer_is, digits_of, number_is, numbers_in, product_is
from backend.orders.states import GONE, LIVE, OPEN, OPEN_CLAIMS, WAITING, F, OrderState, ShipmentState


class Flag(StrEnum):
    """What an order may be beside its state."""

    HELD = "held"
    UNMATCHED = "unmatched"
    CLAIM = "claim"
    LABELLED = "labelled"
    MERGED = "merged"
    REMOTE = "remote"
    OVERSEAS = "overseas"


@dataclass(frozen=True)
class Wanted:
    """`first` and `last` are days in Seoul, both included, of the order. `text` is a number, a buyer or a product."""

    text: str = ""
    order_no: str = ""
    buyer: str = ""
    product: str = ""
    first: date | None = None
    last: date | None = None
    states: Sequence[OrderState] = ()
    raw_code: str = ""
    market: Market | None = None
    flag: Flag | None = None
    handled: bool | None = None


@dataclass(frozen=True)
class Found:
    """Ids of one page with their states, newest first."""

    ids: list[str]
    states: dict[str, OrderState]
    total: int
    counts: dict[OrderState, int]


def _count(*states: F) -> Any:
    return func.sum(case((OrderLine.fulfilment.in_(states), 1), else_=0))


def state_of_lines() -> ColumnElement[str]:
    """One word for an order from all its lines; asked within a grouping by order."""
    waiting = _count(*WAITING)
    return case(
        (Order.removed_at.is_not(None), OrderState.REMOVED.value),
        (func.count(OrderLine.id) == _count(F.CANCELLED), OrderState.CANCELLED.value),
        (_count(F.AWAITING_PAYMENT) > 0, OrderState.AWAITING_PAYMENT.value),
        (and_(waiting > 0, _count(*GONE) > 0), OrderState.PARTLY_SHIPPED.value),
        (and_(waiting > 0, _count(F.ALLOCATED) == waiting), OrderState.ALLOCATED.value),
        (and_(waiting > 0, _count(F.UNALLOCATED) == waiting), OrderState.UNALLOCATED.value),
        (waiting > 0, OrderState.PARTLY_ALLOCATED.value),
        (_count(F.SHIPPED) > 0, OrderState.SHIPPED.value),
        (_count(F.DELIVERED) > 0, OrderState.DELIVERED.value),
        else_=OrderState.CONFIRMED.value,
    )


def find(session: Session, shop_id: str, wanted: Wanted, limit: int, offset: int) -> Found:
    """Removed orders only where they are asked for."""
    chosen = select(Order.id).where(Order.shop_id == shop_id, *conditions(session, shop_id, wanted)).correlate(None)
    states = (
        select(Order.id.label("id"), Order.ordered_at.label("at"), state_of_lines().label("state"))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.id.in_(chosen))
        .group_by(Order.id, Order.ordered_at, Order.removed_at)
        .subquery()
    )
    counted = session.execute(select(states.c.state, func.count()).group_by(states.c.state))
    counts = {OrderState(state): number for state, number in counted}
    kept = list(wanted.states) or [state for state in OrderState if state is not OrderState.REMOVED]
    page = (
        select(states.c.id, states.c.state)
        .where(states.c.state.in_([state.value for state in kept]))
        .order_by(states.c.at.desc(), states.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    rows = session.execute(page).all()
    by_id = {order_id: OrderState(state) for order_id, state in rows}
    return Found(list(by_id), by_id, sum(counts.get(state, 0) for state in kept), counts)


def states_of(session: Session, shop_id: str, ids: Sequence[str]) -> dict[str, OrderState]:
    query = (
        select(Order.id, state_of_lines())
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.shop_id == shop_id, Order.id.in_(ids))
        .group_by(Order.id, Order.removed_at)
    )
    return {order_id: OrderState(state) for order_id, state in session.execute(query)}


def conditions(session: Session, shop_id: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text.strip():
        found.append(_text(session, shop_id, wanted.text))
    if wanted.order_no.strip():
        found.append(number_is(wanted.order_no))
    if wanted.buyer.strip():
        found.append(buyer_is(session, shop_id, wanted.buyer))
    if wanted.product.strip():
        found.append(product_is(session, shop_id, wanted.product))
    if wanted.first:
        found.append(Order.ordered_at >= _midnight(wanted.first))
    if wanted.last:
        found.append(Order.ordered_at < _midnight(wanted.last + timedelta(days=1)))
    if wanted.market:
        found.append(Order.market == wanted.market)
    if wanted.handled is not None:
        found.append(Order.collected_at.is_not(None) if wanted.handled else Order.collected_at.is_(None))
    if wanted.raw_code.strip():
        raw = wanted.raw_code.strip().upper()
        found.append(_line(or_(OrderLine.raw_status == raw, OrderLine.raw_claim == raw)))
    if wanted.flag:
        found.append(_flagged(wanted.flag))
    return found


def _text(session: Session, shop_id: str, text: str) -> ColumnElement[bool]:
    """Mostly digits is a number; else a buyer, and where nobody is called so, a product."""
    if numbers_in(text) and len(digits_of(text)) * 2 >= len(text.replace(" ", "")):
        return number_is(text)
    return or_(buyer_is(session, shop_id, text), product_is(session, shop_id, text))


def _line(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        exists().where(OrderLine.order_id == Order.id, OrderLine.shop_id == Order.shop_id, *conditions).correlate(Order)
    )


def _flagged(flag: Flag) -> ColumnElement[bool]:
    def parcel(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return _line(
            OrderLine.shipment_id.in_(select(Shipment.id).where(Shipment.shop_id == Order.shop_id, *conditions))
        )

    match flag:
        case Flag.HELD:
            return parcel(Shipment.held.is_(True), Shipment.state.in_(LIVE))
        case Flag.UNMATCHED:
            return and_(
                Order.collected_at.is_not(None), _line(OrderLine.item_id.is_(None), OrderLine.fulfilment.in_(OPEN))
            )
        case Flag.CLAIM:
            return _line(OrderLine.claim_state.in_(OPEN_CLAIMS))
        case Flag.LABELLED:
            return parcel(Shipment.state == ShipmentState.LABELLED)
        case Flag.MERGED:
            return parcel(Shipment.id.in_(_shared()))
        case Flag.REMOTE:
            return Order.remote_area.is_not(None)
        case Flag.OVERSEAS:
            return Order.country != "KR"


def _shared() -> Any:
    """Parcels with lines of more than one order."""
    return (
        select(OrderLine.shipment_id)
        .where(OrderLine.shipment_id.is_not(None), OrderLine.fulfilment != F.CANCELLED)
        .group_by(OrderLine.shipment_id)
        .having(func.count(OrderLine.order_id.distinct()) > 1)
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL).astimezone(UTC)
