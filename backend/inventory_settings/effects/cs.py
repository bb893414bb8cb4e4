"""What the settings of CS change (source: 002, CS)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Effect
from backend.claims.models import Claim
from backend.inventory_settings.catalogue import DelayMarking
from backend.inventory_settings.effects.counting import count
from backend.inventory_settings.waiting import waiting_lines
from backend.kit import clock
from backend.orders.models import Order, OrderLine
from backend.orders.states import OPEN_CLAIMS, ClaimKind, ClaimState, Fulfilment
from backend.shipping.delays import due_day

Values = Mapping[str, Any]


def split_forbids_merge(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Orders whose next split it would bear upon."""
    lines = waiting_lines(shop_id).where(OrderLine.fulfilment != Fulfilment.ALLOCATED)
    orders = lines.with_only_columns(OrderLine.order_id).distinct()
    return [Effect("setting_splits_merge", {"on": after["split_forbids_merge"], "count": count(session, orders)})]


def delay_marking(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    data = {
        "before": late_orders(session, shop_id, before["delay_marking"]),
        "after": late_orders(session, shop_id, after["delay_marking"]), "on": after["delay_marking"].on,
    }  # fmt: skip
    return [Effect("setting_late_orders", data)]


def late_orders(session: Session, shop_id: str, marking: DelayMarking) -> int:
    """Paid orders with something to leave whose last day in time is over, by the check that lists them."""
    if not marking.on:
        return 0
    waiting = waiting_lines(shop_id).where(Order.paid_at.is_not(None), OrderLine.shipment_id.is_not(None))
    orders = select(Order).where(Order.id.in_(waiting.with_only_columns(OrderLine.order_id)))
    today = clock.today()
    return sum(due_day(order, marking)[0] < today for order in session.scalars(orders))


def claims_of(kinds: tuple[ClaimKind, ...], after_shipping: bool) -> Callable[..., list[Effect]]:
    """Claims that are open keep what they were given; the rule is asked when a claim comes in."""

    def counted(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
        still_open = select(Claim).where(
            Claim.shop_id == shop_id, Claim.kind.in_(kinds), Claim.after_shipping.is_(after_shipping),
            Claim.state.in_(OPEN_CLAIMS),
        )  # fmt: skip
        return [Effect("setting_from_next_claim", {"count": count(session, still_open)})]

    return counted


def restock_on_pickup(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    coming = select(Claim).where(Claim.shop_id == shop_id, Claim.state == ClaimState.COLLECTING)
    return [Effect("setting_restock", {"on": after["restock_on_pickup"], "count": count(session, coming)})]


EFFECTS = {
    "split_forbids_merge": split_forbids_merge,
    "delay_marking": delay_marking,
    "cancel_before_shipping": claims_of((ClaimKind.CANCEL,), False),
    "exchange_before_shipping": claims_of((ClaimKind.EXCHANGE,), False),
    "cancel_after_shipping": claims_of((ClaimKind.CANCEL, ClaimKind.RETURN), True),
    "exchange_after_shipping": claims_of((ClaimKind.EXCHANGE,), True),
    "restock_on_pickup": restock_on_pickup,
}
