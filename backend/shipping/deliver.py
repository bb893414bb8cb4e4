"""The plan kind `shipment.deliver`: parcels that have left have arrived; an exchange whose article arrived is done."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import NOW
from backend.claims.models import Claim
from backend.errors import InvalidInput
from backend.orders.models import OrderLine
from backend.orders.states import ClaimState, Fulfilment, ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.shipping.parcels import Parcel, chosen
from backend.shipping.readiness import misplaced
from backend.shipping.ship import Names
from backend.shipping.told import tell_delivered


class DeliverParams(BaseModel):
    shipment_ids: Names = []
    order_ids: Names = []


def propose(session: Session, actor: Actor, params: DeliverParams) -> Proposal:
    """Raises Conflict `shipment_not_labelled`, `shipment_not_shipped`, `shipment_already_delivered`, `shipment_void`."""
    actor.require(Permission.ORDERS_HANDLE)
    if not params.shipment_ids and not params.order_ids:
        raise InvalidInput("which parcels?", fields=[{"field": "shipment_ids", "message": "missing"}])
    parcels = chosen(session, actor.shop_id, params.shipment_ids, params.order_ids, ShipmentState.SHIPPED)
    changes: list[Change] = []
    for parcel in parcels:
        if wrong := misplaced(parcel, ShipmentState.SHIPPED):
            raise wrong.refuse(parcel)
        changes += _arrived(parcel)
    changes += _exchanges_done(session, actor.shop_id, parcels)
    effects = [Effect("parcels_arrived", {"count": len(parcels), "orders": sorted({p.order_no for p in parcels})[:10]})]
    return Proposal(changes, effects)


def _arrived(parcel: Parcel) -> list[Change]:
    shipment = parcel.shipment
    changes = [
        Change(
            "order_line", line.id, "fulfilment", line.fulfilment.value, Fulfilment.DELIVERED.value, parcel.name_of(line)
        )
        for line in parcel.lines
        if line.fulfilment is Fulfilment.SHIPPED
    ]
    changes.append(
        Change("shipment", shipment.id, "state", shipment.state.value, ShipmentState.DELIVERED.value, parcel.label)
    )
    was = shipment.delivered_at.isoformat() if shipment.delivered_at else None
    return [*changes, Change("shipment", shipment.id, "delivered_at", was, NOW, parcel.label)]


def _exchanges_done(session: Session, shop_id: str, parcels: Sequence[Parcel]) -> list[Change]:
    labels = {line.id: parcel.label for parcel in parcels for line in parcel.lines if line.exchange_of}
    query = (
        select(Claim)
        .where(Claim.shop_id == shop_id, Claim.exchange_line_id.in_(labels), Claim.state == ClaimState.RESHIPPING)
        .order_by(Claim.id)
    )
    changes: list[Change] = []
    for claim in session.scalars(query) if labels else ():
        label = labels[claim.exchange_line_id or ""]
        changes.append(Change("claim", claim.id, "state", claim.state.value, ClaimState.DONE.value, label))
        was = claim.closed_at.isoformat() if claim.closed_at else None
        changes.append(Change("claim", claim.id, "closed_at", was, NOW, label))
        origin = session.get_one(OrderLine, claim.line_id)
        if origin.claim_state is claim.state:
            changes.append(
                Change("order_line", origin.id, "claim_state", claim.state.value, ClaimState.DONE.value, label)
            )
    return changes


def _tell(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    arrived = [c.target_id for c in written if c.target_type == "shipment" and c.field == "state"]
    return {"delivered": len(arrived), "told": tell_delivered(session, plan, arrived)}


register(PlanKind("shipment.deliver", DeliverParams, propose, _tell))
