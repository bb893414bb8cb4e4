"""Expected arrivals: written down, put off, called off, received whole or in part."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import NOW
from backend.errors import Conflict, InvalidInput, NotFound, NothingToChange
from backend.inventory.adjust import Pieces, items_by_id, row_of
from backend.inventory.labels import OPEN
from backend.inventory.models import Inbound, StockItem, Supplier
from backend.inventory.states import InboundState, MovementReason
from backend.inventory.targets import movement
from backend.kit import clock
from backend.plans.kinds import PlanKind, Proposal, register

FURTHEST = timedelta(days=730)


class ExpectedLine(BaseModel):
    item_id: str
    quantity: Pieces


class CreateParams(BaseModel):
    lines: Annotated[list[ExpectedLine], Field(min_length=1, max_length=100)]
    due_on: date
    supplier_id: str | None = None
    note: Annotated[str, Field(max_length=200)] | None = None


def propose_create(session: Session, actor: Actor, params: CreateParams) -> Proposal:
    """Raises NotFound `item_not_found` or `supplier_not_found`, InvalidInput `inbound_past` or `inbound_too_far`."""
    actor.require(Permission.STOCK_MOVE)
    items = items_by_id(session, actor, [line.item_id for line in params.lines])
    supplier = _supplier(session, actor, params.supplier_id)
    _check_day(params.due_on)
    changes = [
        create("inbound", {
            "item_id": line.item_id, "supplier_id": params.supplier_id or items[line.item_id].supplier_id,
            "quantity": line.quantity, "due_on": params.due_on.isoformat(), "note": params.note, "created_at": NOW,
        }, items[line.item_id].name)
        for line in params.lines
    ]  # fmt: skip
    told = [{"item": items[line.item_id].name, "quantity": line.quantity} for line in params.lines]
    data = {"items": told, "due_on": params.due_on.isoformat(), "supplier": supplier.name if supplier else None}
    return Proposal(changes, [Effect("inbound_expected", data)])


class ReceiveParams(BaseModel):
    """Without a quantity all that is still due has come."""

    inbound_id: str
    quantity: Pieces | None = None


def propose_receive(session: Session, actor: Actor, params: ReceiveParams) -> Proposal:
    """Raises NotFound `inbound_not_found`, NothingToChange `inbound_over`, Conflict `inbound_too_many` with `remaining`."""
    actor.require(Permission.STOCK_MOVE)
    inbound, item = _open(session, actor, params.inbound_id)
    remaining = inbound.quantity - inbound.received
    arrived = remaining if params.quantity is None else params.quantity
    if arrived > remaining:
        raise Conflict(
            "more than was expected", code="inbound_too_many", item=item.name, remaining=remaining, asked=arrived
        )
    received = inbound.received + arrived
    state = InboundState.RECEIVED if received == inbound.quantity else InboundState.PARTLY
    changes = [
        movement(item, arrived, MovementReason.RECEIVE),
        Change("inbound", inbound.id, "received", inbound.received, received, item.name),
    ]
    if state is not inbound.state:
        changes.append(Change("inbound", inbound.id, "state", inbound.state.value, state.value, item.name))
    told = {**row_of(item, arrived), "remaining": remaining - arrived, "due_on": inbound.due_on.isoformat()}
    return Proposal(changes, [Effect("inbound_arrives", told)])


class ChangeParams(BaseModel):
    """What is not said stays; `cancel` calls off what has not come yet."""

    inbound_id: str
    due_on: date | None = None
    quantity: Pieces | None = None
    cancel: bool = False
    note: Annotated[str, Field(max_length=200)] | None = None


def propose_change(session: Session, actor: Actor, params: ChangeParams) -> Proposal:
    """Raises as the others do, and Conflict `inbound_came_already` for less than has arrived."""
    actor.require(Permission.STOCK_MOVE)
    inbound, item = _open(session, actor, params.inbound_id)
    changes = []

    def set_to(field: str, before: object, after: object) -> None:
        if before != after:
            changes.append(Change("inbound", inbound.id, field, before, after, item.name))

    if params.cancel:
        set_to("state", inbound.state.value, InboundState.CANCELLED.value)
    if params.due_on is not None:
        if params.due_on != inbound.due_on:
            _check_day(params.due_on)
        set_to("due_on", inbound.due_on.isoformat(), params.due_on.isoformat())
    if params.quantity is not None:
        if params.quantity <= inbound.received:
            raise Conflict(
                "as many have come", code="inbound_came_already", item=item.name, received=inbound.received,
                asked=params.quantity,
            )  # fmt: skip
        set_to("quantity", inbound.quantity, params.quantity)
    if params.note is not None:
        set_to("note", inbound.note, params.note)
    told = {
        "item": item.name, "cancel": params.cancel, "due_on": inbound.due_on.isoformat(), "quantity": inbound.quantity,
        "received": inbound.received, "new_due_on": params.due_on.isoformat() if params.due_on else None,
        "new_quantity": params.quantity,
    }  # fmt: skip
    return Proposal(changes, [Effect("inbound_changes", told)])


def _open(session: Session, actor: Actor, inbound_id: str) -> tuple[Inbound, StockItem]:
    inbound = session.get(Inbound, inbound_id)
    if inbound is None or inbound.shop_id != actor.shop_id:
        raise NotFound("no such arrival in this shop", code="inbound_not_found")
    item = session.get_one(StockItem, inbound.item_id)
    if inbound.state not in OPEN:
        raise NothingToChange(
            "it is over", code="inbound_over", item=item.name, state=inbound.state.value, received=inbound.received
        )
    return inbound, item


def _supplier(session: Session, actor: Actor, supplier_id: str | None) -> Supplier | None:
    if supplier_id is None:
        return None
    supplier = session.get(Supplier, supplier_id)
    if supplier is None or supplier.shop_id != actor.shop_id or not supplier.active:
        raise NotFound("no such supplier in this shop", code="supplier_not_found")
    return supplier


def _check_day(due_on: date) -> None:
    today = clock.today()
    if due_on < today:
        raise InvalidInput(
            "that day is over", code="inbound_past", due_on=due_on.isoformat(),
            fields=[{"field": "due_on", "message": "past"}],
        )  # fmt: skip
    if due_on > today + FURTHEST:
        raise InvalidInput(
            "too far away", code="inbound_too_far", due_on=due_on.isoformat(),
            fields=[{"field": "due_on", "message": "far"}],
        )  # fmt: skip


register(PlanKind("inbound.create", CreateParams, propose_create))
register(PlanKind("inbound.receive", ReceiveParams, propose_receive))
register(PlanKind("inbound.change", ChangeParams, propose_change))
