"""Many want the last pieces at once: in threads, in processes, by the engine and by people's wishes."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db import engine as db_engine
from backend.db.again import again_if_lost
from backend.db.engine import unit_of_work
from backend.errors import OpsTalkError
from backend.inventory.models import StockItem
from backend.orders.allocate import allocate_waiting
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import F
from backend.orders.take_in import take_in
from backend.plans import service as plans
from backend.plans.states import PlanState
from backend.shops.models import Shop
from tests.backend.orders.build import add_item, check_books, line, order, took

ORDERS, UNITS, AT_ONCE = 200, 100, 16
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def contested(session: Session, shop: Shop) -> StockItem:
    item = add_item(session, shop, 1, stocked=UNITS)
    took(session, shop, *(order(n) for n in range(ORDERS)))
    session.commit()
    return item


def numbers(worker: int) -> list[str]:
    return [f"2026111800{n}" for n in range(ORDERS) if n % AT_ONCE == worker]


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    gate = threading.Barrier(len(acts))

    def go(act: Callable[[], Any]) -> Any:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


def all_given_once(session: Session, shop: Shop) -> None:
    session.rollback()
    session.expire_all()
    item = session.get_one(StockItem, "itm_oneul_01")
    assert (item.stocked, item.reserved, item.available) == (UNITS, UNITS, 0)
    served = session.scalar(select(func.count()).where(OrderLine.fulfilment == F.ALLOCATED, OrderLine.allocated == 1))
    assert served == UNITS
    check_books(session, shop)


def wish_for(owner: Actor, number: str) -> bool:
    """One person's preview and confirmation; a preview that grew stale is shown again."""

    @again_if_lost
    def preview() -> str:
        with unit_of_work() as session:
            return plans.preview(session, owner, "order.allocate", {"order_ids": [number]}).id

    @again_if_lost
    def confirm(plan_id: str) -> tuple[PlanState, str | None]:
        with unit_of_work() as session:
            plan = plans.confirm(session, owner, plan_id, f"key {plan_id}")
            return plan.state, plan.replaced_by

    try:
        plan_id = preview()
        for _ in range(20):
            state, fresh = confirm(plan_id)
            if state is PlanState.EXECUTED:
                return True
            plan_id = fresh or preview()
    except OpsTalkError as refused:
        assert refused.error_code in ("nothing_to_allocate", "stock_short", "already_allocated"), refused
    return False


def test_sixteen_engines_at_once_give_every_piece_once(session: Session, shop: Shop, contested: StockItem) -> None:
    shop_id = shop.id

    def engine() -> int:
        with unit_of_work() as own:
            return allocate_waiting(own, shop_id)

    assert sum(together([engine] * AT_ONCE)) == UNITS
    all_given_once(session, shop)


def test_two_hundred_wishes_from_sixteen_people_give_every_piece_once(
    session: Session, shop: Shop, contested: StockItem, owner: Actor
) -> None:
    def person(worker: int) -> int:
        return sum(wish_for(owner, number) for number in numbers(worker))

    assert sum(together([lambda w=w: person(w) for w in range(AT_ONCE)])) == UNITS  # type: ignore[misc]
    all_given_once(session, shop)


def in_a_process(owner: Actor, worker: int, engine: bool, results: Any) -> None:
    db_engine.get_engine.cache_clear()  # connections are not inherited
    if engine:
        with unit_of_work() as own:
            results.put(allocate_waiting(own, owner.shop_id))
    else:
        results.put(sum(wish_for(owner, number) for number in numbers(worker)))


def test_processes_give_every_piece_once(session: Session, shop: Shop, contested: StockItem, owner: Actor) -> None:
    session.rollback()
    db_engine.get_engine().dispose()
    spawn = multiprocessing.get_context("fork")
    results = spawn.Queue()
    workers = [spawn.Process(target=in_a_process, args=(owner, w, w == 0, results)) for w in range(8)]
    for one in workers:
        one.start()
    given = sum(results.get(timeout=90) for _ in workers)
    for one in workers:
        one.join(60)
    assert [one.exitcode for one in workers] == [0] * len(workers)
    assert os.getpid() not in {one.pid for one in workers}
    session.expire_all()
    # the engine serves all it sees; people may have been first with some
    assert given == UNITS
    all_given_once(session, shop)


def test_the_same_page_collected_by_many_at_once_is_taken_in_once(session: Session, shop: Shop) -> None:
    add_item(session, shop, 1, stocked=5)
    session.commit()
    page, shop_id = [order(n, line(f"{n}a"), line(f"{n}b")) for n in range(20)], shop.id

    def collect() -> int:
        with unit_of_work() as own:
            return take_in(own, shop_id, page).new

    assert sorted(together([collect] * 8)) == [0] * 7 + [20]
    session.rollback()
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Order)) == 20
    assert session.scalar(select(func.count()).select_from(OrderLine)) == 40
    assert len(set(session.scalars(select(Shipment.number)))) == 20
    check_books(session, shop)


def test_one_parcel_is_not_merged_and_split_at_once(session: Session, shop: Shop, owner: Actor) -> None:
    add_item(session, shop, 1, stocked=9)
    took(session, shop, order(1, line("a"), line("b")), order(2))
    first = session.scalars(select(OrderLine.id).where(OrderLine.market_line_no == "a")).one()
    wishes = [
        ("order.merge", {"order_ids": ["20261118001", "20261118002"]}),
        ("order.split", {"lines": [{"line_id": first}]}),
    ] * 3
    chosen = [plans.preview(session, owner, kind, params).id for kind, params in wishes]
    session.commit()

    def confirm(plan_id: str) -> Any:
        try:
            with unit_of_work() as own:
                return plans.confirm(own, owner, plan_id, plan_id).state
        except OpsTalkError as refused:
            return refused.error_code

    results = together([lambda p=p: confirm(p) for p in chosen])  # type: ignore[misc]
    assert 1 <= results.count(PlanState.EXECUTED) <= 2, results
    session.rollback()
    session.expire_all()
    check_books(session, shop)
