"""Runs that fill a market's search fields, SmartStore's and Coupang's alike."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.markets.codes import Market
from backend.operations.catalogue.loader import operation_named
from backend.operations.contract import Operation
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.products.models import SaleStatus
from backend.shops.models import Shop
from tests.backend.conftest import NOW
from tests.backend.products.build import make_listing, make_product

CARDIGAN = {"소재": "울 70%, 폴리 30%", "색상": ["검정", "아이보리"], "사이즈": "FREE", "시즌": "가을"}
ELSEWHERE = {Market.SMARTSTORE: Market.COUPANG, Market.COUPANG: Market.SMARTSTORE}
#: each operation's market, and the fields it fills, as they were
FILLED: dict[str, tuple[Market, dict[str, Any]]] = {
    "smartstore_seo": (
        Market.SMARTSTORE,
        {"category_code": None, "filters": {}, "page_title": None, "page_description": None, "tags": []},
    ),
    "coupang_seo": (Market.COUPANG, {"category_code": None, "filters": {}, "keywords": []}),
}


@pytest.fixture(params=sorted(FILLED))
def operation(request: pytest.FixtureRequest) -> Operation:
    return operation_named(request.param)


def test_it_runs_on_its_markets_rows_of_the_shop_and_stays_put_back(
    session: Session, shop: Shop, owner: Actor, operation: Operation
) -> None:
    key = operation.config.key
    market, before = FILLED[key]
    product = make_product(session, shop, "P00001", "울 가디건", attributes=CARDIGAN)
    listing = make_listing(session, product, market)
    make_listing(session, product, ELSEWHERE[market])
    hidden = make_product(session, shop, "P00002", "숨은 가디건", status=SaleStatus.HIDDEN)
    make_listing(session, hidden, market)
    theirs = make_product(session, session.get_one(Shop, "shop_other"), "P00001", "남의 가디건")
    make_listing(session, theirs, market)

    def diagnose() -> list[Any]:
        return operation.diagnose(session, shop, market, NOW, operation.config)

    findings = diagnose()
    planned = operation.plan(session, shop, market, findings, NOW, operation.config)
    assert planned == operation.plan(session, shop, market, findings, NOW, operation.config)
    assert {change.target_id for change in planned.changes} == {listing.id}
    assert {change.field for change in planned.changes} == before.keys()
    assert len(planned.changes) == len(findings) == len(before)
    session.add(Run(id="run_1", shop_id=shop.id, operation=key, market=market, state=RunState.DONE,
                    trigger="schedule", scheduled_for=NOW))  # fmt: skip
    session.flush()
    apply(session, pro_actor(shop.id), f"run.{key}", Source("run", "run_1"), planned.changes)
    assert all(getattr(listing, field) for field in before) and diagnose() == []

    undo = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": "run_1"})
    plans.confirm(session, owner, undo.id, "key")
    assert {field: getattr(listing, field) for field in before} == before
    assert diagnose() == []


def test_a_run_changes_at_most_its_limit_of_listings(session: Session, shop: Shop, operation: Operation) -> None:
    market, _ = FILLED[operation.config.key]
    for number in range(1, 5):
        product = make_product(session, shop, f"P0000{number}", f"울 가디건 {number}", attributes=CARDIGAN)
        make_listing(session, product, market)
    config = operation.config.model_copy(update={"per_run_limit": 3})
    findings = operation.diagnose(session, shop, market, NOW, config)
    planned = operation.plan(session, shop, market, findings, NOW, config)
    assert len({change.target_id for change in planned.changes}) == 3
    assert (planned.rule["products"], planned.rule["left"]) == (3, 1)
