"""Stock as the markets hear it: by the shop's basis, when it moved, whoever moved it, and never the same number twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.inventory import ledger
from backend.inventory.models import StockItem
from backend.inventory.states import MovementReason
from backend.inventory_settings.models import InventorySetting
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.announced import announce_changed
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.settings import get_settings
from backend.shops.models import Shop
from tests.backend.markets.conftest import Sandbox
from tests.backend.markets.rounds import carried_out, later, new_round, sent
from tests.backend.operations.conftest import add_listing, add_product


@pytest.fixture
def item(session: Session, shop: Shop, sandbox: Sandbox, owner: Actor) -> StockItem:
    """Ten pieces of a product that is on SmartStore and in the own mall."""
    product = add_product(session, shop, 1)
    listing = add_listing(session, product, Market.SMARTSTORE)
    listing.market_product_no = "777001"
    row = StockItem(id="itm_oneul_1", shop_id=shop.id, code="P00001-01", product_id=product.id, name="울 가디건 / 블랙")
    session.add(row)
    session.flush()
    ledger.post(session, owner, row.id, 10, ledger.Why(MovementReason.RECEIVE, "plan", "x"))
    session.commit()
    sandbox.goods(
        Market.SMARTSTORE, [{"product_no": "777001", "code": row.code, "name": "x", "price": 1, "quantity": 99}]
    )
    sandbox.goods(Market.MALL, [{"product_no": "1001", "code": row.code, "name": "x", "price": 1, "quantity": 99}])
    return row


def shown(sandbox: Sandbox) -> tuple[int, int]:
    return sandbox.stock(Market.SMARTSTORE)["P00001-01"], sandbox.stock(Market.MALL)["P00001-01"]


def move(delta: int, owner: Actor) -> None:
    with unit_of_work() as session:
        ledger.post(session, owner, "itm_oneul_1", delta, ledger.Why(MovementReason.ISSUE, "plan", "x"))


def choose(session: Session, **values: Any) -> None:
    for key, value in values.items():
        session.add(InventorySetting(
            id=new_id("ist"), shop_id="shop_oneul", key=key, value={"value": value}, changed_at=clock.now()
        ))  # fmt: skip
    session.commit()


def test_the_markets_show_what_is_available(item: StockItem, owner: Actor, sandbox: Sandbox) -> None:
    assert announce_changed() == 2
    assert sent() == {"sent": 2}
    assert shown(sandbox) == (10, 10)
    assert announce_changed() == 0
    move(-3, owner)
    assert announce_changed() == 2
    sent()
    assert shown(sandbox) == (7, 7)


def test_a_burst_is_one_word(item: StockItem, owner: Actor, sandbox: Sandbox) -> None:
    for _ in range(4):
        move(-1, owner)
        announce_changed()
    assert sent() == {"sent": 2}
    assert shown(sandbox) == (6, 6)
    assert len(sandbox.effects("stock")) == 2


def test_a_number_that_came_back_before_it_was_sent_is_the_one_that_is_told(
    item: StockItem, owner: Actor, sandbox: Sandbox
) -> None:
    announce_changed()
    sent()
    for delta in (-1, 1):
        with later(sandbox, timedelta(seconds=1)):
            move(delta, owner)
            announce_changed()
    sent()
    assert shown(sandbox) == (10, 10)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [("current", 10), ("available", 10), ("arbitrary", 55), ("mall", 4)],
)
def test_each_basis_tells_its_own_number(
    basis: str, expected: int, item: StockItem, session: Session, sandbox: Sandbox
) -> None:
    item.mall_quantity = 4
    item.version += 1
    choose(session, market_stock_basis=basis, market_stock_arbitrary=55)
    announce_changed()
    sent()
    smartstore, mall = shown(sandbox)
    assert smartstore == expected
    assert mall == (99 if basis == "mall" else expected)  # the mall is not told what it says itself


def test_another_basis_is_told_at_once(item: StockItem, session: Session, sandbox: Sandbox) -> None:
    announce_changed()
    sent()
    choose(session, market_stock_basis="arbitrary", market_stock_arbitrary=5)
    assert announce_changed() == 2
    sent()
    assert shown(sandbox) == (5, 5)


def test_an_order_that_comes_in_lowers_what_the_other_markets_sell(item: StockItem, sandbox: Sandbox) -> None:
    announce_changed()
    sent()
    line = {"name": "울 가디건", "code": "P00001-01", "product_no": "777001", "quantity": 4, "price": 1_000}
    sandbox.orders(Market.SMARTSTORE, lines=[line])
    carried_out(new_round((Market.SMARTSTORE,)))
    announce_changed()
    sent()
    assert shown(sandbox) == (6, 6)


def test_where_nobody_listens_nothing_is_written(
    item: StockItem, monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    monkeypatch.setenv("OPSTALK_MARKETS_URL", "")
    get_settings.cache_clear()
    assert announce_changed() == 0
    with unit_of_work(write=False) as reading:
        assert not reading.scalars(select(MarketCommand)).all()


def test_parcels_do_not_wait_for_a_long_line_of_numbers(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    now = clock.now()
    session.add_all(
        MarketCommand(
            id=f"mcd_s{number:04}", shop_id=shop.id, market=Market.MALL, kind=CommandKind.STOCK, subject_id=f"mall:{number}",
            payload={"product_no": "1", "item_code": f"X{number}", "quantity": 1}, key=f"s{number}", not_before=now,
            created_at=now - timedelta(hours=1),
        )
        for number in range(200)
    )  # fmt: skip
    [order] = sandbox.orders(Market.MALL)
    line = sandbox.order(Market.MALL, order)["lines"][0]["line_no"]
    session.add(MarketCommand(
        id="mcd_invoice", shop_id=shop.id, market=Market.MALL, kind=CommandKind.INVOICE, subject_id="orl", key="i",
        payload={"order_no": order, "line_no": line, "courier": "cj", "tracking_no": "1"}, not_before=now, created_at=now,
    ))  # fmt: skip
    session.commit()
    sent()
    with unit_of_work(write=False) as reading:
        assert reading.get_one(MarketCommand, "mcd_invoice").state is CommandState.SENT
