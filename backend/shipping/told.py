"""What markets are told of a parcel: courier and number of each of its lines."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.claims.models import Claim
from backend.claims.words import tell_claim
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind
from backend.plans import market_words
from backend.plans.models import Plan
from backend.shipping.couriers import couriers
from backend.shipping.parcels import Parcel, parcels


def tell_invoices(session: Session, plan: Plan, shipment_ids: Iterable[str], *, correction: bool = False) -> int:
    """One word a line that the market knows; lines of our own (gifts) are not the market's business.

    The line of an exchange is told as the exchange's own parcel. Returns how many words were queued.
    """
    told = 0
    for parcel in parcels(session, plan.shop_id, shipment_ids):
        told += _tell_lines(session, plan, parcel, correction)
    return told


def _tell_lines(session: Session, plan: Plan, parcel: Parcel, correction: bool) -> int:
    shipment, told = parcel.shipment, 0
    courier = couriers().get(shipment.courier or "")
    sent_at = shipment.shipped_at or clock.now()
    for line in parcel.lines:
        order = parcel.orders[line.order_id]
        invoice = {
            "courier": shipment.courier, "courier_code": courier.code_on(order.market) if courier else shipment.courier,
            "tracking_no": shipment.tracking_no, "shipped_at": sent_at.isoformat(), "correction": correction,
        }  # fmt: skip
        if line.exchange_of:
            claim = session.scalars(
                select(Claim).where(Claim.shop_id == plan.shop_id, Claim.exchange_line_id == line.id)
            ).first()
            if claim is not None:
                tell_claim(session, plan, claim, "exchange_sent", **invoice)
                told += 1
            continue
        if order.market_order_no is None or line.market_line_no is None:
            continue
        payload = {
            "order_id": order.id, "market_order_no": order.market_order_no, "line_id": line.id,
            "market_line_no": line.market_line_no, "shipment_id": shipment.id, "quantity": line.open_quantity, **invoice,
        }  # fmt: skip
        market_words.tell(session, plan, order.market, CommandKind.INVOICE, line.id, payload)
        told += 1
    return told


def tell_delivered(session: Session, plan: Plan, shipment_ids: Iterable[str]) -> int:
    """Markets follow their couriers themselves; the own mall learns it from us."""
    told = 0
    for parcel in parcels(session, plan.shop_id, shipment_ids):
        for line in parcel.lines:
            order = parcel.orders[line.order_id]
            if order.market is not Market.MALL or order.market_order_no is None or line.market_line_no is None:
                continue
            payload = {
                "status": "delivered", "order_id": order.id, "market_order_no": order.market_order_no,
                "line_id": line.id, "market_line_no": line.market_line_no,
            }  # fmt: skip
            market_words.tell(session, plan, order.market, CommandKind.STATUS, line.id, payload)
            told += 1
    return told
