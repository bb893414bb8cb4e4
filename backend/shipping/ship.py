"""The plan kind `shipment.ship`: labelled parcels leave — stock goes out, promises are kept, markets are told."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import NOW
from backend.claims.models import Claim
from backend.errors import NothingToChange, OpsTalkError
from backend.inventory.states import MovementReason
from backend.inventory.targets import movement
from backend.inventory_settings.remote_areas import disruptions
from backend.orders.models import OrderLine, Shipment
from backend.orders.states import CLAIM, ClaimState, Fulfilment, ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.shipping.couriers import couriers
from backend.shipping.parcels import AT_MOST, Parcel, chosen, filled
from backend.shipping.readiness import misplaced, unfit, unready
from backend.shipping.told import tell_invoices

Names = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=AT_MOST)]


class ShipParams(BaseModel):
    """Parcels by id, by their orders, or with `all_labelled` every parcel that may leave; the others are told."""

    shipment_ids: Names = []
    order_ids: Names = []
    all_labelled: bool = False


def propose(session: Session, actor: Actor, params: ShipParams) -> Proposal:
    """Raises NothingToChange `nothing_to_ship`, and for a named parcel the first thing that keeps it (readiness.py)."""
    actor.require(Permission.ORDERS_HANDLE)
    named = chosen(session, actor.shop_id, params.shipment_ids, params.order_ids, ShipmentState.LABELLED)
    for parcel in named:
        _refuse(session, actor.shop_id, parcel)
    left_out: list[dict[str, Any]] = []
    if params.all_labelled:
        named, left_out = _all(session, actor.shop_id)
    if not named:
        raise NothingToChange("no parcel may leave", code="nothing_to_ship", left_out=left_out)
    changes = leaving(named) + _exchanges_sent(session, actor.shop_id, named)
    pieces = sum(line.open_quantity for parcel in named for line in parcel.lines)
    markets = sorted({o.market.value for parcel in named for o in parcel.orders.values() if o.market_order_no})
    effects = [Effect("parcels_leave", {
        "count": len(named), "pieces": pieces, "orders": sorted({p.order_no for p in named})[:10],
    })]  # fmt: skip
    if markets:
        effects.append(Effect("markets_told_invoice", {"markets": markets}))
    if left_out:
        effects.append(Effect("parcels_stay", {"count": len(left_out), "rows": left_out[:10]}))
    return Proposal(changes, effects)


def leaving(parcels: Sequence[Parcel]) -> list[Change]:
    """Line by line in the order of their items, so that two plans never wait for each other's stock."""
    lines = sorted(
        ((parcel, line) for parcel in parcels for line in parcel.lines),
        key=lambda pair: (pair[1].item_id or "", pair[1].id),
    )
    balances: dict[str, int] = {}
    changes: list[Change] = []
    for parcel, line in lines:
        name = parcel.name_of(line)
        if line.item_id is not None:
            item = parcel.items[line.item_id]
            if line.allocated:
                changes.append(Change("order_line", line.id, "allocated", line.allocated, 0, name))
            out = movement(
                item, -line.open_quantity, MovementReason.SHIP, before=balances.get(item.id), line_id=line.id
            )
            balances[item.id] = out.after["balance"]
            changes.append(out)
        changes.append(
            Change("order_line", line.id, "fulfilment", line.fulfilment.value, Fulfilment.SHIPPED.value, name)
        )
    for parcel in sorted(parcels, key=lambda p: p.shipment.id):
        shipment = parcel.shipment
        changes.append(
            Change("shipment", shipment.id, "state", shipment.state.value, ShipmentState.SHIPPED.value, parcel.label)
        )
        was = shipment.shipped_at.isoformat() if shipment.shipped_at else None
        changes.append(Change("shipment", shipment.id, "shipped_at", was, NOW, parcel.label))
    return changes


def _refuse(session: Session, shop_id: str, parcel: Parcel) -> None:
    if wrong := misplaced(parcel, ShipmentState.LABELLED):
        raise wrong.refuse(parcel)
    courier = couriers().get(parcel.shipment.courier or "")
    for obstacle in (*unready(parcel), *(unfit(parcel, courier, disruptions(session, shop_id)) if courier else ())):
        raise obstacle.refuse(parcel)


def _all(session: Session, shop_id: str) -> tuple[list[Parcel], list[dict[str, Any]]]:
    query = (
        select(Shipment)
        .where(Shipment.shop_id == shop_id, Shipment.state == ShipmentState.LABELLED)
        .order_by(Shipment.labelled_at, Shipment.id)
        .limit(AT_MOST)
    )
    ready, left_out = [], []
    for parcel in filled(session, shop_id, list(session.scalars(query))):
        try:
            _refuse(session, shop_id, parcel)
        except OpsTalkError as error:
            left_out.append({"order_no": parcel.order_no, "code": error.error_code, "data": error.data})
            continue
        ready.append(parcel)
    return ready, left_out


def _exchanges_sent(session: Session, shop_id: str, parcels: Sequence[Parcel]) -> list[Change]:
    """An exchange whose other article leaves is on its way back to the buyer."""
    lines = {line.id: (parcel, line) for parcel in parcels for line in parcel.lines if line.exchange_of}
    changes: list[Change] = []
    query = select(Claim).where(Claim.shop_id == shop_id, Claim.exchange_line_id.in_(lines)).order_by(Claim.id)
    for claim in session.scalars(query) if lines else ():
        after = ClaimState.RESHIPPING
        if claim.state is after or after not in CLAIM[claim.state]:
            continue
        label = lines[claim.exchange_line_id or ""][0].label
        changes.append(Change("claim", claim.id, "state", claim.state.value, after.value, label))
        origin = session.get_one(OrderLine, claim.line_id)
        if origin.claim_state is claim.state:
            changes.append(Change("order_line", origin.id, "claim_state", claim.state.value, after.value, label))
    return changes


def _tell(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    left = [c.target_id for c in written if c.target_type == "shipment" and c.field == "state"]
    return {"shipped": len(left), "told": tell_invoices(session, plan, left)}


register(PlanKind("shipment.ship", ShipParams, propose, _tell))
