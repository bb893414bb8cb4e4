"""What an exchange does: the other article becomes a line of its own that reserves stock and is sent."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import NOW, made
from backend.claims.cancelling import new_claim, set_claim
from backend.claims.claimed_line import SENT, ClaimedLine
from backend.claims.holds import held_back, parcels_at_home, reason_of, rules_for
from backend.claims.line_changes import emptied, marked, taken_off
from backend.claims.models import Claim
from backend.errors import Conflict, NotFound
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.inventory_settings.catalogue import ClaimRules
from backend.inventory_settings.read import allocation_is_limited
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, MatchedBy, RefundState, ShipmentState
from backend.products.models import Product


def other_article(session: Session, shop_id: str, item_id: str, at: ClaimedLine) -> StockItem:
    """Raises NotFound `item_not_found`, Conflict `exchange_same_item`."""
    item = session.get(StockItem, item_id)
    if item is None or item.shop_id != shop_id or item.state is ItemState.REMOVED:
        raise NotFound("no such article in this shop", code="item_not_found")
    if item.id == at.line.item_id:
        raise Conflict("it is that very article", code="exchange_same_item", item=item.name, order_no=at.order.order_no)
    return item


def exchange(
    session: Session, at: ClaimedLine, quantity: int, item: StockItem, reason: str | None, claim: Claim | None = None
) -> tuple[list[Change], list[Effect]]:
    """Before shipping the article is replaced in its parcel; after shipping another parcel is prepared.

    Stock that is there is promised at once; what is not waits like any order. Money stays with the bought line.
    """
    after = at.is_sent
    rules = rules_for(session, at.line.shop_id, ClaimKind.EXCHANGE, after)
    take = quantity
    if allocation_is_limited(session, at.line.shop_id):
        take = max(0, min(quantity, item.available))
    changes: list[Change] = [] if after else taken_off(at, quantity)
    shipment_id: Any = at.line.shipment_id
    if after or shipment_id is None:
        changes.append(create("shipment", _parcel(session, at, rules), at.order.order_no))
        shipment_id = made(changes)
    changes.append(
        create("order_line", _line(at, item, quantity, take, shipment_id), f"{at.order.order_no} · {item.name}")
    )
    line_id = made(changes)
    values = {
        "state": ClaimState.ACCEPTED.value, "after_shipping": after, "held": rules.hold, "fee": rules.exchange_fee,
        "refund": RefundState.NONE.value, "exchange_item_id": item.id, "exchange_line_id": line_id,
    }  # fmt: skip
    if claim is None:
        changes.append(create("claim", new_claim(at, ClaimKind.EXCHANGE, quantity, reason, **values), at.label))
    else:
        changes += set_claim(claim, at.label, **values)
    changes += marked(at, ClaimKind.EXCHANGE, ClaimState.ACCEPTED)
    home = parcels_at_home(session, at.line.shop_id, at.order.id)
    held = held_back(home, rules, ClaimKind.EXCHANGE, at.order.order_no)
    effects = [Effect("exchange_sends", {
        "order_no": at.order.order_no, "quantity": quantity, "before": at.name, "after": item.name, "after_shipping": after,
    })]  # fmt: skip
    effects += _stock_effects(at, quantity, item, take, after) + _money_effects(session, at, quantity, item, rules)
    if any(change.field == "held" for change in held) or (after and rules.hold):
        effects.append(Effect("parcels_held_by_claim", {"count": max(1, sum(c.field == "held" for c in held))}))
    labelled = [p.number for p in home if p.state is ShipmentState.LABELLED and p.id == at.line.shipment_id]
    if labelled and not after:
        effects.append(Effect("label_must_be_redone", {"numbers": labelled}))
    if at.order.market_order_no:
        effects.append(Effect("market_told_claim", {"market": at.order.market.value}))
    return [*changes, *held], effects


def called_off(session: Session, claim: Claim, label: str) -> list[Change]:
    """The other article is not sent after all; raises Conflict `exchange_sent` once it has left."""
    line = session.get(OrderLine, claim.exchange_line_id) if claim.exchange_line_id else None
    if line is None or line.fulfilment is Fulfilment.CANCELLED:
        return []
    if line.fulfilment in SENT or line.fulfilment is Fulfilment.CONFIRMED:
        raise Conflict("the other article has left", code="exchange_sent", label=label)
    shipment = session.get(Shipment, line.shipment_id) if line.shipment_id else None
    at = ClaimedLine(
        line, _order_of(session, line), shipment, session.get(StockItem, line.item_id) if line.item_id else None
    )
    changes = taken_off(at, line.open_quantity)
    others = select(func.count()).where(
        OrderLine.shipment_id == line.shipment_id, OrderLine.id.not_in([line.id, claim.line_id]),
        OrderLine.fulfilment != Fulfilment.CANCELLED,
    )  # fmt: skip
    if claim.after_shipping and not session.scalar(others):
        changes += emptied(session, shipment, [line.id], label)
    return changes


def _order_of(session: Session, line: OrderLine) -> Order:
    return session.get_one(Order, line.order_id)


def _parcel(session: Session, at: ClaimedLine, rules: ClaimRules) -> dict[str, Any]:
    """A parcel of its own, numbered after the one that went out: S20261118-00001-X1."""
    origin, order = at.shipment, at.order
    base = origin.number if origin else order.order_no
    taken = select(func.count()).where(
        Shipment.shop_id == order.shop_id, Shipment.number.startswith(f"{base}-X", autoescape=True)
    )
    number = f"{base}-X{(session.scalar(taken) or 0) + 1}"
    to: Any = origin or order
    return {
        "number": number, "state": ShipmentState.PREPARING.value, "recipient_name": to.recipient_name,
        "recipient_phone": to.recipient_phone, "country": to.country, "postcode": to.postcode, "address": to.address,
        "message": to.message, "held": rules.hold, "hold_reason": reason_of(ClaimKind.EXCHANGE) if rules.hold else None,
        "merge_forbidden": rules.merge_forbidden, "created_at": NOW,
    }  # fmt: skip


def _line(at: ClaimedLine, item: StockItem, quantity: int, take: int, shipment_id: Any) -> dict[str, Any]:
    unpaid = at.line.fulfilment is Fulfilment.AWAITING_PAYMENT
    state = (
        Fulfilment.ALLOCATED if take == quantity else Fulfilment.PARTLY_ALLOCATED if take else Fulfilment.UNALLOCATED
    )
    return {
        "order_id": at.order.id, "product_id": item.product_id, "item_id": item.id, "matched_by": MatchedBy.HAND.value,
        "shipment_id": shipment_id, "market_name": item.name, "quantity": quantity, "allocated": 0 if unpaid else take,
        "fulfilment": Fulfilment.AWAITING_PAYMENT.value if unpaid else state.value, "exchange_of": at.line.id, "amount": 0,
    }  # fmt: skip


def _stock_effects(at: ClaimedLine, quantity: int, item: StockItem, take: int, after: bool) -> list[Effect]:
    effects = []
    if not after and at.line.allocated:
        free = at.line.allocated - min(at.line.allocated, at.line.open_quantity - quantity)
        if free:
            effects.append(Effect("stock_freed", {"rows": [{"item": at.name, "quantity": free}]}))
    if take:
        effects.append(Effect("stock_promised", {"item": item.name, "quantity": take}))
    if take < quantity:
        effects.append(Effect("exchange_waits_for_stock", {"item": item.name, "missing": quantity - take}))
    return effects


def _money_effects(
    session: Session, at: ClaimedLine, quantity: int, item: StockItem, rules: ClaimRules
) -> list[Effect]:
    effects = []
    old, new = at.line.product_id or (at.item.product_id if at.item else None), item.product_id
    if old != new or old is None:
        prices = {
            product.id: product.price
            for product in session.scalars(
                select(Product).where(Product.shop_id == at.line.shop_id, Product.id.in_([p for p in (old, new) if p]))
            )
        }
        if old in prices and new in prices:
            difference = (prices[new] - prices[old]) * quantity
            if difference:
                effects.append(Effect("exchange_price_differs", {"amount": abs(difference), "dearer": difference > 0}))
        else:
            effects.append(Effect("exchange_price_unknown", {"item": item.name}))
    if rules.exchange_fee:
        effects.append(Effect("exchange_fee", {"amount": rules.exchange_fee}))
    return effects
