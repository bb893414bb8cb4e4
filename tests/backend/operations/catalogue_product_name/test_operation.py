"""Product name improvement on real rows: what it finds, what it would write, and what it leaves alone."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.markets.codes import Market
from backend.operations.catalogue.loader import operation_named
from backend.operations.contract import Finding, RunPlan
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.products.models import SaleStatus
from backend.shops.models import Shop
from tests.backend.conftest import NOW
from tests.backend.products.build import make_listing, make_product

OPERATION = operation_named("product_name")


def look(session: Session, shop: Shop, market: Market, **config: Any) -> tuple[list[Finding], RunPlan]:
    rules = OPERATION.config.model_copy(update=config)
    findings = OPERATION.diagnose(session, shop, market, NOW, rules)
    return findings, OPERATION.plan(session, shop, market, findings, NOW, rules)


def run(session: Session, shop: Shop, market: Market, run_id: str = "run_1") -> RunPlan:
    _, planned = look(session, shop, market)
    session.add(Run(id=run_id, shop_id=shop.id, operation="product_name", market=market, state=RunState.DONE,
                    trigger="schedule", scheduled_for=NOW))  # fmt: skip
    session.flush()
    apply(session, pro_actor(shop.id), "run.product_name", Source("run", run_id), planned.changes)
    return planned


def test_a_broken_name_is_found_with_evidence_and_gets_its_exact_new_name(
    session: Session, shop: Shop, now: datetime
) -> None:
    product = make_product(session, shop, "P00001", "울 라운드 가디건", brand="루나핏")
    listing = make_listing(session, product, Market.SMARTSTORE, "[무료배송] 울 라운드 가디건 가디건")
    findings, planned = look(session, shop, Market.SMARTSTORE)
    after = "루나핏 울 라운드 가디건"
    shared = {"market": "smartstore", "before": listing.title, "after": after}
    assert [(finding.code, finding.evidence) for finding in findings] == [
        ("title_promotion_word", {**shared, "words": ["무료배송"]}),
        ("title_repeated_word", {**shared, "words": ["가디건"]}),
        ("title_bracket_clutter", {**shared, "brackets": ["[", "]"]}),
        ("title_brand_missing", {**shared, "brand": "루나핏"}),
    ]
    [change] = planned.changes
    assert (change.target_type, change.target_id, change.field) == ("listing", listing.id, "title")
    assert (change.before, change.after, change.label) == (listing.title, after, "울 라운드 가디건")
    assert planned.rule == {"code": "market_name_rules", "market": "smartstore", "limit": 100, "unit": "chars",
                            "rules_version": 1, "products": 1, "left": 0}  # fmt: skip


def test_on_the_mall_the_products_own_name_is_meant(session: Session, shop: Shop, now: datetime) -> None:
    product = make_product(session, shop, "P00001", "[오늘출발] 울  가디건 가디건")
    planned = run(session, shop, Market.MALL)
    assert [change.target_type for change in planned.changes] == ["product"]
    assert product.name == "[오늘출발] 울 가디건"


def test_after_a_run_there_is_nothing_to_improve(session: Session, shop: Shop, now: datetime) -> None:
    for number in range(1, 6):
        product = make_product(session, shop, f"P0000{number}", f"특가 울 가디건 {number}", brand="루나핏")
        for market in (Market.SMARTSTORE, Market.COUPANG, Market.GMARKET):
            make_listing(session, product, market, f"★특가★ 울 가디건 {number} {'포근한 ' * number * 20}")
    for market in (Market.SMARTSTORE, Market.COUPANG, Market.GMARKET):
        assert len(run(session, shop, market, f"run_{market.value}").changes) == 5
        assert look(session, shop, market) == ([], RunPlan([], {**look(session, shop, market)[1].rule}))


def test_the_gravest_come_first_within_the_limit_of_a_run(session: Session, shop: Shop, now: datetime) -> None:
    for code, title in (
        ("P00001", "울  가디건"),
        ("P00002", "울 가디건 가디건"),
        ("P00003", "울 가디건 " + "포근한 양털 " * 20),
    ):
        make_listing(session, make_product(session, shop, code, "울 가디건"), Market.AUCTION, title)
    findings, planned = look(session, shop, Market.AUCTION, per_run_limit=2)
    assert [finding.code for finding in findings] == [
        "title_too_long",
        "title_repeated_word",
        "title_repeated_word",
        "title_untidy",
    ]
    assert [change.before[:9] for change in planned.changes] == ["울 가디건 포근한", "울 가디건 가디건"]
    assert (planned.rule["products"], planned.rule["left"]) == (2, 1)


def test_hidden_products_other_markets_and_other_shops_are_left_alone(
    session: Session, shop: Shop, now: datetime
) -> None:
    hidden = make_product(session, shop, "P00001", "특가 가디건", status=SaleStatus.HIDDEN)
    make_listing(session, hidden, Market.SMARTSTORE)
    make_listing(session, make_product(session, shop, "P00002", "특가 가디건"), Market.COUPANG)
    elsewhere = make_product(session, session.get_one(Shop, "shop_other"), "P00001", "특가 가디건")
    make_listing(session, elsewhere, Market.SMARTSTORE)
    assert look(session, shop, Market.SMARTSTORE)[0] == []


def test_a_name_the_merchant_put_back_stays_until_it_is_edited(session: Session, shop: Shop, owner: Actor) -> None:
    product = make_product(session, shop, "P00001", "울 가디건")
    listing = make_listing(session, product, Market.SMARTSTORE, "특가 울 가디건")
    run(session, shop, Market.SMARTSTORE)
    undo = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": "run_1"})
    plans.confirm(session, owner, undo.id, "key")
    assert listing.title == "특가 울 가디건"
    assert look(session, shop, Market.SMARTSTORE)[0] == []
    listing.title = "특가 울 롱 가디건"
    session.flush()
    assert [finding.code for finding in look(session, shop, Market.SMARTSTORE)[0]] == ["title_promotion_word"]


@pytest.mark.parametrize("market", list(Market))
def test_planning_reads_only(session: Session, shop: Shop, market: Market, now: datetime) -> None:
    product = make_product(session, shop, "P00001", "[특가] 울 가디건 가디건", brand="루나핏")
    if market is not Market.MALL:
        make_listing(session, product, market)
    session.commit()
    first = look(session, shop, market)
    assert first[1].changes and first == look(session, shop, market)
    assert not session.dirty and not session.new
