"""The plan kind `purchase_order.create`: a draft for one supplier, of named articles or of all it is short of."""

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import ACTOR_NAME, NOW, made
from backend.errors import Conflict, InvalidInput, NotFound, NothingToChange
from backend.inventory.models import StockItem, Supplier
from backend.inventory.states import ItemState
from backend.kit import clock
from backend.orders.states import PurchaseState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.purchasing.models import PurchaseOrder
from backend.purchasing.shortages import shortages

Id = Annotated[str, Field(max_length=60)]


class WishedLine(BaseModel):
    """`cost` for one, KRW; the article's own when it is not said."""

    item_id: Id
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    cost: Annotated[int | None, Field(ge=0, le=1_000_000_000)] = None


class CreateParams(BaseModel):
    """Without `lines` everything the supplier's articles are short of. `due_on` follows from the supplier's lead days."""

    supplier_id: Id
    lines: Annotated[list[WishedLine], Field(max_length=500)] = []
    due_on: date | None = None
    note: Annotated[str | None, Field(max_length=1000)] = None


def propose(session: Session, actor: Actor, params: CreateParams) -> Proposal:
    """Raises NotFound `supplier_not_found`, `item_not_found`, Conflict `supplier_inactive`, InvalidInput
    `purchase_item_twice`, `due_in_the_past`, NothingToChange `nothing_short`."""
    actor.require(Permission.PURCHASING)
    supplier = session.get(Supplier, params.supplier_id)
    if supplier is None or supplier.shop_id != actor.shop_id:
        raise NotFound("no such supplier in this shop", code="supplier_not_found")
    if not supplier.active:
        raise Conflict("not bought from any more", code="supplier_inactive", supplier=supplier.name)
    due = params.due_on or clock.today() + timedelta(days=supplier.lead_days)
    if due < clock.today():
        raise InvalidInput("that day is over", code="due_in_the_past", day=due.isoformat(), fields=[
            {"field": "due_on", "message": due.isoformat()}
        ])  # fmt: skip
    wanted = _wanted(session, actor.shop_id, supplier, params)
    number = _number(session, actor.shop_id)
    changes: list[Change] = [create("purchase_order", {
        "number": number, "supplier_id": supplier.id, "state": PurchaseState.DRAFT.value, "due_on": due.isoformat(),
        "note": params.note, "by_name": ACTOR_NAME, "created_at": NOW,
    }, number)]  # fmt: skip
    order_id = made(changes)
    for item, quantity, cost in wanted:
        values = {"purchase_order_id": order_id, "item_id": item.id, "quantity": quantity, "cost": cost}
        changes.append(create("purchase_line", values, item.name))
    rows = [{"item": item.name, "quantity": quantity} for item, quantity, _ in wanted]
    costs = [cost for _, _, cost in wanted]
    effects = [Effect("purchase_drafted", {
        "number": number, "supplier": supplier.name, "rows": rows[:10], "count": len(rows),
        "pieces": sum(q for _, q, _ in wanted), "due_on": due.isoformat(),
        "amount": sum(q * (c or 0) for _, q, c in wanted), "without_cost": sum(cost is None for cost in costs),
    })]  # fmt: skip
    others = [item.name for item, _, _ in wanted if item.supplier_id not in (None, supplier.id)]
    if others:
        effects.append(Effect("purchase_of_others", {"items": others[:5], "supplier": supplier.name}))
    return Proposal(changes, effects)


def _wanted(
    session: Session, shop_id: str, supplier: Supplier, params: CreateParams
) -> list[tuple[StockItem, int, int | None]]:
    if not params.lines:
        short = shortages(session, shop_id, supplier.id)
        if not short:
            raise NothingToChange("nothing is short", code="nothing_short", supplier=supplier.name)
        return [(s.item, s.short, s.item.cost) for s in short]
    ids = [line.item_id for line in params.lines]
    if len(set(ids)) != len(ids):
        raise InvalidInput(
            "an article stands twice", code="purchase_item_twice", fields=[{"field": "lines", "message": "twice"}]
        )
    found = {
        item.id: item
        for item in session.scalars(select(StockItem).where(StockItem.shop_id == shop_id, StockItem.id.in_(ids)))
        if item.state is ItemState.ACTIVE
    }
    if missing := [item_id for item_id in ids if item_id not in found]:
        raise NotFound("no such article in this shop", code="item_not_found", item_id=missing[0])
    return [
        (found[w.item_id], w.quantity, w.cost if w.cost is not None else found[w.item_id].cost) for w in params.lines
    ]


def _number(session: Session, shop_id: str) -> str:
    """PO20261121-01, counted within the day; two at once make one of the previews stale."""
    prefix = f"PO{clock.today():%Y%m%d}-"
    query = select(func.max(PurchaseOrder.number)).where(
        PurchaseOrder.shop_id == shop_id,
        PurchaseOrder.number.startswith(prefix),
        func.length(PurchaseOrder.number) == len(prefix) + 2,
    )
    last: Any = session.scalar(query)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:02}"


register(PlanKind("purchase_order.create", CreateParams, propose))
