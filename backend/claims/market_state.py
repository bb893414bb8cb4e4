"""What a market's word about a claim does here: the engine's path, in bulk and without a preview.

The market is the truth about its own claims, with two limits: a step that we have gone further on our side (an inspection)
is not taken back by it, and stock moves once, by the ledger's keys.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.claims.amounts import share
from backend.claims.holds import parcels_at_home, reason_of, rules_for
from backend.claims.line_changes import fulfilment_with
from backend.claims.models import Claim
from backend.claims.steps import UNDECIDED
from backend.inventory import ledger
from backend.inventory.ledger import Why
from backend.inventory.states import MovementReason
from backend.inventory_settings.read import value_of
from backend.kit import clock
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import (
    OPEN_CLAIMS,
    ClaimKind,
    ClaimState,
    Fulfilment,
    RefundState,
    ShipmentState,
)

C = ClaimState
CLOSED = frozenset({C.DONE, C.REJECTED, C.WITHDRAWN})
OFF = frozenset({C.REJECTED, C.WITHDRAWN})
_NOT_CARRIED_OUT = UNDECIDED | OFF
_RANK = {C.REQUESTED: 0, C.HELD: 1, C.ACCEPTED: 1, C.COLLECTING: 2, C.COLLECTED: 3, C.INSPECTED: 4, C.RESHIPPING: 5}
LEFT = (Fulfilment.SHIPPED, Fulfilment.DELIVERED, Fulfilment.CONFIRMED)


def carry_out(session: Session, claim: Claim, line: OrderLine, state: ClaimState) -> None:
    """A claim that is new here: the settings hold the order's parcels, then the claim goes where the market has it."""
    if state in OPEN_CLAIMS:
        _hold(session, claim)
    if not follow(session, claim, line, state, certain=True):
        _mark(claim, line)


def follow(session: Session, claim: Claim, line: OrderLine, state: ClaimState, *, certain: bool) -> bool:
    """Whether it moved. A market may skip steps, as it tells only where it is now. Without a time of its own (`certain`
    False) a telling may be an old one: it never leads back."""
    if state is claim.state or not _leads_on(claim.state, state, certain):
        return False
    if _is_cancelled(claim) and state in UNDECIDED:
        return False  # what is cancelled cannot be held any more; it would be cancelled twice when that is over
    decided = claim.state in UNDECIDED and state not in UNDECIDED
    if claim.kind is ClaimKind.CANCEL and not _is_cancelled(claim) and state not in _NOT_CARRIED_OUT:
        _cancel(session, claim, line)
    if state in OFF:
        _restore(session, claim, line)
        claim.refund = RefundState.NONE if claim.refund is not RefundState.DONE else claim.refund
    if state is C.COLLECTED and claim.after_shipping and claim.collected_at is None:
        claim.collected_at = clock.now()
        _restock(session, claim, line)
    if decided and claim.kind is ClaimKind.RETURN and state not in CLOSED:
        rules = rules_for(session, claim.shop_id, ClaimKind.RETURN, True)
        claim.fee, claim.refund = rules.exchange_fee, RefundState.HELD if rules.hold else RefundState.DUE
        claim.refund_amount = max(0, share(session, line, claim.quantity, without=claim) - claim.fee)
    if state is C.DONE and claim.kind is not ClaimKind.EXCHANGE and claim.refund is not RefundState.DONE:
        claim.refund = RefundState.DONE if _paid(session, claim) else RefundState.NONE
        claim.refund_amount = claim.refund_amount or (
            share(session, line, claim.quantity, without=claim) if _paid(session, claim) else 0
        )
    claim.state = state
    if state in CLOSED:
        claim.closed_at = clock.now()
        _let_go(session, claim)
    _mark(claim, line)
    return True


def _is_cancelled(claim: Claim) -> bool:
    return claim.kind is ClaimKind.CANCEL and claim.state not in _NOT_CARRIED_OUT


def _leads_on(now: ClaimState, told: ClaimState, certain: bool) -> bool:
    if now in CLOSED:
        return certain and told in CLOSED
    if told in CLOSED:
        return True
    return _RANK[told] > _RANK[now] or (_RANK[told] == _RANK[now] and told is not now)


