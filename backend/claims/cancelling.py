"""What a cancellation and a return do, whoever asked for them: shared by the merchant's wish and the buyer's request."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import NOW
from backend.claims.amounts import share
from backend.claims.claimed_line import ClaimedLine
from backend.claims.holds import held_back, parcels_at_home, rules_for
from backend.claims.line_changes import emptied, marked, taken_off
from backend.claims.models import Claim
from backend.orders.models import OrderLine
from backend.orders.states import OPEN, ClaimKind, ClaimState, Fulfilment, RefundState, ShipmentState


@dataclass
class Carried:
    """Changes of several claims of one order, and what a person should know of all of them."""

    changes: list[Change] = field(default_factory=list)
    freed: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    returns: list[dict[str, Any]] = field(default_factory=list)
    refund: int = 0
    fee: int = 0
    held: int = 0
    voided: int = 0
    labelled: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  # lines of which nothing is left
    #: state and the other columns that changes of this plan have given to parcels already
    parcels: set[str] = field(default_factory=set)


def cancel(
    session: Session, done: Carried, at: ClaimedLine, quantity: int, reason: str | None, claim: Claim | None = None
) -> None:
    """Before shipping: the pieces are not sent, their stock is free, what was paid is due. `claim` is the buyer's own."""
    paid = at.order.paid_at is not None and at.line.fulfilment is not Fulfilment.AWAITING_PAYMENT
    amount = share(session, at.line, quantity, without=claim) if paid else 0
    state = ClaimState.ACCEPTED if paid else ClaimState.DONE
    refund = RefundState.DUE if paid else RefundState.NONE
    free = at.line.allocated - min(at.line.allocated, at.line.open_quantity - quantity)
    done.changes += taken_off(at, quantity)
    if free:
        done.freed.append({"item": at.name, "quantity": free})
    if at.line.open_quantity == quantity:
        done.gone.add(at.line.id)
    rules = rules_for(session, at.line.shop_id, ClaimKind.CANCEL, False)
    values: dict[str, Any] = {
        "state": state.value,
        "refund": refund.value,
        "refund_amount": amount,
        "after_shipping": False,
    }
    values |= {"held": rules.hold, "closed_at": None if paid else NOW}
    done.changes += _filed(at, ClaimKind.CANCEL, quantity, reason, values, claim) + marked(at, ClaimKind.CANCEL, state)
    done.lines.append({"item": at.name, "quantity": quantity})
    done.refund += amount


def give_back(
    session: Session, done: Carried, at: ClaimedLine, quantity: int, reason: str | None, claim: Claim | None = None
) -> None:
    """After shipping: the goods come back first; the refund waits for them where the setting says so."""
    rules = rules_for(session, at.line.shop_id, ClaimKind.RETURN, True)
    amount = max(0, share(session, at.line, quantity, without=claim) - rules.exchange_fee)
    kind = claim.kind if claim else ClaimKind.RETURN
    values = {
        "state": ClaimState.ACCEPTED.value, "after_shipping": True, "held": rules.hold, "fee": rules.exchange_fee,
        "refund": (RefundState.HELD if rules.hold else RefundState.DUE).value, "refund_amount": amount,
    }  # fmt: skip
    done.changes += _filed(at, kind, quantity, reason, values, claim) + marked(at, kind, ClaimState.ACCEPTED)
    done.returns.append({"item": at.name, "quantity": quantity})
    done.refund += amount
    done.fee += rules.exchange_fee


def drop_gift(done: Carried, at: ClaimedLine) -> None:
    """A gift goes with the order it came with; there is nothing to claim about it."""
    if at.line.allocated:
        done.freed.append({"item": at.name, "quantity": at.line.allocated})
    done.changes += taken_off(at, at.line.open_quantity)
    done.gone.add(at.line.id)


def parcels_after(session: Session, done: Carried, at: ClaimedLine, kind: ClaimKind, after_shipping: bool) -> None:
    """Once for an order: empty parcels are void, the others are held and kept apart as the settings say."""
    shop_id, label = at.line.shop_id, at.order.order_no
    left = parcels_at_home(session, shop_id, at.order.id, done.gone)
    for parcel in parcels_at_home(session, shop_id, at.order.id):
        others = parcel.id in {p.id for p in left} or _foreign(session, shop_id, parcel.id, at.order.id)
        if not others:
            closed = emptied(session, parcel, done.gone, label)
            done.changes += closed
            done.voided += sum(change.after == ShipmentState.VOID.value for change in closed)
        elif parcel.state is ShipmentState.LABELLED:
            done.labelled.append(parcel.number)
    held = held_back(left, rules_for(session, shop_id, kind, after_shipping), kind, label)
    done.held += sum(change.field == "held" for change in held)
    done.changes += held


def effects_of(done: Carried, order_no: str, market: str | None) -> list[Effect]:
    effects = []
    if done.lines:
        effects.append(Effect("lines_cancelled", {"order_no": order_no, "lines": done.lines}))
    if done.returns:
        effects.append(Effect("lines_returned", {"order_no": order_no, "lines": done.returns}))
    if done.freed:
        effects.append(Effect("stock_freed", {"rows": done.freed}))
    if done.refund:
        effects.append(Effect("refund_due", {"amount": done.refund, "fee": done.fee}))
    if done.voided:
        effects.append(Effect("parcels_void", {"count": done.voided}))
    if done.held:
        effects.append(Effect("parcels_held_by_claim", {"count": done.held}))
    if done.labelled:
        effects.append(Effect("label_must_be_redone", {"numbers": done.labelled}))
    if market:
        effects.append(Effect("market_told_claim", {"market": market}))
    return effects


def _filed(
    at: ClaimedLine, kind: ClaimKind, quantity: int, reason: str | None, values: dict[str, Any], claim: Claim | None
) -> list[Change]:
    if claim is None:
        return [create("claim", new_claim(at, kind, quantity, reason, **values), at.label)]
    return set_claim(claim, at.label, **values)


def new_claim(at: ClaimedLine, kind: ClaimKind, quantity: int, reason: str | None, **values: Any) -> dict[str, Any]:
    return {
        "order_id": at.order.id, "line_id": at.line.id, "kind": kind.value, "quantity": quantity, "reason": reason,
        "by": "merchant", "requested_at": NOW, **values,
    }  # fmt: skip


def set_claim(claim: Claim, label: str, **values: Any) -> list[Change]:
    """One change for each column that differs."""
    changes = []
    for name, after in values.items():
        before = plain(getattr(claim, name))
        if before != after:
            changes.append(Change("claim", claim.id, name, before, after, label))
    return changes


def plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return getattr(value, "value", value)


def _foreign(session: Session, shop_id: str, shipment_id: str, order_id: str) -> bool:
    """Whether the parcel also is to bring what another order wants (합포)."""
    query = select(OrderLine.id).where(
        OrderLine.shop_id == shop_id, OrderLine.shipment_id == shipment_id, OrderLine.order_id != order_id,
        OrderLine.fulfilment.in_(OPEN),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None
