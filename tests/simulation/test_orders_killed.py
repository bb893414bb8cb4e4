"""Taking in, promising and changing orders, killed between any two steps: all of it is written or nothing, and doing it
again ends where it would have ended."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend import features
from backend.access.actor import member_actor
from backend.db import engine as db_engine
from backend.db.engine import unit_of_work
from backend.db.schema import migrate
from backend.kit import clock
from backend.orders.allocate import allocate_waiting
from backend.orders.models import OrderLine
from backend.orders.states import F
from backend.orders.take_in import take_in
from backend.plans import service as plans
from backend.settings import get_settings
from backend.shops.models import Member, Shop
from tests.backend.conftest import NOW, make_shop
from tests.backend.orders.build import add_item, check_books, line, order
from tests.simulation.killing import each_death
from tests.simulation.workshop import Kept

pytestmark = pytest.mark.timeout(600)
SHOP = "shop_oneul"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder: Path = tmp_path_factory.mktemp("orders")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSTALK_VAR_DIR", str(folder / "var"))
        patch.setenv("OPSTALK_SECRET_KEY", "test-secret-test-secret-test-secret-test")
        get_settings.cache_clear()
        db_engine.get_engine.cache_clear()
        features.load()
        migrate()
        with clock.frozen(NOW):
            with unit_of_work() as session:
                shop = make_shop(session, "oneul")
                add_item(session, shop, 1, stocked=3)
                take_in(session, SHOP, [order(1, line("a", quantity=2), line("b")), order(2)])
                allocate_waiting(session, SHOP)
            yield Kept(folder / "kept")
        db_engine.get_engine().dispose()
    db_engine.get_engine.cache_clear()
    get_settings.cache_clear()


def collect() -> None:
    later = clock.now() + timedelta(minutes=5)
    page = [
        order(1, line("a", quantity=2, fulfilment=F.CANCELLED), line("b"), changed_at=later),
        order(2),
        order(3, line("c", quantity=9)),
    ]
    with unit_of_work() as session:
        take_in(session, SHOP, page)
        allocate_waiting(session, SHOP)


def wished(kind: str, params: Callable[[Any], dict[str, Any]]) -> Callable[[], None]:
    def work() -> None:
        with unit_of_work() as session:
            owner = member_actor(session.get_one(Member, "mem_oneul_owner"))
            plan = plans.preview(session, owner, kind, params(session))
            plans.confirm(session, owner, plan.id, "key")

    return work


def first_line(session: Any) -> dict[str, Any]:
    line_id = session.scalars(select(OrderLine.id).where(OrderLine.market_line_no == "a")).one()
    return {"lines": [{"line_id": line_id, "quantity": 1}]}


WORKS: dict[str, Callable[[], None]] = {
    "collect": collect,
    "split": wished("order.split", first_line),
    "merge": wished("order.merge", lambda _: {"order_ids": ["20261118001", "20261118002"]}),
    "remove": wished("order.remove", lambda _: {"order_id": "20261118001"}),
}


def state() -> list[tuple[Any, ...]]:
    """What the shop promises to whom, without ids and times."""
    with unit_of_work(write=False) as session:
        check_books(session, session.get_one(Shop, SHOP))
        rows = session.execute(
            select(
                OrderLine.market_line_no, OrderLine.quantity, OrderLine.cancelled, OrderLine.allocated, OrderLine.fulfilment,
                OrderLine.shipment_id,
            ).order_by(OrderLine.id)
        ).all()  # fmt: skip
        homes: dict[str | None, int] = {}
        return [(*row[:-1], homes.setdefault(row[-1], len(homes))) for row in rows]


@pytest.mark.parametrize("name", sorted(WORKS))
def test_killed_at_any_step_it_is_done_wholly_or_not_at_all(name: str, kept: Kept) -> None:
    kept.restore()
    untouched = state()
    WORKS[name]()
    whole = state()
    assert whole != untouched
    deaths = 0
    for point in each_death(kept.restore, WORKS[name]):
        deaths += 1
        left = state()
        assert left in (untouched, whole), point
        if left == untouched:
            WORKS[name]()
            assert state() == whole, point
        elif name == "collect":
            WORKS[name]()
            assert state() == whole, "told again, it changes nothing"
    assert deaths >= 5
