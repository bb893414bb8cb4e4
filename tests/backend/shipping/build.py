"""Stock, orders and parcels of a shop, as they lie there after collecting and allocating."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.inventory import ledger
from backend.inventory.ledger import Why
from backend.inventory.models import StockItem, StockMovement, Supplier
from backend.inventory.states import MovementReason
from backend.inventory_settings.models import InventorySetting
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import WAITING, Fulfilment, ShipmentState
from backend.plans import service
from backend.plans.models import Plan
from backend.shops.models import Shop
from tests.backend.conftest import NOW

CJ_NO = "612345678901"


def add_item(session: Session, shop: Shop, number: int = 1, stocked: int = 10, **over: Any) -> StockItem:
    item = StockItem(**{
        "id": f"itm_{shop.mall_id}_{number:02}", "shop_id": shop.id, "code": f"P{number:05}-01", "name": f"니트 {number} / 블랙",
        "option_name": "블랙", "options": {"색상": "블랙"}, "safety": 0, "cost": 9_000 + number, "location": f"A-{number:02}", **over,
    })  # fmt: skip
    session.add(item)
    session.flush()
    if stocked:
        ledger.post(session, pro_actor(shop.id), item.id, stocked, Why(MovementReason.RECEIVE, "seed", "seed"))
    return item


def add_supplier(session: Session, shop: Shop, number: int = 1, **over: Any) -> Supplier:
    made = Supplier(**{
        "id": f"sup_{shop.mall_id}_{number}", "shop_id": shop.id, "name": f"공급사 {number}", "phone": "02-000-0000", **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made


def add_order(
    session: Session, shop: Shop, items: list[tuple[StockItem, int]], number: int = 1, *,
    market: Market = Market.SMARTSTORE, state: Fulfilment = Fulfilment.ALLOCATED, amount: int = 30_000, **over: Any,
) -> Order:  # fmt: skip
    """An order in one parcel. ALLOCATED reserves its stock; SHIPPED has left (its stock is out already)."""
    no = f"20261118-{number:07}"
    paid = state is not Fulfilment.AWAITING_PAYMENT
    order = Order(**{
        "id": f"ord_{shop.mall_id}_{number:02}", "shop_id": shop.id, "order_no": no, "market": market, "market_order_no": f"M{number:05}",
        "buyer_name": "김민수", "recipient_name": "김민수", "recipient_phone": "010-1234-5678", "country": "KR",
        "postcode": "06236", "address": "서울 강남구 테헤란로 1", "message": "문 앞에 놓아 주세요", "ordered_at": NOW - timedelta(hours=number),
        "paid_at": NOW - timedelta(hours=number) if paid else None, "collected_at": NOW, "total": amount * len(items), **over,
    })  # fmt: skip
    session.add(order)
    session.flush()
    parcel_state = ShipmentState.SHIPPED if state is Fulfilment.SHIPPED else ShipmentState.PREPARING
    if state is Fulfilment.DELIVERED:
        parcel_state = ShipmentState.DELIVERED
    parcel = add_parcel(session, order, number, parcel_state)
    for index, (item, quantity) in enumerate(items, 1):
        add_line(session, order, parcel, item, quantity, index, state, amount)
    return order


def add_parcel(session: Session, order: Order, number: int, state: ShipmentState = ShipmentState.PREPARING) -> Shipment:
    sent = state in (ShipmentState.SHIPPED, ShipmentState.DELIVERED)
    parcel = Shipment(
        id=f"shp_{order.shop_id}_{number:02}", shop_id=order.shop_id, number=f"S20261118-{number:05}", state=state,
        recipient_name=order.recipient_name, recipient_phone=order.recipient_phone, country=order.country,
        postcode=order.postcode, address=order.address, message=order.message, created_at=NOW,
        courier="cj" if sent else None, tracking_no=f"61234567{number:04}" if sent else None, shipped_at=NOW if sent else None,
    )  # fmt: skip
    session.add(parcel)
    session.flush()
    return parcel


def add_line(
    session: Session, order: Order, parcel: Shipment, item: StockItem, quantity: int, index: int = 1,
    state: Fulfilment = Fulfilment.ALLOCATED, amount: int = 30_000, **over: Any,
) -> OrderLine:  # fmt: skip
    allocated = quantity if state is Fulfilment.ALLOCATED else 0
    line = OrderLine(**{
        "id": f"orl_{order.id}_{index:02}", "shop_id": order.shop_id, "order_id": order.id, "item_id": item.id,
        "product_id": item.product_id, "shipment_id": parcel.id, "market_line_no": f"{order.market_order_no}-{index}",
        "market_name": item.name, "raw_status": "PAYED", "quantity": quantity, "allocated": allocated, "fulfilment": state,
        "amount": amount, **over,
    })  # fmt: skip
    session.add(line)
    session.flush()
    if allocated:
        ledger.reserve(session, order.shop_id, item.id, allocated, limited=False)
    return line


def lines(session: Session, order: Order) -> list[OrderLine]:
    return list(session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)))


def parcel_of(session: Session, order: Order) -> Shipment:
    return session.get_one(Shipment, lines(session, order)[0].shipment_id)


def set_to(session: Session, shop: Shop, key: str, value: Any) -> None:
    row = session.scalars(
        select(InventorySetting).where(InventorySetting.shop_id == shop.id, InventorySetting.key == key)
    ).first()
    if row is None:
        session.add(
            InventorySetting(id=new_id("set"), shop_id=shop.id, key=key, value={"value": value}, changed_at=NOW)
        )
    else:
        row.value = {"value": value}
    session.flush()


def carry_out(session: Session, actor: Actor, kind: str, **params: Any) -> Plan:
    plan = service.preview(session, actor, kind, params)
    return service.confirm(session, actor, plan.id, new_id("key"))


def undo(session: Session, actor: Actor, plan: Plan) -> Plan:
    return carry_out(session, actor, "undo", source_type="plan", source_id=plan.id)


def label(session: Session, actor: Actor, order: Order, number: str = CJ_NO, courier: str = "cj") -> Plan:
    item = {"order_id": order.order_no, "courier": courier, "tracking_no": number}
    return carry_out(session, actor, "invoice.register", items=[item])


def laws(session: Session) -> None:
    """Stock is the sum of its ledger, what is reserved is what open lines are promised, a line is in the state it says."""
    session.flush()
    session.expire_all()
    for item in session.scalars(select(StockItem)):
        total = session.scalar(
            select(func.coalesce(func.sum(StockMovement.delta), 0)).where(StockMovement.item_id == item.id)
        )
        assert item.stocked == total, item.name
        promised = session.scalar(
            select(func.coalesce(func.sum(OrderLine.allocated), 0)).where(OrderLine.item_id == item.id)
        )
        assert item.reserved == promised >= 0, item.name
    for line in session.scalars(select(OrderLine)):
        assert 0 <= line.cancelled <= line.quantity and line.allocated >= 0
        if line.fulfilment in WAITING:
            assert line.allocated <= line.open_quantity and line.open_quantity > 0
            assert (line.fulfilment is Fulfilment.ALLOCATED) == (line.allocated == line.open_quantity)
            assert session.get_one(Shipment, line.shipment_id).state in (
                ShipmentState.PREPARING,
                ShipmentState.LABELLED,
            )
        else:
            assert line.allocated == 0
        if line.fulfilment is Fulfilment.CANCELLED:
            assert line.open_quantity == 0
