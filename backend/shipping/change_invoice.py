"""The plan kind `invoice.change`: another courier or number on a parcel that has one (a typing error, a new label)."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import Conflict, InvalidInput, NothingToChange
from backend.inventory_settings.remote_areas import disruptions
from backend.orders.states import ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.shipping.parcels import Parcel, live_of, of_order, parcels
from backend.shipping.readiness import misplaced, unfit
from backend.shipping.register import read_number, refuse_used
from backend.shipping.told import tell_invoices

BEARING = (ShipmentState.LABELLED, ShipmentState.SHIPPED)


class ChangeInvoiceParams(BaseModel):
    shipment_id: Annotated[str | None, Field(max_length=100)] = None
    order_id: Annotated[str | None, Field(max_length=100)] = None
    courier: Annotated[str | None, Field(max_length=60)] = None
    tracking_no: Annotated[str | None, Field(max_length=60)] = None


def propose(session: Session, actor: Actor, params: ChangeInvoiceParams) -> Proposal:
    """Of a parcel that has left, the market is told the correction. Raises Conflict `shipment_not_labelled`,
    `shipment_already_delivered`, `invoice_which_parcel`, and what a registration would raise of courier and number."""
    actor.require(Permission.ORDERS_HANDLE)
    parcel = _meant(session, actor.shop_id, params)
    shipment = parcel.shipment
    if shipment.state not in BEARING and (wrong := misplaced(parcel, ShipmentState.LABELLED)):
        raise wrong.refuse(parcel)
    courier, number = read_number(
        params.courier or shipment.courier or "", params.tracking_no or shipment.tracking_no or ""
    )
    if (courier.key, number) == (shipment.courier, shipment.tracking_no):
        raise NothingToChange("it bears this number", code="invoice_same", count=1)
    for obstacle in unfit(parcel, courier, disruptions(session, actor.shop_id)):
        raise obstacle.refuse(parcel)
    refuse_used(session, actor.shop_id, parcel, courier, number)
    after = {"courier": courier.key, "tracking_no": number}
    changes = [
        Change("shipment", shipment.id, name, getattr(shipment, name), value, parcel.label)
        for name, value in after.items()
        if getattr(shipment, name) != value
    ]
    effects = [Effect("invoice_changed", {
        "order_no": parcel.order_no, "before": {"courier": shipment.courier, "tracking_no": shipment.tracking_no}, "after": after,
    })]  # fmt: skip
    if shipment.state is ShipmentState.SHIPPED:
        effects.append(
            Effect("invoice_correction_told", {"markets": sorted({o.market.value for o in parcel.orders.values()})})
        )
    return Proposal(changes, effects)


def _meant(session: Session, shop_id: str, params: ChangeInvoiceParams) -> Parcel:
    if params.shipment_id:
        return parcels(session, shop_id, [params.shipment_id])[0]
    if not params.order_id:
        raise InvalidInput("which parcel?", fields=[{"field": "order_id", "message": "missing"}])
    order = of_order(session, shop_id, params.order_id)
    live = live_of(session, shop_id, order)
    bearing = [s for s in live if s.state in BEARING] or live
    if len(bearing) != 1:
        raise Conflict(
            "the order has several parcels, or none", code="invoice_which_parcel", order_no=order.order_no,
            shipments=[{"id": s.id, "number": s.number} for s in bearing],
        )  # fmt: skip
    return parcels(session, shop_id, [bearing[0].id])[0]


def _tell(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    parcel = parcels(session, actor.shop_id, [written[0].target_id])[0]
    if parcel.shipment.state is not ShipmentState.SHIPPED:
        return {"told": 0}
    return {"told": tell_invoices(session, plan, [parcel.shipment.id], correction=True)}


register(PlanKind("invoice.change", ChangeInvoiceParams, propose, _tell))
