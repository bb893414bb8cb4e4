"""Items without a barcode get one of the shop's own: EAN-13 numbers kept for use inside one company."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import NothingToChange
from backend.inventory.adjust import items_by_id
from backend.inventory.barcode_digits import OWN, own_ean13
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.plans.kinds import PlanKind, Proposal, register

AT_ONCE = 500


class AssignParams(BaseModel):
    """These items, or all that have none."""

    item_ids: Annotated[list[str], Field(min_length=1, max_length=AT_ONCE)] | None = None


def propose_assign(session: Session, actor: Actor, params: AssignParams) -> Proposal:
    """Raises NotFound `item_not_found`, NothingToChange `barcodes_all_there`."""
    actor.require(Permission.STOCK_MOVE)
    own = select(StockItem).where(StockItem.shop_id == actor.shop_id, StockItem.barcode.is_(None))
    if params.item_ids is not None:
        items = [item for item in items_by_id(session, actor, params.item_ids).values() if item.barcode is None]
        left = 0
    else:
        waiting = own.where(StockItem.state == ItemState.ACTIVE)
        count = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
        items = list(session.scalars(waiting.order_by(StockItem.code).limit(AT_ONCE)))
        left = max(0, count - AT_ONCE)
    if not items:
        raise NothingToChange("all have one", code="barcodes_all_there")
    number = _last_number(session, actor.shop_id)
    ordered = sorted(items, key=lambda item: item.code)
    changes = [
        Change("stock_item", item.id, "barcode", None, own_ean13(number + place), item.name)
        for place, item in enumerate(ordered, 1)
    ]
    told = {
        "count": len(changes), "item": ordered[0].name, "first": changes[0].after, "last": changes[-1].after,
        "left": left,
    }  # fmt: skip
    return Proposal(changes, [Effect("barcodes_given", told)])


def _last_number(session: Session, shop_id: str) -> int:
    """Also of items out of the list: a number is never given twice."""
    last = session.scalar(
        select(func.max(StockItem.barcode)).where(
            StockItem.shop_id == shop_id, StockItem.barcode.startswith(OWN), func.length(StockItem.barcode) == 13
        )
    )
    return int(last[3:12]) if last and last.isdigit() else 0


register(PlanKind("barcode.assign", AssignParams, propose_assign))
