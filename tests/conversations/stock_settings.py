"""What a dialogue may claim about settings and the reset, and what happens to them meanwhile."""

from typing import Any

from backend.access.actor import member_actor
from backend.db.engine import unit_of_work
from backend.inventory_settings.directory import bring
from backend.inventory_settings.models import EntryKind
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine
from backend.plans import service
from backend.shops.models import Member
from tests.conversations.person import Person
from tests.conversations.stage import Stage


def _settings(person: Person) -> dict[str, Any]:
    """What is set otherwise than by default."""
    return {s["key"]: s["value"] for s in person.api("/api/inventory/settings") if not s["is_default"]}


def _has_orders(person: Person) -> bool:
    return bool(person.api("/api/inventory/reset")["counts"]["orders"])


def island_order_comes(stage: Stage, mall_id: str, person: Person) -> None:
    """A paid order to Jeju waits."""
    now = clock.now()
    with unit_of_work() as session:
        session.add(Order(
            id=new_id("ord"), shop_id=f"shop_{mall_id}", order_no="20261122-0000901", market=Market.SMARTSTORE,
            market_order_no="901", buyer_name="한*라", postcode="63100", address="제주", ordered_at=now, paid_at=now,
            collected_at=now, remote_area="제주", total=10_000,
        ))  # fmt: skip
        session.flush()
        order = session.query(Order).filter_by(market_order_no="901", shop_id=f"shop_{mall_id}").one()
        session.add(OrderLine(id=new_id("orl"), shop_id=order.shop_id, order_id=order.id, quantity=1, amount=10_000))


def setting_changed_elsewhere(stage: Stage, mall_id: str, person: Person, **params: Any) -> None:
    """The same owner changes a setting in another window."""
    with unit_of_work() as session:
        actor = member_actor(session.get_one(Member, f"mem_{mall_id}_owner"))
        plan = service.preview(session, actor, "inventory_setting.change", params)
        service.confirm(session, actor, plan.id, new_id("key"))


def mall_lists_a_supplier(stage: Stage, mall_id: str, person: Person) -> None:
    with unit_of_work() as session:
        bring(session, f"shop_{mall_id}", EntryKind.SUPPLIER, {"S1": ("새벽물류 상사", {"phone": "02-123-4567"})})


FACTS = {"settings": _settings, "has_orders": _has_orders}
HAPPENINGS = {
    "island_order_comes": island_order_comes,
    "setting_changed_elsewhere": setting_changed_elsewhere,
    "mall_lists_a_supplier": mall_lists_a_supplier,
}
