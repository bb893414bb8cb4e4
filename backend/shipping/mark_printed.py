"""The plan kind `labels.mark_printed`: printing reads only, so that a label may be printed again; this is what notes it."""

from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import NOW
from backend.errors import InvalidInput, NothingToChange
from backend.orders.states import ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.shipping.parcels import chosen
from backend.shipping.ship import Names


class PrintedParams(BaseModel):
    shipment_ids: Names = []
    order_ids: Names = []


def propose(session: Session, actor: Actor, params: PrintedParams) -> Proposal:
    """Raises NothingToChange `labels_marked` where all of them are noted already; one without a label is left out."""
    actor.require(Permission.ORDERS_HANDLE)
    if not params.shipment_ids and not params.order_ids:
        raise InvalidInput("which parcels?", fields=[{"field": "shipment_ids", "message": "missing"}])
    parcels = chosen(session, actor.shop_id, params.shipment_ids, params.order_ids, ShipmentState.LABELLED)
    changes = [
        Change("shipment", parcel.shipment.id, "printed_at", None, NOW, parcel.label)
        for parcel in parcels
        if parcel.shipment.tracking_no and parcel.shipment.printed_at is None
    ]
    if not changes:
        raise NothingToChange("they are noted", code="labels_marked")
    return Proposal(changes, [Effect("labels_printed", {"count": len(changes)})])


register(PlanKind("labels.mark_printed", PrintedParams, propose))
