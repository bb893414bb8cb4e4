"""Coupons are made where the orders show a reason, and never beyond what the merchant allowed."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.coupons.models import Coupon, CouponMaker, CouponPolicy, CouponState, DiscountKind
from backend.kit import clock
from backend.operations import gate
from backend.operations.scope import Unit
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_order, add_product, react

UNIT = Unit("promotion_coupon", None)


@pytest.fixture
def lapsed(session, shop: Shop) -> Shop:
    """Forty buyers who bought 100 days ago and not since; no change in first buyers or in buying per view."""
    product = add_product(session, shop, 1)
    for number in range(40):
        add_order(session, shop, product, clock.now() - timedelta(days=100), f"고객{number}", amount=40_000)
    for days_ago in (5, 10, 35, 45):
        add_order(session, shop, product, clock.now() - timedelta(days=days_ago), f"새 고객{days_ago}")
    return shop


def computed(session, shop):
    return gate.compute(session, shop, UNIT, clock.now())


def test_buyers_who_stay_away_get_a_coupon_within_the_caps(session, lapsed) -> None:
    found = computed(session, lapsed)
    assert [(f.code, f.target_id, f.evidence["buyers"]) for f in found.findings] == [("lapsed_buyers", "win_back", 40)]
    coupon = found.plan.changes[0].after
    assert (coupon["kind"], coupon["value"], coupon["max_discount"], coupon["issue_limit"]) == ("rate", 10, 5_000, 40)
    assert coupon["min_order"] == 24_000  # 60 % of an average order
    assert coupon["ends_at"] == "2026-12-01T15:00:00+00:00"  # 14 days, today counted
    assert found.plan.rule["bearer"] == "merchant"
    assert found.plan.rule["expected_cost"] == round(40 * 0.08 * 4_000)


def test_fewer_first_buyers_than_the_month_before_are_a_reason(session, shop) -> None:
    product = add_product(session, shop, 1)
    for number in range(20):
        add_order(session, shop, product, clock.now() - timedelta(days=45), f"전달{number}")
    for number in range(10):
        add_order(session, shop, product, clock.now() - timedelta(days=5), f"이달{number}")
    finding = computed(session, shop).findings[0]
    assert (finding.target_id, finding.evidence["recent"], finding.evidence["before"]) == ("first_purchase", 10, 20)
    assert finding.evidence["drop_percent"] == 50


def test_looking_without_buying_is_a_reason(session, shop) -> None:
    product = add_product(session, shop, 1)
    add_order(session, shop, product, clock.now() - timedelta(days=5), "고객")
    add_order(session, shop, product, clock.now() - timedelta(days=35), "다른 고객")
    for days_ago in range(1, 15):
        react(session, product, days_ago, views=100, orders=1)
        react(session, product, days_ago + 14, views=100, orders=3)
    finding = computed(session, shop).findings[0]
    assert (finding.code, finding.evidence["recent_percent"], finding.evidence["before_percent"]) == (
        "conversion_fell",
        1,
        3,
    )


def test_no_reason_no_coupon(session, shop) -> None:
    found = computed(session, shop)
    assert found.findings == [] and found.plan.changes == []


def live(session, shop, number: int, audience: str = "vip", **over) -> Coupon:
    coupon = Coupon(**{
        "id": f"cpn_{number}", "shop_id": shop.id, "name": f"쿠폰 {number}", "made_by": CouponMaker.PRO,
        "audience": audience, "kind": DiscountKind.AMOUNT, "value": 1_000, "max_discount": None, "min_order": 0,
        "state": CouponState.LIVE, "starts_at": clock.now(), "ends_at": clock.now() + timedelta(days=5),
        "issue_limit": 100, **over,
    })  # fmt: skip
    session.add(coupon)
    session.flush()
    return coupon


def test_an_audience_with_a_live_coupon_gets_no_second_one(session, lapsed) -> None:
    live(session, lapsed, 1, "win_back")
    assert computed(session, lapsed).findings == []


def test_no_more_coupons_at_once_than_allowed(session, lapsed) -> None:
    for number in range(3):
        live(session, lapsed, number)
    plan = computed(session, lapsed).plan
    assert plan.changes == []
    assert plan.rule["skipped"] == [{"audience": "win_back", "code": "max_live"}]


def test_the_expected_use_of_live_coupons_counts_against_the_budget(session, lapsed) -> None:
    live(session, lapsed, 1, issue_limit=2_000)  # 15 % of 2,000 at 1,000 won: the whole budget
    plan = computed(session, lapsed).plan
    assert plan.rule["expected"] == 300_000 and plan.rule["budget_left"] == 0
    assert plan.rule["skipped"] == [{"audience": "win_back", "code": "budget"}]


def test_what_was_used_this_month_counts_and_last_month_does_not(session, lapsed) -> None:
    coupon = live(session, lapsed, 1, state=CouponState.ENDED)
    product = add_product(session, lapsed, 2)
    add_order(session, lapsed, product, clock.now() - timedelta(days=1), "가", discount=7_000, coupon_id=coupon.id)
    add_order(session, lapsed, product, clock.now() - timedelta(days=19), "나", discount=9_000, coupon_id=coupon.id)
    assert computed(session, lapsed).plan.rule["used"] == 7_000


def test_a_shop_without_a_policy_gives_nothing_away(session, lapsed) -> None:
    session.delete(session.get_one(CouponPolicy, lapsed.id))
    session.flush()
    assert computed(session, lapsed).plan.changes == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rate=st.integers(0, 30), discount=st.integers(0, 20_000), budget=st.integers(0, 500_000),
    most=st.integers(0, 4), already=st.integers(0, 4), limit=st.integers(0, 400),
)  # fmt: skip
def test_whatever_the_policy_new_coupons_stay_within_it(
    session, lapsed, rate, discount, budget, most, already, limit
) -> None:
    with session.begin_nested() as savepoint:
        policy = session.get_one(CouponPolicy, lapsed.id)
        policy.max_rate, policy.max_discount, policy.monthly_budget, policy.max_live = rate, discount, budget, most
        for number in range(already):
            live(session, lapsed, number, issue_limit=limit)
        plan = computed(session, lapsed).plan
        for change in plan.changes:
            assert change.after["value"] <= rate
            assert change.after["max_discount"] <= discount
            assert change.after["issue_limit"] >= 10
        assert not plan.changes or already + len(plan.changes) <= most
        assert not plan.changes or plan.rule["used"] + plan.rule["expected"] + plan.rule["expected_cost"] <= budget
        savepoint.rollback()
    session.expire_all()
