"""The plan kind `order.deallocate`: what was promised to orders is free for others."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import NothingToChange
from backend.orders.chosen import OneOf, Ref, live_parcels, must_be_unlabelled, orders_in, set_to, standing_lines
from backend.orders.models import OrderLine, Shipment
from backend.orders.states import F
from backend.plans.kinds import PlanKind, Proposal, register


class DeallocateParams(BaseModel):
    """`hold`: keep the parcels from getting stock again by themselves."""

    order_ids: Annotated[list[Ref], Field(max_length=100)] = []
    shipment_id: Ref | None = None
    hold: bool = False

    @model_validator(mode="after")
    def _something(self) -> "DeallocateParams":
        if bool(self.order_ids) == (self.shipment_id is not None):
            raise ValueError("either orders or a shipment")
        return self


def propose(session: Session, actor: Actor, params: DeallocateParams) -> Proposal:
    """Raises Conflict `already_labelled` and NothingToChange `nothing_allocated`."""
    actor.require(Permission.ORDERS_HANDLE)
    wishes = [OneOf(order_id=one) for one in params.order_ids] or [OneOf(shipment_id=params.shipment_id)]
    parcels: dict[str, Shipment] = {}
    for wish in wishes:
        parcels |= {one.id: one for one in live_parcels(session, actor.shop_id, wish)}
    chosen = [parcels[key] for key in sorted(parcels)]
    must_be_unlabelled(chosen)
    named = set(params.order_ids)
    orders = {
        order.id: order for order in orders_in(session, chosen) if not named or named & {order.id, order.order_no}
    }
    lines = [line for line in standing_lines(session, chosen) if line.allocated > 0 and line.order_id in orders]
    if not lines:
        numbers = [order.order_no for order in orders.values()]
        raise NothingToChange("no stock is promised to it", code="nothing_allocated", orders=numbers)
    changes = without_stock(lines, "")
    if params.hold:
        changes += [change for one in chosen for change in set_to(one, held=True)]
    told = {
        "orders": [order.order_no for order in orders.values()], "units": sum(line.allocated for line in lines),
        "hold": params.hold,
    }  # fmt: skip
    effects = [Effect("orders_deallocated", told)]
    if not params.hold and any(not one.held for one in chosen):
        effects.append(Effect("allocated_again_by_itself", {"orders": told["orders"]}))
    return Proposal(changes, effects)


def without_stock(lines: Sequence[OrderLine], label: str) -> list[Change]:
    """Items in the order of their ids, as everyone locks them."""
    changes: list[Change] = []
    for line in sorted(lines, key=lambda one: (one.item_id or "", one.id)):
        name = line.market_name or label
        changes.append(Change("order_line", line.id, "allocated", line.allocated, 0, name))
        changes.append(Change("order_line", line.id, "fulfilment", line.fulfilment.value, F.UNALLOCATED.value, name))
    return changes


register(PlanKind("order.deallocate", DeallocateParams, propose))
