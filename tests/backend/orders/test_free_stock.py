"""Stock that comes free reaches the orders that wait for it, whatever freed it: by the collection, a setting, or a round."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory.models import Inbound, StockItem, Supplier
from backend.kit import clock
from backend.markets.intake import take
from backend.operations import market_rounds
from backend.orders.collected import CollectedFeed
from backend.orders.free_stock import allocate_free
from backend.orders.states import F, PurchaseState
from backend.purchasing.models import PurchaseOrder, PurchaseOrderLine
from backend.shops.models import Shop
from tests.backend.orders.build import (  # fmt: skip
    add_item,
    check_books,
    do,
    line,
    lines_of,
    order,
    parcels_of,
    put,
    receive,
    the_order,
    took,
    undo,
)


@pytest.fixture
def item(session: Session, shop: Shop) -> StockItem:
    return add_item(session, shop, 1)


@pytest.fixture
def waits(session: Session, shop: Shop, item: StockItem) -> str:
    """An order for three pieces of which there are none."""
    took(session, shop, order(1, line("a", quantity=3)))
    session.commit()
    return the_order(session, 1).id


def had(session: Session, number: int = 1) -> list[int]:
    session.rollback()
    return [one.allocated for one in lines_of(session, number)]


def a_round(session: Session, shop: Shop) -> int:
    session.commit()
    given = allocate_free()
    session.rollback()
    check_books(session, shop)
    return given


def add_inbound(session: Session, shop: Shop, item: StockItem, quantity: int, **over: object) -> Inbound:
    made = Inbound(
        id="inb_1", shop_id=shop.id, item_id=item.id, quantity=quantity, due_on=clock.today(), created_at=clock.now(), **over
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made


def test_a_collection_promises_what_lies_there(session: Session, shop: Shop, item: StockItem) -> None:
    receive(session, shop, item, 2)
    take(session, shop.id, CollectedFeed((order(1, line("a", quantity=3)),), (), "{}", False))
    session.commit()
    assert had(session) == [2]


def test_an_expected_arrival_goes_to_the_orders_that_wait(
    session: Session, shop: Shop, owner: Actor, item: StockItem, waits: str
) -> None:
    add_inbound(session, shop, item, 5)
    do(session, owner, "inbound.receive", inbound_id="inb_1")
    assert a_round(session, shop) == 3
    assert had(session) == [3]
    assert a_round(session, shop) == 0


def test_goods_of_a_purchase_order_go_to_the_orders_that_wait(
    session: Session, shop: Shop, owner: Actor, item: StockItem, waits: str
) -> None:
    session.add(Supplier(id="sup_1", shop_id=shop.id, name="공급사", lead_days=3, active=True))
    session.flush()
    session.add(PurchaseOrder(
        id="por_1", shop_id=shop.id, number="PO1", by_name="점장", state=PurchaseState.ORDERED, created_at=clock.now(), supplier_id="sup_1"
    ))  # fmt: skip
    session.flush()
    session.add(PurchaseOrderLine(id="pol_1", shop_id=shop.id, purchase_order_id="por_1", item_id=item.id, quantity=2))
    session.flush()
    add_inbound(session, shop, item, 2, purchase_line_id="pol_1")
    do(session, owner, "purchase_order.receive", purchase_order_id="por_1")
    assert a_round(session, shop) == 2
    assert had(session) == [2]


def test_stock_that_was_counted_in_goes_to_the_orders_that_wait(
    session: Session, shop: Shop, owner: Actor, item: StockItem, waits: str
) -> None:
    do(session, owner, "stock.adjust", way="receive", lines=[{"item_id": item.id, "quantity": 1}])
    assert a_round(session, shop) == 1
    assert had(session) == [1]


def test_an_arrival_can_be_taken_back_until_it_is_promised(
    session: Session, shop: Shop, owner: Actor, item: StockItem, waits: str
) -> None:
    add_inbound(session, shop, item, 5)
    undo(session, owner, do(session, owner, "inbound.receive", inbound_id="inb_1"))
    assert a_round(session, shop) == 0
    assert had(session) == [0]


def test_pieces_of_a_cancelled_order_go_to_the_next_one(
    session: Session, shop: Shop, owner: Actor, item: StockItem
) -> None:
    receive(session, shop, item, 1)
    now = clock.now()
    took(session, shop, order(1, line("a"), paid_at=now - timedelta(days=2)), order(2, line("b")))
    assert a_round(session, shop) == 1
    assert (had(session, 1), had(session, 2)) == ([1], [0])
    do(session, owner, "order.cancel", line_id=lines_of(session, 1)[0].id)
    assert a_round(session, shop) == 1
    assert had(session, 2) == [1]


def test_a_held_parcel_gets_nothing_until_it_is_released(
    session: Session, shop: Shop, owner: Actor, item: StockItem, waits: str
) -> None:
    do(session, owner, "order.hold", order_id=waits)
    receive(session, shop, item, 3)
    assert a_round(session, shop) == 0
    do(session, owner, "order.release", order_id=waits)
    assert a_round(session, shop) == 3
    assert not parcels_of(session, 1)[0].held


def test_a_setting_that_frees_stock_promises_it_at_once(
    session: Session, shop: Shop, owner: Actor, item: StockItem, waits: str
) -> None:
    do(session, owner, "inventory_setting.change", key="allocation_basis", value="unlimited")
    session.commit()
    assert had(session) == [3]


def test_without_a_limit_what_waits_is_promised_though_nothing_is_there(
    session: Session, shop: Shop, item: StockItem, waits: str
) -> None:
    put(session, shop, "allocation_basis", "unlimited")
    session.commit()
    assert allocate_free() == 3
    assert had(session) == [3]


def test_one_shops_stock_is_not_anothers(
    session: Session, shop: Shop, stranger: Actor, item: StockItem, waits: str
) -> None:
    theirs = session.get_one(Shop, stranger.shop_id)
    add_item(session, theirs, 1, 9)
    assert a_round(session, shop) == 0


def test_several_rounds_at_once_promise_each_piece_once(
    session: Session, shop: Shop, item: StockItem, waits: str
) -> None:
    receive(session, shop, item, 2)
    session.commit()
    threads = [threading.Thread(target=allocate_free) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert had(session) == [2]
    check_books(session, shop)


def test_the_worker_goes_round_by_itself(
    session: Session, shop: Shop, item: StockItem, waits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(market_rounds, "BETWEEN_SHARES", 0.05)
    receive(session, shop, item, 3)
    session.commit()
    stop = threading.Event()
    threads = market_rounds.start(stop, pause=0.05)
    try:
        until = time.monotonic() + 20
        while had(session) != [3] and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert [one.fulfilment for one in lines_of(session, 1)] == [F.ALLOCATED]
