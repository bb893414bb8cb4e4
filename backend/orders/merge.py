"""The plan kind `order.merge` (합포): parcels to one person leave as one."""

from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import Conflict, NothingToChange
from backend.orders.chosen import (
    OneOf,
    Ref,
    live_parcels,
    must_allow_merging,
    must_be_unlabelled,
    must_not_be_held,
    must_stand,
    orders_in,
    standing_lines,
)
from backend.orders.mergeable import difference
from backend.orders.models import Shipment
from backend.orders.states import ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register

Refs = Annotated[list[Ref], Field(max_length=50)]


class MergeParams(BaseModel):
    order_ids: Refs = []
    shipment_ids: Refs = []

    @model_validator(mode="after")
    def _something(self) -> "MergeParams":
        if not self.order_ids and not self.shipment_ids:
            raise ValueError("which orders or shipments")
        return self


def propose(session: Session, actor: Actor, params: MergeParams) -> Proposal:
    """All lines go into the parcel with the lowest number; the others become void.

    Raises Conflict `already_labelled`, `parcel_held`, `merge_forbidden`, `recipients_differ` (with the field and what each
    parcel says), and NothingToChange `already_together` or `one_parcel_only`.
    """
    actor.require(Permission.ORDERS_HANDLE)
    wishes = [OneOf(order_id=one) for one in params.order_ids] + [OneOf(shipment_id=one) for one in params.shipment_ids]
    chosen: dict[str, Shipment] = {}
    for wish in wishes:
        chosen |= {one.id: one for one in live_parcels(session, actor.shop_id, wish)}
    parcels = sorted(chosen.values(), key=lambda one: one.number)
    orders = orders_in(session, parcels)
    if len(parcels) < 2:
        together = len(orders) > 1
        raise NothingToChange(
            "there is one parcel only",
            code="already_together" if together else "one_parcel_only",
            number=parcels[0].number,
        )
    for order in orders:
        must_stand(order)
    must_be_unlabelled(parcels)
    must_not_be_held(parcels)
    must_allow_merging(parcels)
    if found := difference(parcels):
        field, values = found
        numbers = [one.number for one in parcels]
        raise Conflict(
            "they go to different places", code="recipients_differ", differs_in=field, values=values, numbers=numbers
        )
    home, *others = parcels
    changes: list[Change] = []
    for line in standing_lines(session, others):
        changes.append(Change("order_line", line.id, "shipment_id", line.shipment_id, home.id, line.market_name or ""))
    for one in others:
        changes.append(
            Change("shipment", one.id, "state", ShipmentState.PREPARING.value, ShipmentState.VOID.value, one.number)
        )
        changes.append(Change("shipment", one.id, "merged_into", one.merged_into, home.id, one.number))
    told = {"orders": [order.order_no for order in orders], "number": home.number, "recipient": home.recipient_name, "parcels": len(parcels)}  # fmt: skip
    effects = [Effect("orders_merged", told)]
    messages = list(dict.fromkeys(one.message for one in parcels if one.message))
    if len(messages) > 1 or (messages and home.message is None):
        effects.append(
            Effect("messages_differ", {"kept": home.message, "dropped": [m for m in messages if m != home.message]})
        )
    lacking = sorted({order.order_no for order in orders if _lacks(session, home, others, order.id)})
    if lacking and len(lacking) < len(orders):
        effects.append(Effect("waits_for_the_rest", {"orders": lacking}))
    return Proposal(changes, effects)


def _lacks(session: Session, home: Shipment, others: list[Shipment], order_id: str) -> bool:
    lines = standing_lines(session, [home, *others])
    return any(line.order_id == order_id and line.allocated < line.open_quantity for line in lines)


register(PlanKind("order.merge", MergeParams, propose))
