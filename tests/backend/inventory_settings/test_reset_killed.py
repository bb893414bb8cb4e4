"""A reset whose process dies at any step took nothing away, or all of it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.inventory.models import StockItem
from backend.inventory_settings import backup
from backend.orders.models import Order
from backend.orders.states import Fulfilment
from backend.plans import service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from tests.backend.inventory_settings.trading import item, line, order
from tests.simulation.killing import each_death
from tests.simulation.workshop import Kept

pytestmark = pytest.mark.timeout(300)


def test_killed_at_any_step_it_is_all_or_nothing(
    session: Session, owner: Actor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stock = item(session, owner, "A-01", 10)
    for _ in range(3):
        line(session, order(session, owner), stock, allocated=1, fulfilment=Fulfilment.ALLOCATED)
    plan_id = service.preview(session, owner, "orders.reset", {"phrase": "oneul 상점 주문 초기화"}).id
    session.commit()
    session.close()
    kept = Kept(tmp_path_factory.mktemp("kept") / "kept")

    def confirm() -> None:
        with unit_of_work() as own:
            service.confirm(own, owner, plan_id, "key")

    deaths, nothing = 0, 0
    for point in each_death(kept.restore, confirm):
        deaths += 1
        with unit_of_work(write=False) as own:
            orders = own.scalar(select(func.count()).select_from(Order))
            reserved = own.get_one(StockItem, stock.id).reserved
            plan = own.get_one(Plan, plan_id)
            done = plan.state is PlanState.EXECUTED
            assert (orders, reserved) == ((0, 0) if done else (3, 3)), point
            if done:
                backup.verified(backup.folder() / plan.result["file"], plan.result["sha256"])
        if not done:
            nothing += 1
            confirm()
            with unit_of_work(write=False) as own:
                assert own.scalar(select(func.count()).select_from(Order)) == 0, point
    assert deaths >= 10
    assert nothing >= 8
