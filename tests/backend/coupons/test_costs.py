"""What coupons cost the merchant, added up by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.coupons.costs import cost_report
from backend.coupons.models import CouponMaker, CouponState, DiscountKind
from backend.errors import InvalidInput
from backend.products.models import Product
from backend.shops.models import Shop
from tests.backend.coupons.build import NOON, make_coupon, use_coupon
from tests.backend.products.build import make_product

Client = Callable[[Actor | None], TestClient]


@pytest.fixture
def product(session: Session, shop: Shop) -> Product:
    return make_product(session, shop, "P00001", "울 가디건")


def test_used_amounts_count_by_seoul_days_and_by_order(session: Session, shop: Shop, product: Product) -> None:
    coupon = make_coupon(session, shop, "가을")
    own = make_coupon(session, shop, "단골", made_by=CouponMaker.MERCHANT)
    last_of_october = datetime(2026, 10, 31, 14, 59, tzinfo=UTC)
    use_coupon(session, shop, coupon, product.id, last_of_october, 9_999)  # 23:59 of 31 October in Seoul
    use_coupon(session, shop, coupon, product.id, last_of_october + timedelta(minutes=1), 1_000, 2_000)
    use_coupon(session, shop, own, product.id, NOON, 700)
    use_coupon(session, shop, None, product.id, NOON, 0)
    report = cost_report(session, shop.id)
    assert (report.first, report.to) == (date(2026, 11, 1), date(2026, 11, 18))
    assert (report.used_amount, report.used_count) == (3_700, 2)
    assert [(row.coupon, row.used_amount, row.used_count) for row in report.by_coupon] == [
        ("가을", 3_000, 1),
        ("단골", 700, 1),
    ]
    assert (report.by_maker[CouponMaker.PRO].amount, report.by_maker[CouponMaker.MERCHANT].amount) == (3_000, 700)
    october = cost_report(session, shop.id, date(2026, 10, 1), date(2026, 10, 31))
    assert october.used_amount == 9_999
    assert report.borne_by == "merchant"
    assert report.monthly_budget == 300_000


def test_outstanding_counts_issued_and_unused_of_usable_coupons(session: Session, shop: Shop) -> None:
    make_coupon(session, shop, "정액")  # 30 unused × 3,000; use rate 20/50, average 2,500
    make_coupon(session, shop, "정률", kind=DiscountKind.RATE, value=10, max_discount=5_000, issued=10, used=2,
                used_amount=6_000, state=CouponState.ISSUE_STOPPED)  # fmt: skip
    make_coupon(session, shop, "지난", ends_at=NOON, issued=40, used=18)
    report = cost_report(session, shop.id).outstanding
    by_name = {row.coupon: row for row in report.by_coupon}
    assert set(by_name) == {"정액", "정률"}
    assert (by_name["정액"].max_amount, by_name["정액"].rate_from, by_name["정액"].expected_amount) == (
        90_000,
        "own",
        30_000,
    )
    # fewer than 20 issued: the shop's own rate, (20 + 2 + 18) of 100, times the average use of 3,000
    assert (by_name["정률"].max_amount, by_name["정률"].rate_from) == (40_000, "shop")
    assert by_name["정률"].expected_amount == round(8 * 0.4 * 3_000)
    assert (report.issued_unused, report.max_amount, report.expected_amount, report.bounded) == (
        38,
        130_000,
        39_600,
        True,
    )


def test_a_percentage_without_a_limit_is_measured_on_the_largest_recent_order(
    session: Session, shop: Shop, product: Product
) -> None:
    make_coupon(session, shop, "무제한", kind=DiscountKind.RATE, value=10, max_discount=None, used=0, used_amount=0)
    use_coupon(session, shop, None, product.id, NOON - timedelta(days=3), 0, 0, amount=40_000)
    use_coupon(session, shop, None, product.id, NOON - timedelta(days=200), 0, amount=900_000)
    report = cost_report(session, shop.id).outstanding
    assert not report.bounded
    assert report.by_coupon[0].per_use_max == 8_000


def test_the_forecast_follows_its_own_formula(session: Session, shop: Shop, product: Product) -> None:
    coupon = make_coupon(session, shop, "가을", issue_limit=1_000)
    for back in range(1, 29):
        use_coupon(session, shop, coupon, product.id, NOON - timedelta(days=back), 1_000)
    result = cost_report(session, shop.id).forecast
    assert result.formula.used_this_month == 17_000  # 1 to 17 November
    assert (result.formula.daily_average, result.formula.remaining_days, result.formula.coupons) == (1_000, 12, 1)
    assert result.amount == 17_000 + 12 * 1_000
    assert (result.low, result.high) == (29_000, 29_000)  # every day alike
    assert not result.formula.capped


def test_the_forecast_widens_with_uneven_days_and_never_goes_below_what_is_used(
    session: Session, shop: Shop, product: Product
) -> None:
    coupon = make_coupon(session, shop, "가을", issue_limit=1_000)
    for back in (2, 9, 16, 23):
        use_coupon(session, shop, coupon, product.id, NOON - timedelta(days=back), 7_000)
    result = cost_report(session, shop.id).forecast
    assert result.low < result.amount < result.high
    assert result.low >= result.formula.used_this_month
    assert result.amount == result.formula.used_this_month + 12 * 1_000


def test_the_forecast_stops_with_the_coupon_and_with_what_it_can_still_give(
    session: Session, shop: Shop, product: Product
) -> None:
    ends_soon = make_coupon(
        session, shop, "곧끝", ends_at=datetime(2026, 11, 20, 14, 59, tzinfo=UTC), issue_limit=1_000
    )
    nearly_gone = make_coupon(session, shop, "소진", state=CouponState.ISSUE_STOPPED, issued=50, used=49)
    for back in range(1, 29):
        use_coupon(session, shop, ends_soon, product.id, NOON - timedelta(days=back), 1_000)
        use_coupon(session, shop, nearly_gone, product.id, NOON - timedelta(days=back), 2_000)
    result = cost_report(session, shop.id).forecast
    assert result.amount - result.formula.used_this_month == 2 * 1_000 + 3_000  # two days left; one use of 3,000 left
    assert result.formula.capped


def test_a_shop_without_coupons_costs_nothing(session: Session, shop: Shop) -> None:
    report = cost_report(session, shop.id)
    assert (report.used_amount, report.outstanding.max_amount, report.forecast.amount, report.forecast.high) == (
        0,
        0,
        0,
        0,
    )


@pytest.mark.parametrize(("first", "last"), [(date(2026, 11, 2), date(2026, 11, 1)), (date(2025, 1, 1), date(2026, 11, 1)),
    (date.min, date.min), (date.max, date.max)])  # fmt: skip
def test_refuses_a_reversed_or_endless_period(session: Session, shop: Shop, first: date, last: date) -> None:
    with pytest.raises(InvalidInput) as refused:
        cost_report(session, shop.id, first, last)
    assert refused.value.error_code == "period_invalid"


def test_the_api_speaks_of_the_callers_coupons_only(
    client: Client, session: Session, shop: Shop, product: Product, owner: Actor, stranger: Actor
) -> None:
    use_coupon(session, shop, make_coupon(session, shop, "가을"), product.id, NOON, 1_500)
    session.commit()
    mine = client(owner).get("/api/coupons/costs", params={"from": "2026-11-01", "to": "2026-11-30"}).json()
    assert (mine["from"], mine["used_amount"], mine["by_coupon"][0]["coupon"]) == ("2026-11-01", 1_500, "가을")
    theirs = client(stranger).get("/api/coupons/costs").json()
    assert (theirs["used_amount"], theirs["outstanding"]["max_amount"], theirs["forecast"]["amount"]) == (0, 0, 0)
    assert client(stranger).get("/api/coupons").json() == []


def test_a_coupon_past_its_period_is_listed_as_ended(
    client: Client, session: Session, shop: Shop, owner: Actor
) -> None:
    make_coupon(session, shop, "지난", ends_at=NOON)
    make_coupon(session, shop, "단골", made_by=CouponMaker.MERCHANT)
    session.commit()
    ask = client(owner)
    assert [row["name"] for row in ask.get("/api/coupons", params={"state": "ended"}).json()] == ["지난"]
    assert [row["name"] for row in ask.get("/api/coupons", params={"made_by": "merchant"}).json()] == ["단골"]
    assert ask.get("/api/coupons", params={"state": "live"}).json()[0]["unused"] == 30
