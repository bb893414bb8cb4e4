"""Rows of an order that is told for the first time, and of lines that were added to one we know.

They say what is known at birth; rows of one table all say the same columns, the others stay empty.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from backend.orders.collected import CollectedLine, CollectedOrder
from backend.orders.gifts import Gift
from backend.orders.matching import Match, SoldLine
from backend.orders.states import GONE, F, Fulfilment, parcel_with

Row = dict[str, Any]


def sold(order: CollectedOrder, line: CollectedLine) -> SoldLine:
    return SoldLine(order.market, line.market_product_no, line.seller_code, line.name, line.option)


def personal(order: CollectedOrder) -> Row:
    """What a parcel is addressed by; an order without a recipient goes to its buyer."""
    return {
        "recipient_name": order.recipient_name or order.buyer_name,
        "recipient_phone": order.recipient_phone or order.buyer_phone,
        "country": order.country, "postcode": order.postcode, "address": order.address, "message": order.message,
    }  # fmt: skip


def order_row(
    row_id: str, shop_id: str, order: CollectedOrder, number: str, remote: str | None, collected: datetime | None
) -> Row:
    return {
        "id": row_id, "shop_id": shop_id, "order_no": number, "market": order.market,
        "market_order_no": order.market_order_no, "buyer_name": order.buyer_name, "buyer_phone": order.buyer_phone,
        **personal(order), "remote_area": remote, "ordered_at": order.ordered_at, "paid_at": order.paid_at,
        "ship_by": order.ship_by, "collected_at": collected, "told_at": order.changed_at,
        "total": order.total, "version": 1,
    }  # fmt: skip


def shipment_row(
    row_id: str, shop_id: str, order: CollectedOrder, states: Collection[Fulfilment], now: datetime
) -> Row:
    """An order that had left before we heard of it gets a parcel that has left, for what may still come of it.
    Its number is given when all parcels of a call are known."""
    return {
        "id": row_id, "shop_id": shop_id, "number": "", "state": parcel_with(states), **personal(order),
        "held": False, "merge_forbidden": False, "created_at": now, "version": 1,
    }  # fmt: skip


def line_row(row_id: str, shop_id: str, order_id: str, line: CollectedLine, match: Match, told: datetime | None) -> Row:
    """Stock is promised afterwards: whatever is paid and has not left begins unallocated."""
    state = (
        line.fulfilment
        if line.fulfilment in GONE or line.fulfilment in (F.AWAITING_PAYMENT, F.CANCELLED)
        else F.UNALLOCATED
    )
    return {
        "id": row_id, "shop_id": shop_id, "order_id": order_id, "product_id": match.product_id,
        "item_id": match.item_id, "matched_by": match.by, "shipment_id": None,
        "market_line_no": line.market_line_no, "market_product_no": line.market_product_no,
        "seller_code": line.seller_code, "market_name": line.name, "market_option": line.option,
        "raw_status": line.raw_status, "raw_claim": line.raw_claim, "quantity": line.quantity,
        "cancelled": line.quantity if state is F.CANCELLED else 0, "allocated": 0, "fulfilment": state,
        "gift_rule_id": None, "told_at": told, "amount": line.amount, "discount": line.discount, "version": 1,
    }  # fmt: skip


def gift_row(row_id: str, shop_id: str, order_id: str, gift: Gift) -> Row:
    return {
        "id": row_id, "shop_id": shop_id, "order_id": order_id, "product_id": gift.product_id,
        "item_id": gift.item_id, "matched_by": None, "shipment_id": None, "market_line_no": None,
        "market_product_no": None, "seller_code": None, "market_name": gift.name, "market_option": None,
        "raw_status": None, "raw_claim": None, "quantity": gift.quantity, "cancelled": 0, "allocated": 0,
        "fulfilment": F.UNALLOCATED, "gift_rule_id": gift.rule_id, "told_at": None, "amount": 0, "discount": 0, "version": 1,
    }  # fmt: skip


def is_paid(lines: Sequence[Row]) -> bool:
    """Something of it is to be sent, and none of it awaits payment."""
    states = {row["fulfilment"] for row in lines}
    return F.UNALLOCATED in states and F.AWAITING_PAYMENT not in states
