"""Orders of a furnished shop: two that could leave together with stock promised, one unmatched, one held, a gift rule."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.inventory.ledger import Why, post
from backend.inventory.models import StockItem
from backend.inventory.states import MovementReason
from backend.markets.codes import Market
from backend.orders.allocate import allocate_waiting
from backend.orders.collected import CollectedLine, CollectedOrder
from backend.orders.models import GiftRule, Order, OrderLine, Shipment
from backend.orders.states import F
from backend.orders.take_in import take_in
from backend.shops.models import Shop


def furnish_orders(session: Session, shop: Shop, now: datetime) -> dict[str, str]:
    mall = shop.mall_id
    for number in (1, 2):
        item = StockItem(
            id=f"itm_{mall}_order_{number}",
            shop_id=shop.id,
            code=f"Q{number:05}-{mall}",
            name=f"secret of {mall} {number}",
        )
        session.add(item)
        session.flush()
        post(session, pro_actor(shop.id), item.id, 4, Why(MovementReason.RECEIVE, "seed", "seed"))

    def told(number: int, *lines: CollectedLine) -> CollectedOrder:
        return CollectedOrder(
            market=Market.SMARTSTORE, market_order_no=f"{mall}-20261118-{number:04}", ordered_at=now - timedelta(hours=number),
            paid_at=now - timedelta(hours=number), buyer_name=f"secret of {mall}", lines=lines, total=20_000, postcode="06236",
            address=f"secret of {mall}",
        )  # fmt: skip

    def line(name: str, code: str | None, quantity: int = 1) -> CollectedLine:
        return CollectedLine(name, f"secret of {mall}", quantity, 20_000, F.UNALLOCATED, "PAYED", seller_code=code)

    first, second = f"Q00001-{mall}", f"Q00002-{mall}"
    take_in(session, shop.id, [
        told(1, line("1a", first, 3), line("1b", second)), told(2, line("2a", first, 3)), told(3, line("3a", None)),
    ])  # fmt: skip
    allocate_waiting(session, shop.id)
    session.add(GiftRule(id=f"gft_{mall}", shop_id=shop.id, name=f"secret of {mall}", item_id=f"itm_{mall}_order_2"))
    session.flush()
    orders = {
        one.order_no[-1]: one
        for one in session.scalars(select(Order).where(Order.shop_id == shop.id, Order.market_order_no.is_not(None)))
    }
    lines = {one.market_line_no: one for one in session.scalars(select(OrderLine).where(OrderLine.shop_id == shop.id))}
    parcel = session.get_one(Shipment, lines["3a"].shipment_id)
    parcel.held, parcel.hold_reason = True, f"secret of {mall}"
    session.flush()
    return {
        "order": orders["1"].id, "order_beside": orders["2"].id, "order_held": orders["3"].id, "order_number": orders["1"].order_no,
        "order_line": lines["1a"].id, "order_line_beside": lines["1b"].id, "unmatched_line": lines["3a"].id,
        "parcel": lines["1a"].shipment_id or "",
        "order_item": f"itm_{mall}_order_1", "gift_item": f"itm_{mall}_order_2", "gift_rule": f"gft_{mall}",
    }  # fmt: skip
