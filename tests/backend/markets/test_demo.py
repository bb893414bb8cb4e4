"""The demo's trade: the same seed, the same orders; of every kind that a shop has to cope with."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from backend.inventory.models import StockItem
from backend.kit import clock
from backend.markets.announced import announce_changed
from backend.markets.codes import Market
from backend.markets.sandbox import flow, goods
from backend.markets.sandbox.backlog import lay_backlog
from backend.markets.sandbox.life import ARRIVES, ON_THE_WAY, Life, learn
from backend.markets.sandbox.store import Doc, Store
from backend.products.models import SaleStatus
from backend.seed import market_goods
from backend.seed.description import shop_described
from backend.shops.models import Shop
from tests.backend.conftest import make_shop
from tests.backend.markets.conftest import Sandbox
from tests.backend.operations.conftest import add_listing, add_product

GOODS = [
    {"product_no": str(number), "code": f"P{number:05}-01", "name": f"상품 {number}", "price": 10_000}
    for number in range(1, 9)
]


def trade(tmp_path: Path, seed: int, orders: int = 120) -> tuple[Store, Life, list[Doc]]:
    path = tmp_path / "goods.json"
    sellers = [{"market": m, "seller": "oneul", "weight": 1, "goods": GOODS} for m in ("cafe24", "naver", "coupang")]
    path.write_text(json.dumps([*sellers, {**sellers[0], "seller": "gone", "refused": True}]), encoding="utf-8")
    store = Store(":memory:")
    life = Life(store, learn(store, path), seed)
    made = []
    for _ in range(orders):
        doc = life.order()
        assert doc is not None
        made.append(doc)
    return store, life, made


def test_the_same_seed_makes_the_same_trade(now: object, tmp_path: Path) -> None:
    plain = [[(d["market"], d["receiver"], d["lines"]) for d in trade(tmp_path, seed)[2]] for seed in (1, 1, 2)]
    assert plain[0] == plain[1] != plain[2]


def test_orders_are_of_every_kind_a_shop_has_to_cope_with(now: object, tmp_path: Path) -> None:
    made = trade(tmp_path, 1)[2]
    codes = {good["code"] for good in GOODS}
    assert {doc["market"] for doc in made} == {"cafe24", "naver", "coupang"}
    assert {doc["seller"] for doc in made} == {"oneul"}  # nobody orders where the credentials are refused
    assert all("*" in doc["receiver"]["name"] for doc in made)
    assert any(doc["receiver"]["country"] != "KR" for doc in made)
    assert all(doc["market"] == "cafe24" for doc in made if doc["receiver"]["country"] != "KR")
    assert any(doc["receiver"]["postcode"].startswith("63") for doc in made)
    assert any(line["code"] not in codes for doc in made for line in doc["lines"])
    addresses = [(doc["market"], doc["receiver"]["address1"], doc["receiver"]["address2"]) for doc in made]
    assert len(set(addresses)) < len(addresses)


def test_the_demo_begins_with_a_few_days_of_orders_that_somebody_has_to_look_after(now: object, tmp_path: Path) -> None:
    store, life, _ = trade(tmp_path, 1, orders=0)
    few = {**GOODS[0], "product_no": "9", "code": "P00009-01", "quantity": 3}
    goods.put(store, "cafe24", "oneul", [*GOODS, few])
    count = lay_backlog(store, life.places, 1)
    made = [json.loads(row["doc"]) for row in store.rows("select doc from orders where market = 'cafe24'")]
    assert lay_backlog(store, life.places, 1) == 0, "it is laid once, not with each start"
    assert len(store.rows("select 1 from orders")) == count > len(made)
    assert all(
        timedelta() < clock.now() - datetime.fromisoformat(doc["ordered_at"]) < timedelta(days=6) for doc in made
    )
    assert any(doc["ship_by"] < clock.today().isoformat() and not doc["lines"][0]["shipped_at"] for doc in made)
    assert any(doc["paid_at"] is None for doc in made)
    assert any(doc["receiver"]["country"] != "KR" for doc in made)
    assert any(line["code"] is None for doc in made for line in doc["lines"])
    assert any(line["code"] == few["code"] and line["quantity"] == 5 for doc in made for line in doc["lines"])
    assert {line["claim"]["kind"] for doc in made for line in doc["lines"] if line["claim"]} == {"cancel", "return"}
    homes = [doc["receiver"]["address2"] for doc in made]
    assert len(set(homes)) == len(homes) - 1


def test_what_was_shipped_is_scanned_and_arrives(tmp_path: Path, now: object) -> None:
    store, life, made = trade(tmp_path, 1, 12)
    doc = next(one for one in made if one["market"] == "coupang")
    lines = [line["line_no"] for line in doc["lines"]]
    flow.prepare(store, doc, lines)
    flow.ship(store, doc, lines, "CJGLS", "1")
    for after, status in ((timedelta(), "DEPARTURE"), (ON_THE_WAY, "DELIVERING"), (ARRIVES, "FINAL_DELIVERY")):
        with clock.frozen(clock.now() + after):
            life.parcels()
            found = store.order("coupang", "oneul", doc["order_no"])
            assert found is not None and {line["raw"] for line in found["lines"]} == {status}


def test_the_demo_shops_and_their_markets_begin_with_the_same_numbers(
    session: Session, shop: Shop, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(market_goods, "SHOPS", ("demo",))
    monkeypatch.setattr(market_goods, "shop_described", lambda _: shop_described("oneuldam"))
    demo = make_shop(session, "demo")
    product, hidden = add_product(session, demo, 1), add_product(session, demo, 2)
    hidden.status = SaleStatus.HIDDEN
    add_listing(session, product, Market.SMARTSTORE)
    item = StockItem(id="itm_demo", shop_id=demo.id, code="P00001-01", product_id=product.id, name="x", stocked=0)
    session.add(item)
    session.commit()
    assert market_goods.write_goods(tmp_path) == 3
    written = {row["market"]: row for row in json.loads((tmp_path / market_goods.GOODS_FILE).read_text("utf-8"))}
    assert written.keys() == {"cafe24", "naver", "coupang"}
    [listed] = written["naver"]["goods"]
    assert (listed["code"], listed["quantity"], listed["off"]) == ("P00001-01", 0, True)
    assert [good["off"] for good in written["cafe24"]["goods"]] == [True, True]
    assert announce_changed() == 0
