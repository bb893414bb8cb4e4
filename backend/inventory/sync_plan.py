"""A person's own sync of the stock list with the mall (source: 002, 상품정보 업데이트)."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.errors import NotFound, NothingToChange
from backend.inventory.states import ItemState, MovementReason
from backend.inventory.sync import SETTINGS, OutOfStep, out_of_step
from backend.inventory.targets import movement
from backend.inventory_settings.read import values_of
from backend.plans.kinds import PlanKind, Proposal, register
from backend.products.models import Product

AT_ONCE = 2_000  # changes of one plan; the rest is told and follows with the next


class SyncParams(BaseModel):
    """All products, or these."""

    product_ids: Annotated[list[str], Field(min_length=1, max_length=500)] | None = None


def propose_sync(session: Session, actor: Actor, params: SyncParams) -> Proposal:
    """Raises NotFound `product_not_found`, NothingToChange `items_in_step`."""
    actor.require(Permission.STOCK_MOVE)
    settings = values_of(session, actor.shop_id, *SETTINGS)
    query = select(Product).where(Product.shop_id == actor.shop_id).order_by(Product.code)
    if params.product_ids is not None:
        query = query.where(Product.id.in_(params.product_ids))
    products = list(session.scalars(query))
    if params.product_ids is not None and len(products) != len(set(params.product_ids)):
        raise NotFound("no such product in this shop", code="product_not_found")
    steps = out_of_step(session, actor.shop_id, products, settings["product_update_excluded"])
    changes, moved = _changes(steps, bool(settings["mall_quantity_sync"]))
    if not changes:
        raise NothingToChange("the list is as the mall is", code="items_in_step", excluded=steps.excluded)
    told = {
        "new": len(steps.new), "renamed": len(steps.renamed), "back": len(steps.gone), "moved": moved,
        "excluded": steps.excluded, "left": max(0, len(changes) - AT_ONCE),
    }  # fmt: skip
    return Proposal(changes[:AT_ONCE], [Effect("items_sync", told)])


def _changes(steps: OutOfStep, takes_quantity: bool) -> tuple[list[Change], int]:
    changes = [Change("stock_item", item.id, "name", item.name, name, item.name) for item, name in steps.renamed]
    moved = 0
    for item in sorted(steps.gone, key=lambda item: item.id):
        changes.append(
            Change("stock_item", item.id, "state", ItemState.REMOVED.value, ItemState.ACTIVE.value, item.name)
        )
        if takes_quantity and item.mall_quantity is not None and item.mall_quantity != item.stocked:
            changes.append(movement(item, item.mall_quantity - item.stocked, MovementReason.CORRECT))
            moved += 1
    changes += [create("stock_item", row, row["name"]) for row in steps.new]
    return changes, moved


register(PlanKind("items.sync", SyncParams, propose_sync))
