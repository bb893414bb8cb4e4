"""Orders, items and plans as tests need them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.errors import OpsTalkError
from backend.inventory.ledger import Why, post
from backend.inventory.models import StockItem, StockMovement
from backend.inventory.states import MovementReason
from backend.inventory_settings.models import InventorySetting
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.orders.collected import CollectedLine, CollectedOrder
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import GONE, LIVE, OPEN, F
from backend.orders.take_in import Taken, take_in
from backend.plans import service as plans
from backend.plans.models import Plan
from backend.plans.states import PlanState
from backend.shops.models import Shop


def add_item(session: Session, shop: Shop, number: int, stocked: int = 0, **over: Any) -> StockItem:  # fmt: skip
    item = StockItem(**{
        "id": f"itm_{shop.mall_id}_{number:02}", "shop_id": shop.id, "code": f"P{number:05}-01", "product_id": None,
        "name": f"울 가디건 {number} / 블랙", "option_name": "블랙", **over,
    })  # fmt: skip
    session.add(item)
    session.flush()
    if stocked:
        receive(session, shop, item, stocked)
    return item


def receive(session: Session, shop: Shop, item: StockItem, units: int) -> None:
    keeper = pro_actor(shop.id)
    post(session, keeper, item.id, units, Why(MovementReason.RECEIVE, "seed", "seed"))
    session.flush()


def line(number: int | str = 1, **over: Any) -> CollectedLine:
    return CollectedLine(**{
        "market_line_no": f"{number}", "name": "울 가디건 1", "quantity": 1, "amount": 10_000,
        "fulfilment": F.UNALLOCATED, "raw_status": "PAYED", "option": "블랙", "seller_code": "P00001-01", **over,
    })  # fmt: skip


def order(number: int | str, *lines: CollectedLine, **over: Any) -> CollectedOrder:
    now = clock.now()
    own = lines or (line(f"{number}-1"),)
    return CollectedOrder(**{
        "market": Market.SMARTSTORE, "market_order_no": f"2026111800{number}", "ordered_at": now - timedelta(hours=5),
        "paid_at": now - timedelta(hours=4), "buyer_name": "김민수", "lines": own, "total": sum(one.amount for one in own),
        "recipient_name": "김민수", "recipient_phone": "010-1234-5678", "postcode": "06236",
        "address": "서울 강남구 테헤란로 1, 101호", "changed_at": now - timedelta(hours=4), **over,
    })  # fmt: skip


def took(session: Session, shop: Shop, *orders: CollectedOrder) -> Taken:
    taken = take_in(session, shop.id, orders)
    session.flush()
    session.expire_all()
    return taken


def put(session: Session, shop: Shop, key: str, value: Any) -> None:
    """A setting of the shop."""
    known = session.scalars(select(InventorySetting).where(InventorySetting.shop_id == shop.id, InventorySetting.key == key)).first()  # fmt: skip
    if known is None:
        known = InventorySetting(id=new_id("ist"), shop_id=shop.id, key=key, value={}, changed_at=clock.now())
        session.add(known)
    known.value = {"value": value}
    session.flush()


def do(session: Session, actor: Actor, kind: str, **params: Any) -> Plan:
    plan = plans.preview(session, actor, kind, params)
    done = plans.confirm(session, actor, plan.id, new_id("key"))
    assert done.state is PlanState.EXECUTED
    session.expire_all()
    return done


def undo(session: Session, actor: Actor, plan: Plan) -> Plan:
    """And what it did is what its preview showed, with all that follows from it."""
    shown = plans.preview(session, actor, "undo", {"source_type": "plan", "source_id": plan.id})
    said = [change for change in shown.changes if change["op"] == "set"]
    done = plans.confirm(session, actor, shown.id, new_id("key"))
    assert done.state is PlanState.EXECUTED
    assert [change for change in done.changes if change["op"] == "set"] == said
    session.expire_all()
    return done


def refusal(session: Session, actor: Actor, kind: str, **params: Any) -> OpsTalkError:
    with pytest.raises(OpsTalkError) as refused:
        plans.preview(session, actor, kind, params)
    return refused.value


def no(number: int) -> str:
    """The number of `order(number)`."""
    return f"2026111800{number}"


def effects(plan: Plan) -> dict[str, dict[str, Any]]:
    return {effect["code"]: effect["data"] for effect in plan.effects}


def the_order(session: Session, number: int | str) -> Order:
    return session.scalars(select(Order).where(Order.market_order_no == f"2026111800{number}")).one()


def lines_of(session: Session, number: int | str) -> list[OrderLine]:
    return list(session.scalars(
        select(OrderLine).where(OrderLine.order_id == the_order(session, number).id).order_by(OrderLine.id)
    ))  # fmt: skip


def parcels_of(session: Session, number: int | str) -> list[Shipment]:
    ids = [one.shipment_id for one in lines_of(session, number)]
    return list(session.scalars(select(Shipment).where(Shipment.id.in_(ids)).order_by(Shipment.number)))


def check_books(session: Session, shop: Shop) -> None:
    """What must hold after anything: reserved is what open lines were promised, stock is the ledger's sum, every open line
    is in one live parcel, and the word for a line says what was promised to it."""
    session.flush()
    session.expire_all()
    for item in session.scalars(select(StockItem).where(StockItem.shop_id == shop.id)):
        promised = session.scalar(
            select(func.coalesce(func.sum(OrderLine.allocated), 0)).where(OrderLine.item_id == item.id)
        )
        moved = session.scalar(
            select(func.coalesce(func.sum(StockMovement.delta), 0)).where(StockMovement.item_id == item.id)
        )
        assert item.reserved == promised, (item.id, item.reserved, promised)
        assert item.stocked == moved, item.id
        assert item.stocked >= 0
        assert item.reserved >= 0
    parcels = {one.id: one for one in session.scalars(select(Shipment).where(Shipment.shop_id == shop.id))}
    for one in session.scalars(select(OrderLine).where(OrderLine.shop_id == shop.id)):
        assert 0 <= one.cancelled <= one.quantity, one.id
        assert 0 <= one.allocated <= max(0, one.open_quantity), one.id
        parcel = parcels.get(one.shipment_id or "")
        if one.fulfilment in OPEN:
            assert parcel is not None, one.id
            assert parcel.state in LIVE, (one.id, parcel.state)
            assert one.open_quantity > 0, one.id
        else:
            assert one.allocated == 0, one.id
        expected = {
            F.UNALLOCATED: one.allocated == 0, F.PARTLY_ALLOCATED: 0 < one.allocated < one.open_quantity,
            F.ALLOCATED: one.allocated == one.open_quantity, F.AWAITING_PAYMENT: one.allocated == 0,
            F.CANCELLED: one.cancelled == one.quantity,
        }  # fmt: skip
        assert expected.get(one.fulfilment, one.fulfilment in GONE), (one.id, one.fulfilment, one.allocated)
    for parcel in parcels.values():
        inside = session.scalars(select(OrderLine.fulfilment).where(OrderLine.shipment_id == parcel.id)).all()
        if parcel.state in LIVE:
            assert any(state in OPEN for state in inside), (parcel.id, inside)
