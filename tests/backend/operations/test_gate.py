"""One ordered, complete answer to: why is it not running?"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.display.models import DisplaySlot
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.operations import gate
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.shops.models import ProState, Shop
from tests.backend.operations.conftest import add_listing, add_product, add_run, switch_off

SEO = Unit("smartstore_seo", Market.SMARTSTORE)
ORDER = [
    "service_not_active", "switched_off", "paused", "setup_missing", "quota_used", "not_due", "nothing_to_improve",
    "market_unreachable", "credentials_expired", "last_run_failed",
]  # fmt: skip


def account(session: Session, shop: Shop) -> MarketAccount:
    return session.get_one(MarketAccount, f"mka_{shop.mall_id}_smartstore")


def end(session: Session, shop: Shop) -> None:
    shop.pro_state = ProState.ENDED


def off(session: Session, shop: Shop) -> None:
    switch_off(session, shop, area="market", reason="점검")


def pause(session: Session, shop: Shop) -> None:
    shop.pro_state, shop.pro_paused_reason = ProState.PAUSED, "점검"


def forget_the_app(session: Session, shop: Shop) -> None:
    shop.pro_app_installed_at = None


def use_the_quota(session: Session, shop: Shop) -> None:
    shop.monthly_run_quota = 0


def wait_for_the_day(session: Session, shop: Shop) -> None:
    add_run(session, shop, "smartstore_seo", Market.SMARTSTORE)


def nothing(session: Session, shop: Shop) -> None:
    """A shop without listings."""


def unreachable(session: Session, shop: Shop) -> None:
    account(session, shop).state = AccountState.UNREACHABLE


def expire(session: Session, shop: Shop) -> None:
    account(session, shop).credentials_until = clock.now() - timedelta(days=1)


def fail(session: Session, shop: Shop) -> None:
    failed = {"state": RunState.FAILED, "reason": "internal", "attempts": 1, "finished_at": clock.now()}
    add_run(
        session, shop, "smartstore_seo", Market.SMARTSTORE, scheduled_for=clock.now() - timedelta(hours=1), **failed
    )


BLOCKS: list[tuple[str, Callable[[Session, Shop], None]]] = [
    ("service_not_active", end), ("switched_off", off), ("paused", pause), ("setup_missing", forget_the_app),
    ("quota_used", use_the_quota), ("not_due", wait_for_the_day), ("nothing_to_improve", nothing),
    ("market_unreachable", unreachable), ("credentials_expired", expire),
]  # fmt: skip


@pytest.mark.parametrize("code, block", BLOCKS, ids=[code for code, _ in BLOCKS])
def test_every_obstacle_is_found_with_its_evidence(session, shop, code, block) -> None:
    block(session, shop)
    decided = gate.decide(session, shop, SEO, clock.now(), look=True)
    check = next(c for c in decided.checks if c.code == code)
    assert not check.passed and check.blocking and check.evidence
    assert code in decided.blockers


@pytest.mark.parametrize("index", range(len(BLOCKS)))
def test_the_first_of_several_obstacles_is_the_verdict(session, shop, index) -> None:
    chosen = BLOCKS[index:]
    if index == 0:  # one shop is not both paused and ended
        chosen = [(code, block) for code, block in chosen if code != "paused"]
    if "nothing_to_improve" not in dict(chosen):
        product = add_product(session, shop, 1, attributes={"소재": "울", "색상": "블랙"})
        add_listing(session, product, Market.SMARTSTORE)
    for _, block in chosen:
        block(session, shop)
    decided = gate.decide(session, shop, SEO, clock.now(), look=True)
    assert decided.verdict == BLOCKS[index][0]
    assert [check.code for check in decided.checks] == ORDER
    assert decided.blockers == [code for code, _ in chosen]


def test_without_an_obstacle_it_is_ready(session, shop, display) -> None:
    decided = gate.decide(session, shop, Unit("main_display", None), clock.now(), look=True)
    assert (decided.verdict, decided.state, decided.blockers) == ("ready", "waiting", [])


def test_an_off_is_told_with_who_when_and_until(session, shop) -> None:
    switch_off(session, shop, operation="main_display", until=clock.now() + timedelta(days=1))
    longest = switch_off(session, shop, area="product", set_by="부운영")
    check = gate.decide(session, shop, Unit("main_display", None), clock.now()).checks[1]
    assert check.evidence["by"] == "부운영"
    assert check.evidence["until"] is None
    assert check.evidence["scope"] == {"operation": None, "area": "product", "market": None, "excluded": []}
    assert check.fix == {"code": "ops_on", "switch_id": longest.id}


def test_a_missing_setting_carries_the_step_that_completes_it(session, shop) -> None:
    shop.brand_intro = None
    check = gate.decide(session, shop, Unit("promotion_coupon", None), clock.now()).checks[3]
    assert check.evidence["missing"][0]["key"] == "brand_info"
    assert check.evidence["missing"][0]["evidence"]["missing"] == ["intro"]
    assert check.fix == {"code": "write_brand_info", "href": "/demo/pro-app#brand_info", "item": "brand_info"}


def test_the_own_mall_needs_no_market_account(session, shop) -> None:
    session.delete(account(session, shop))
    session.delete(session.get_one(MarketAccount, f"mka_{shop.mall_id}_coupang"))
    shop.marketplus_linked_at = None
    session.flush()
    on_the_mall = gate.decide(session, shop, Unit("product_name", Market.MALL), clock.now())
    on_a_market = gate.decide(session, shop, Unit("product_name", Market.GMARKET), clock.now())
    assert "setup_missing" not in on_the_mall.blockers
    assert [m["key"] for m in on_a_market.checks[3].evidence["missing"]] == ["marketplus", "market_account"]


def test_the_quota_counts_runs_of_this_seoul_month_that_changed_something(session, shop) -> None:
    shop.monthly_run_quota = 2
    october = clock.now().replace(month=10, day=31, hour=14)  # 23:00 in Seoul
    november = october + timedelta(hours=1)
    for at, state in (
        (october, RunState.DONE), (november, RunState.DONE), (clock.now(), RunState.NOTHING), (clock.now(), RunState.FAILED),
    ):  # fmt: skip
        add_run(session, shop, state=state, scheduled_for=at, finished_at=at)
    unit = Unit("promotion_coupon", None)
    assert gate.decide(session, shop, unit, clock.now()).checks[4].evidence["used"] == 1
    add_run(session, shop, state=RunState.REVERTED, scheduled_for=clock.now(), finished_at=clock.now())
    check = gate.decide(session, shop, unit, clock.now()).checks[4]
    assert check.evidence == {"scope": "shop", "used": 2, "limit": 2, "resets_on": "2026-12-01"}
    assert not check.passed


def test_the_market_service_is_needed_for_open_markets_only(session, shop) -> None:
    shop.market_service = False
    assert gate.decide(session, shop, SEO, clock.now()).verdict == "service_not_active"
    assert (
        "service_not_active" not in gate.decide(session, shop, Unit("product_name", Market.MALL), clock.now()).blockers
    )


def test_a_failure_that_will_be_repeated_holds_until_then(session, shop, display) -> None:
    at = clock.now() - timedelta(minutes=1)
    failed = add_run(
        session, shop, state=RunState.FAILED, reason="internal", attempts=1, scheduled_for=at, finished_at=at
    )
    retry_at = clock.now() + timedelta(minutes=9)
    add_run(session, shop, trigger="retry", state=RunState.ANNOUNCED, announced_at=at, scheduled_for=retry_at)
    decided = gate.decide(session, shop, Unit("main_display", None), clock.now(), look=True)
    assert decided.verdict == "last_run_failed"
    assert decided.checks[-1].evidence == {
        "run_id": failed.id, "reason": "internal", "attempts": 1,
        "failed_at": at.isoformat(), "retry_at": retry_at.isoformat(),
    }  # fmt: skip


def test_a_failure_that_is_not_repeated_is_told_and_does_not_hold(session, shop, display) -> None:
    fail(session, shop)
    decided = gate.decide(session, shop, SEO, clock.now())
    assert not decided.checks[-1].passed and not decided.checks[-1].blocking
    assert decided.verdict == "ready"


def test_asking_writes_nothing(session, shop, display) -> None:
    before = [(slot.id, slot.product_id, slot.version) for slot in session.query(DisplaySlot).order_by(DisplaySlot.id)]
    add_product(session, shop, 99)
    session.commit()
    gate.decide(session, shop, Unit("main_display", None), clock.now(), look=True)
    assert not session.dirty and not session.new
    assert before == [(s.id, s.product_id, s.version) for s in session.query(DisplaySlot).order_by(DisplaySlot.id)]