def _cancel(session: Session, claim: Claim, line: OrderLine) -> None:
    """Not sent any more, and its stock free; what has left meanwhile has to come back instead."""
    claim.after_shipping = line.fulfilment in LEFT
    paid = _paid(session, claim)
    if paid:
        claim.refund = RefundState.DUE
        claim.refund_amount = share(session, line, claim.quantity, without=claim)
    if claim.after_shipping:
        return
    claim.quantity = min(claim.quantity, line.open_quantity) or claim.quantity
    quantity = min(claim.quantity, line.open_quantity)
    left = line.open_quantity - quantity
    allocated = min(line.allocated, left)
    if line.item_id is not None and allocated < line.allocated:
        ledger.release(session, claim.shop_id, line.item_id, line.allocated - allocated)
    line.allocated, line.cancelled = allocated, line.cancelled + quantity
    line.fulfilment = fulfilment_with(line, left, allocated)
    line.version += 1
    session.flush()
    _void_if_empty(session, line)


def _restore(session: Session, claim: Claim, line: OrderLine) -> None:
    """An accepted cancellation that is off again: the pieces wait for stock."""
    if not _is_cancelled(claim) or claim.after_shipping or line.fulfilment in LEFT:
        return
    line.cancelled = max(0, line.cancelled - claim.quantity)
    line.fulfilment = fulfilment_with(line, line.open_quantity, line.allocated)
    line.version += 1
    parcel = session.get(Shipment, line.shipment_id) if line.shipment_id else None
    if parcel is not None and parcel.state is ShipmentState.VOID and parcel.merged_into is None:
        parcel.state = ShipmentState.PREPARING
        parcel.version += 1


def _restock(session: Session, claim: Claim, line: OrderLine) -> None:
    if line.item_id is None or claim.restocked or not value_of(session, claim.shop_id, "restock_on_pickup"):
        return
    why = Why(MovementReason.RETURN, "claim", claim.id, key=f"claim:{claim.id}:pickup", line_id=line.id)
    ledger.post(session, pro_actor(claim.shop_id), line.item_id, claim.quantity, why)
    claim.restocked = claim.quantity


def _hold(session: Session, claim: Claim) -> None:
    rules = rules_for(session, claim.shop_id, claim.kind, claim.after_shipping)
    claim.held = rules.hold
    claim.fee = rules.exchange_fee if claim.kind is ClaimKind.EXCHANGE else 0
    for parcel in parcels_at_home(session, claim.shop_id, claim.order_id):
        if rules.hold and not parcel.held:
            parcel.held, parcel.hold_reason = True, reason_of(claim.kind)
            parcel.version += 1
        if rules.merge_forbidden and not parcel.merge_forbidden:
            parcel.merge_forbidden = True
            parcel.version += 1


def _let_go(session: Session, claim: Claim) -> None:
    query = select(Claim.id).where(
        Claim.shop_id == claim.shop_id, Claim.order_id == claim.order_id, Claim.id != claim.id, Claim.held,
        Claim.kind == claim.kind, Claim.state.in_(OPEN_CLAIMS),
    )  # fmt: skip
    if not claim.held or session.scalar(query.limit(1)) is not None:
        return
    for parcel in parcels_at_home(session, claim.shop_id, claim.order_id):
        if parcel.held and parcel.hold_reason == reason_of(claim.kind):
            parcel.held, parcel.hold_reason = False, None
            parcel.version += 1


def _void_if_empty(session: Session, line: OrderLine) -> None:
    parcel = session.get(Shipment, line.shipment_id) if line.shipment_id else None
    if parcel is None or parcel.state not in (ShipmentState.PREPARING, ShipmentState.LABELLED):
        return
    others = select(OrderLine.id).where(
        OrderLine.shipment_id == parcel.id,
        OrderLine.fulfilment != Fulfilment.CANCELLED,
        OrderLine.gift_rule_id.is_(None),
    )
    if session.scalar(others.limit(1)) is not None:
        return
    gifts = select(OrderLine).where(OrderLine.shipment_id == parcel.id, OrderLine.fulfilment != Fulfilment.CANCELLED)
    for gift in session.scalars(gifts.order_by(OrderLine.item_id, OrderLine.id)):
        _drop(session, gift)
    parcel.state = ShipmentState.VOID
    parcel.version += 1


def _drop(session: Session, gift: OrderLine) -> None:
    if gift.item_id is not None and gift.allocated:
        ledger.release(session, gift.shop_id, gift.item_id, gift.allocated)
    gift.allocated, gift.cancelled, gift.fulfilment = 0, gift.quantity, Fulfilment.CANCELLED
    gift.version += 1


def _mark(claim: Claim, line: OrderLine) -> None:
    """The line bears its latest claim; an older one that ends does not cover a newer one."""
    if line.claim_kind is None or line.claim_kind is claim.kind or claim.state in OPEN_CLAIMS:
        line.claim_kind, line.claim_state, line.raw_claim = claim.kind, claim.state, claim.raw_code
        line.version += 1


def _paid(session: Session, claim: Claim) -> bool:
    return session.get_one(Order, claim.order_id).paid_at is not None
