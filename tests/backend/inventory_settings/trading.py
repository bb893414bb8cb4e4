"""Orders, stock and claims of a small shop, written as rows."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.claims.models import Claim
from backend.inventory import ledger
from backend.inventory.ledger import Why
from backend.inventory.models import StockItem
from backend.inventory.states import MovementReason
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import ClaimKind, ClaimState, Fulfilment
from backend.plans import service
from backend.plans.models import Plan
from tests.backend.conftest import NOW

_numbers = count(1)


def item(session: Session, actor: Actor, code: str = "A-01", stocked: int = 0, **over: Any) -> StockItem:
    made = StockItem(id=new_id("itm"), shop_id=actor.shop_id, code=code, name=f"item {code}", **over)
    session.add(made)
    session.flush()
    if stocked:
        ledger.post(session, actor, made.id, stocked, Why(MovementReason.RECEIVE, "seed", "test"))
    session.flush()
    return made


def order(session: Session, actor: Actor, **over: Any) -> Order:
    number = next(_numbers)
    made = Order(**{
        "id": new_id("ord"), "shop_id": actor.shop_id, "order_no": f"20261118-{number:07}", "market": Market.SMARTSTORE,
        "market_order_no": f"N{number}", "buyer_name": "김*수", "postcode": "06236", "ordered_at": NOW - timedelta(days=1),
        "paid_at": NOW - timedelta(days=1), "collected_at": NOW, "total": 10_000, **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made


def line(session: Session, of: Order, stock: StockItem | None = None, **over: Any) -> OrderLine:
    """Its promised stock is reserved, as it would be."""
    made = OrderLine(**{
        "id": new_id("orl"), "shop_id": of.shop_id, "order_id": of.id, "item_id": stock.id if stock else None, "quantity": 1,
        "fulfilment": Fulfilment.UNALLOCATED, "amount": 10_000, "market_name": "상품", **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    if stock and made.allocated:
        ledger.reserve(session, of.shop_id, stock.id, made.allocated, limited=False)
    return made


def parcel(session: Session, of: Order, *lines: OrderLine, **over: Any) -> Shipment:
    made = Shipment(**{
        "id": new_id("shp"), "shop_id": of.shop_id, "number": f"S{next(_numbers)}", "postcode": of.postcode,
        "created_at": NOW, **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    for one in lines:
        one.shipment_id = made.id
    session.flush()
    return made


def claim(session: Session, of: OrderLine, kind: ClaimKind = ClaimKind.RETURN, **over: Any) -> Claim:
    made = Claim(**{
        "id": new_id("clm"), "shop_id": of.shop_id, "order_id": of.order_id, "line_id": of.id, "kind": kind,
        "state": ClaimState.REQUESTED, "quantity": 1, "by": "buyer", "after_shipping": True, "requested_at": NOW, **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made


def preview(session: Session, actor: Actor, key: str, **how: Any) -> Plan:
    return service.preview(session, actor, "inventory_setting.change", {"key": key, **how})


def change(session: Session, actor: Actor, key: str, **how: Any) -> Plan:
    plan = service.confirm(session, actor, preview(session, actor, key, **how).id, new_id("key"))
    assert plan.state.value == "executed"
    return plan


def undo(session: Session, actor: Actor, plan: Plan) -> Plan:
    back = service.preview(session, actor, "undo", {"source_type": "plan", "source_id": plan.id})
    return service.confirm(session, actor, back.id, new_id("key"))


def effect(plan: Plan, code: str) -> dict[str, Any]:
    return next(e["data"] for e in plan.effects if e["code"] == code)
