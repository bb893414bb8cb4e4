"""A merchant's own kinds of movement beside the built-in ones (source: 002, 입/출고 유형)."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.errors import Conflict, NotFound
from backend.inventory.models import MovementType
from backend.inventory.states import Direction
from backend.plans.kinds import PlanKind, Proposal, register

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
MOST = 50


class CreateParams(BaseModel):
    name: Name
    direction: Direction


def propose_create(session: Session, actor: Actor, params: CreateParams) -> Proposal:
    """One that was taken out of use comes back. Raises Conflict `movement_type_exists` or `movement_types_full`."""
    actor.require(Permission.INVENTORY_SETTINGS_CHANGE)
    told = Effect("movement_type_new", {"name": params.name, "direction": params.direction.value})
    known = _named(session, actor, params.name, params.direction)
    if known is not None and known.active:
        raise Conflict("it exists", code="movement_type_exists", name=known.name, direction=known.direction.value)
    if known is not None:
        return Proposal([Change("movement_type", known.id, "active", False, True, known.name)], [told])
    count = session.scalar(select(func.count()).where(MovementType.shop_id == actor.shop_id)) or 0
    if count >= MOST:
        raise Conflict("enough of them", code="movement_types_full", most=MOST)
    return Proposal(
        [create("movement_type", {"name": params.name, "direction": params.direction.value}, params.name)], [told]
    )


class ChangeParams(BaseModel):
    type_id: str
    name: Name | None = None
    active: bool | None = None


def propose_change(session: Session, actor: Actor, params: ChangeParams) -> Proposal:
    """Renames it or takes it out of use; lines of the ledger keep it. Raises NotFound `movement_type_not_found`."""
    actor.require(Permission.INVENTORY_SETTINGS_CHANGE)
    row = session.get(MovementType, params.type_id)
    if row is None or row.shop_id != actor.shop_id:
        raise NotFound("no such kind of movement", code="movement_type_not_found")
    changes = []
    if params.name is not None and params.name != row.name:
        other = _named(session, actor, params.name, row.direction)
        if other is not None:
            raise Conflict("it exists", code="movement_type_exists", name=other.name, direction=other.direction.value)
        changes.append(Change("movement_type", row.id, "name", row.name, params.name, row.name))
    if params.active is not None and params.active != row.active:
        changes.append(Change("movement_type", row.id, "active", row.active, params.active, row.name))
    data = {"name": row.name, "new_name": params.name, "active": params.active}
    return Proposal(changes, [Effect("movement_type_changes", data)])


def _named(session: Session, actor: Actor, name: str, direction: Direction) -> MovementType | None:
    return session.scalars(
        select(MovementType).where(
            MovementType.shop_id == actor.shop_id, MovementType.direction == direction, MovementType.name == name
        )
    ).first()


register(PlanKind("movement_type.create", CreateParams, propose_create))
register(PlanKind("movement_type.change", ChangeParams, propose_change))
