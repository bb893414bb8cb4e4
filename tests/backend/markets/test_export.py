"""Products put on a market: by a wish or a run, once, with the market's own number; taken back before or after it heard."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.conversations.models import Message
from backend.db.engine import unit_of_work
from backend.errors import InvalidInput, NotFound, NothingToChange
from backend.inventory import ledger
from backend.inventory.models import StockItem
from backend.inventory.states import MovementReason
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.markets.listings import listings_of
from backend.markets.models import AccountState, Listing, ListingState, MarketAccount
from backend.markets.send import LEASE
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.plans.models import Plan
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop
from tests.backend.markets.conftest import Sandbox
from tests.backend.markets.rounds import Killed, dies_at, later, sent
from tests.backend.operations.acting import carried_out
from tests.backend.operations.conftest import add_listing, add_product

HERE = Market.SMARTSTORE
each_open_market = pytest.mark.parametrize("market", [Market.SMARTSTORE, Market.COUPANG])
Whole = dict[str, Any]
WHOLE: Whole = {
    "category": "여성의류 > 니트 > 가디건", "brand": "오늘담", "image": "/images/1.png",
    "attributes": {"소재": "울 100%", "색상": ["블랙", "화이트"]},
}  # fmt: skip


@pytest.fixture
def mall(session: Session, shop: Shop, owner: Actor, sandbox: Sandbox) -> list[Product]:
    """Three products of which the markets know nothing; seven pieces of the first, in two options."""
    names = ["울 브이넥 크롭 가디건", "캐시미어 라운드 가디건", "새틴 롱 가디건"]
    made = [add_product(session, shop, number, name=name, **WHOLE) for number, name in enumerate(names, 1)]
    for part, (option, pieces) in enumerate((("블랙", 5), ("화이트", 2)), 1):
        item = StockItem(
            id=f"itm_{part}", shop_id=shop.id, code=f"P00001-0{part}", product_id=made[0].id, name=f"{names[0]} / {option}",
            option_name=option,
        )  # fmt: skip
        session.add(item)
        session.flush()
        ledger.post(session, owner, item.id, pieces, ledger.Why(MovementReason.RECEIVE, "plan", "x"))
        sandbox.goods(Market.MALL, [{"product_no": "1001", "code": item.code, "name": "x", "price": 1}])
    session.commit()
    return made


def wish(session: Session, actor: Actor, kind: str = "listing.export", **params: Any) -> Plan:
    session.rollback()
    given = {"market": HERE.value, **params} if kind == "listing.export" else params
    plan = plans.preview(session, actor, kind, given)
    plans.confirm(session, actor, plan.id, new_id("key"))
    session.commit()
    return plan


def take_back(session: Session, actor: Actor, plan: Plan) -> Plan:
    return wish(session, actor, "undo", source_type="plan", source_id=plan.id)


def listing_of(session: Session, product: Product, market: Market = HERE) -> Listing:
    session.rollback()
    return session.scalars(select(Listing).where(Listing.seller_code == product.code, Listing.market == market)).one()


def words(session: Session) -> list[MarketCommand]:
    session.rollback()
    query = select(MarketCommand).where(MarketCommand.kind == CommandKind.LISTING)
    return list(session.scalars(query.order_by(MarketCommand.created_at, MarketCommand.id)))


def on_sale(sandbox: Sandbox, market: Market = HERE) -> set[str]:
    return {row["code"] for row in sandbox.all_goods(market) if not row["doc"].get("off")}


@each_open_market
def test_a_wish_puts_products_on_the_market_with_its_number_and_their_stock(
    market: Market, session: Session, owner: Actor, mall: list[Product], sandbox: Sandbox
) -> None:
    plan = wish(session, owner, market=market.value)
    assert plan.effects[0]["data"]["count"] == 3
    waits = listing_of(session, mall[0], market)
    assert (waits.state, waits.market_product_no) == (ListingState.EXPORTING, None)
    assert sent()["sent"] == 3
    made = listing_of(session, mall[0], market)
    number = next(row["product_no"] for row in sandbox.all_goods(market) if row["code"] == "P00001-01")
    assert (made.state, made.market_product_no) == (ListingState.ON_MARKET, number)
    assert sandbox.stock(market)["P00001-01"] == 5
    assert sent() == {"sent": 4}  # how many of its two options there are, to the market and the own mall
    assert sandbox.stock(market)["P00001-02"] == 2
    page = listings_of(session, owner.shop_id, market, None, 10, 0)
    assert {(one.word, one.product) for one in page.items} == {("listed", product.name) for product in mall}


def test_the_same_wish_again_finds_nothing_to_send(session: Session, owner: Actor, mall, sandbox: Sandbox) -> None:
    wish(session, owner)
    with pytest.raises(NothingToChange) as no:
        wish(session, owner)
    assert no.value.error_code == "nothing_to_export"
    sent()
    with pytest.raises(NothingToChange):
        wish(session, owner, product_ids=[mall[0].code])


def test_only_what_was_named_is_sent(session: Session, owner: Actor, mall, sandbox: Sandbox) -> None:
    wish(session, owner, product_ids=["p00002", mall[1].id])
    sent()
    assert on_sale(sandbox) == {"P00002"}


@pytest.mark.parametrize("step", ["claimed", "told", "settled"])
@each_open_market
def test_a_worker_killed_anywhere_makes_one_product(
    market: Market, step: str, session: Session, owner: Actor, mall, sandbox: Sandbox
) -> None:
    wish(session, owner, market=market.value, product_ids=["P00001"])
    with pytest.raises(Killed):
        sent(dies_at(step))
    with later(sandbox, LEASE + timedelta(seconds=1)):
        sent()
    assert listing_of(session, mall[0], market).state is ListingState.ON_MARKET
    assert len([one for one in sandbox.effects("listing") if one["detail"]["new"]]) == 1


def test_a_throttled_market_gets_all_of_it_later(session: Session, owner: Actor, mall, sandbox: Sandbox) -> None:
    wish(session, owner)
    sandbox.fault("throttle", HERE, times=1)
    assert sent() == {"queued": 1}
    with later(sandbox, timedelta(minutes=1)):
        sent()
    assert {listing_of(session, product).state for product in mall} == {ListingState.ON_MARKET}


def test_a_named_refusal_is_shown_told_and_mended_by_the_same_wish(
    session: Session, owner: Actor, mall, sandbox: Sandbox
) -> None:
    mall[1].attributes, mall[1].image = {}, None
    session.commit()
    plan = wish(session, owner, product_ids=["P00002"])
    lacks = next(one for one in plan.effects if one["code"] == "listings_lack")
    assert lacks["data"]["rows"] == [{"product": mall[1].name, "lacks": ["image", "notice"]}]
    assert sent() == {"failed": 1}
    [shown] = listings_of(session, owner.shop_id, HERE, None, 10, 0).items
    assert (shown.state, shown.word) == (ListingState.EXPORTING, "refused") and "대표 이미지" in str(shown.error)
    with unit_of_work(write=False) as reading:
        told = list(reading.scalars(select(Message.text)))
    assert told and all("캐시미어 라운드 가디건" in str(text) and "대표 이미지" in str(text) for text in told)
    session.rollback()
    mall[1].attributes, mall[1].image = WHOLE["attributes"], WHOLE["image"]
    session.commit()
    again = wish(session, owner, product_ids=["P00002"])
    assert [one["code"] for one in again.effects] == ["listings_told_again"]
    assert sent() == {"sent": 1}
    assert listing_of(session, mall[1]).state is ListingState.ON_MARKET


def test_taken_back_before_it_was_sent_the_market_never_hears_of_it(
    session: Session, owner: Actor, mall, sandbox: Sandbox
) -> None:
    plan = wish(session, owner)
    undo = take_back(session, owner, plan)
    assert {"code": "listing_not_sent", "data": {"count": 3}} in undo.effects
    assert sent() == {}
    assert {word.state for word in words(session)} == {CommandState.REPLACED}
    assert listing_of(session, mall[0]).product_id is None
    take_back(session, owner, undo)
    assert sent() == {"sent": 3}
    assert listing_of(session, mall[0]).state is ListingState.ON_MARKET


@each_open_market
def test_taken_back_afterwards_its_sale_ends_and_an_undo_of_that_begins_it_again(
    market: Market, session: Session, owner: Actor, mall, sandbox: Sandbox
) -> None:
    plan = wish(session, owner, market=market.value, product_ids=["P00001"])
    sent()
    number = listing_of(session, mall[0], market).market_product_no
    undo = take_back(session, owner, plan)
    assert {"code": "listing_sale_ends", "data": {"count": 1}} in undo.effects
    sent()
    assert on_sale(sandbox, market) == set()
    take_back(session, owner, undo)
    sent()
    back = listing_of(session, mall[0], market)
    assert (back.state, back.market_product_no) == (ListingState.ON_MARKET, number)
    assert on_sale(sandbox, market) == {"P00001-01", "P00001-02"}
    assert len([one for one in sandbox.effects("listing") if one["detail"]["new"]]) == 1


def test_taken_back_while_a_worker_is_telling_it_the_sale_ends_after_all(
    session: Session, owner: Actor, mall, sandbox: Sandbox
) -> None:
    plan = wish(session, owner, product_ids=["P00001"])
    with pytest.raises(Killed):
        sent(dies_at("told"))
    take_back(session, owner, plan)
    assert sent() == {}  # what is being said comes first
    with later(sandbox, LEASE + timedelta(seconds=1)):
        sent()
        sent()
    assert listing_of(session, mall[0]).state is ListingState.WITHDRAWN
    assert on_sale(sandbox) == set()


def test_taken_back_when_nobody_knows_whether_it_arrived_the_market_is_asked(
    session: Session, owner: Actor, mall, sandbox: Sandbox
) -> None:
    plan = wish(session, owner, product_ids=["P00001"])
    sandbox.fault("timeout_after", HERE, path="/v2/products", seconds=2)
    assert sent() == {"queued": 1}
    take_back(session, owner, plan)
    with later(sandbox, timedelta(minutes=2)):
        assert sent() == {"sent": 1}
    assert on_sale(sandbox) == set()
    assert len(sandbox.effects("listing")) == 2  # it had arrived, and its sale was ended


def test_a_run_exports_by_the_same_path(session: Session, shop: Shop, owner: Actor, mall, sandbox: Sandbox) -> None:
    run_id, state = carried_out(session, shop, "market_linking", HERE)
    assert state is RunState.DONE
    sent()
    assert {listing_of(session, product).state for product in mall} == {ListingState.ON_MARKET}
    wish(session, owner, "undo", source_type="run", source_id=run_id)
    sent()
    assert on_sale(sandbox) == set()


def test_what_the_merchant_took_back_is_not_exported_again_by_a_run_but_by_their_wish(
    session: Session, shop: Shop, owner: Actor, mall, sandbox: Sandbox
) -> None:
    take_back(session, owner, wish(session, owner))
    _, state = carried_out(session, shop, "market_linking", HERE)
    assert state is RunState.NOTHING
    wish(session, owner, product_ids=["P00003"])
    sent()
    assert on_sale(sandbox) == {"P00003"}


def test_what_is_off_sale_or_perhaps_there_already_is_not_sent(
    session: Session, shop: Shop, owner: Actor, mall
) -> None:
    mall[0].status = SaleStatus.SOLD_OUT
    by_hand = add_listing(session, mall[1], HERE)
    by_hand.product_id, by_hand.title = None, "라운드 가디건"
    session.commit()
    with pytest.raises(NothingToChange) as no:
        wish(session, owner, product_ids=["P00001", "P00002"])
    assert no.value.data == {"market": "smartstore", "listed": 0, "off_sale": 1, "in_doubt": 1}


def test_a_market_that_is_not_linked_or_cannot_be_talked_to_is_refused(session: Session, owner: Actor, mall) -> None:
    session.get_one(MarketAccount, "mka_oneul_coupang").state = AccountState.DISCONNECTED
    session.commit()
    for market, code in (
        ("gmarket", "export_not_possible"),
        ("mall", "export_not_possible"),
        ("coupang", "export_not_linked"),
    ):
        with pytest.raises(InvalidInput) as no:
            wish(session, owner, market=market)
        assert no.value.error_code == code


def test_where_the_credentials_ran_out_it_is_said_that_the_products_wait(
    session: Session, owner: Actor, mall, sandbox: Sandbox
) -> None:
    session.get_one(MarketAccount, "mka_oneul_smartstore").state = AccountState.EXPIRED
    session.commit()
    sandbox.refuse(HERE)
    plan = wish(session, owner)
    assert {"code": "export_waits", "data": {"market": "smartstore"}} in plan.effects
    assert sent() == {"queued": 1}
    sandbox.refuse(HERE, refused=False)
    with later(sandbox, timedelta(minutes=31)):
        sent()
    assert {listing_of(session, product).state for product in mall} == {ListingState.ON_MARKET}


def test_another_shops_product_is_none(session: Session, stranger: Actor, mall) -> None:
    with pytest.raises(NotFound):
        wish(session, stranger, product_ids=[mall[0].id])


def test_the_listings_of_a_shop_are_read_by_its_people_alone(
    session: Session, owner: Actor, stranger: Actor, mall, client
) -> None:
    wish(session, owner, product_ids=["P00001"])
    mine = client(owner).get("/api/markets/listings", params={"market": "smartstore"}).json()
    assert [(one["title"], one["word"], one["market_product_no"]) for one in mine["items"]] == [
        ("오늘담 울 브이넥 크롭 가디건", "waiting", None)
    ]
    assert client(stranger).get("/api/markets/listings").json()["total"] == 0
    coupang = client(owner).get("/api/markets").json()
    assert [one["exporting"] for one in coupang if one["market"] == "smartstore"] == [1]
