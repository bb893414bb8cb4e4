"""A shop with stock: `ids` names two options of one product, an item that is out, an arrival three days late."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory.models import StockItem, StockMovement
from backend.inventory_settings.models import InventorySetting
from backend.kit import clock
from backend.kit.ids import new_id
from backend.plans import service
from backend.plans.models import Plan
from tests.backend.plans.conftest import ids

__all__ = ["ids"]
Set = Callable[[str, Any], None]


@pytest.fixture
def setting(session: Session, ids: dict[str, str]) -> Set:
    """`setting("overdue_display", False)` as the shop has set it."""

    def put(key: str, value: Any) -> None:
        query = select(InventorySetting).where(InventorySetting.shop_id == "shop_oneul", InventorySetting.key == key)
        row = session.scalars(query).first()
        if row is None:
            row = InventorySetting(id=new_id("ist"), shop_id="shop_oneul", key=key, value={}, changed_at=clock.now())
            session.add(row)
        row.value = {"value": value}
        session.flush()

    return put


def carry_out(session: Session, actor: Actor, kind: str, **params: Any) -> Plan:
    plan = service.preview(session, actor, kind, params)
    return service.confirm(session, actor, plan.id, new_id("key"))


def undo(session: Session, actor: Actor, plan: Plan) -> Plan:
    return carry_out(session, actor, "undo", source_type="plan", source_id=plan.id)


def stock(session: Session, item_id: str) -> int:
    session.expire_all()
    return session.get_one(StockItem, item_id).stocked


def unbalanced(session: Session) -> list[str]:
    """Items whose stock is not the sum of their lines, or whose last line tells another balance."""
    session.expire_all()
    summed = select(func.coalesce(func.sum(StockMovement.delta), 0)).where(StockMovement.item_id == StockItem.id)
    return list(session.scalars(select(StockItem.id).where(StockItem.stocked != summed.scalar_subquery())))


def effect(plan: Plan, code: str) -> dict[str, Any] | None:
    return next((e["data"] for e in plan.effects if e["code"] == code), None)
