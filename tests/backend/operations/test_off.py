"""Switching off, by every scope, and what is told before."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.coupons.models import Coupon, CouponMaker, CouponState, DiscountKind
from backend.errors import Forbidden, InvalidInput, NothingToChange, OpsTalkError
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.contract import Area
from backend.operations.known import NOT_IN_THIS_RELEASE
from backend.operations.models import OffSwitch, Run
from backend.operations.states import RunState
from backend.plans import service
from backend.plans.models import Plan, PlanState
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_run, switch_off


def effects(plan: Plan) -> dict[str, dict]:
    return {effect["code"]: effect["data"] for effect in plan.effects}


def add_coupon(session: Session, shop: Shop, number: int = 1, **over: object) -> Coupon:
    now = clock.now()
    coupon = Coupon(**{
        "id": f"cpn_{number}", "shop_id": shop.id, "name": f"쿠폰 {number}", "made_by": CouponMaker.PRO, "run_id": None,
        "audience": "win_back", "kind": DiscountKind.RATE, "value": 10, "max_discount": 5_000, "min_order": 0,
        "state": CouponState.LIVE, "starts_at": now - timedelta(days=3), "ends_at": now + timedelta(days=10),
        "issue_limit": 100, "issued": 40, "used": 10, "used_amount": 30_000, **over,
    })  # fmt: skip
    session.add(coupon)
    session.flush()
    return coupon


def test_one_operation_is_off_at_once_and_its_waiting_run_drops(session, shop, owner, carry_out) -> None:
    run, other = add_run(session, shop), add_run(session, shop, "promotion_coupon")
    plan = carry_out(owner, "ops.off", operation="main_display", reason="브랜드 컨셉")
    switch = session.scalars(select(OffSwitch)).one()
    assert (switch.operation, switch.until, switch.set_by, switch.reason) == (
        "main_display",
        None,
        owner.name,
        "브랜드 컨셉",
    )
    assert switch.set_at == clock.now()
    assert (run.state, run.reason, run.open_key) == (RunState.DROPPED, "switched_off", None)
    assert other.state is RunState.SCHEDULED
    assert effects(plan)["runs_dropped"]["runs"][0]["id"] == run.id
    assert effects(plan)["display_stays"] == {"groups": [], "last_changed_at": None}


def test_until_is_the_last_day_and_the_switch_ends_at_seoul_midnight(session, owner, carry_out) -> None:
    plan = carry_out(owner, "ops.off", operation="main_display", until="2026-11-27")
    switch = session.scalars(select(OffSwitch)).one()
    assert switch.until == datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert plan.effects[0]["data"]["until"] == "2026-11-27"
    assert plan.effects[0]["data"]["resumes_on"] == "2026-11-28"


def test_today_is_a_day_that_can_be_named_and_yesterday_is_not(session, owner) -> None:
    assert service.preview(session, owner, "ops.off", {"operation": "main_display", "until": "2026-11-18"})
    with pytest.raises(InvalidInput) as refused:
        service.preview(session, owner, "ops.off", {"operation": "main_display", "until": "2026-11-17"})
    assert refused.value.error_code == "until_past"
    assert refused.value.data == {"until": "2026-11-17", "today": "2026-11-18"}


def test_live_coupons_stop_being_issued_and_their_amounts_are_told(session, shop, owner, carry_out) -> None:
    live = add_coupon(session, shop)
    by_hand = add_coupon(session, shop, 2, made_by=CouponMaker.MERCHANT)
    over = add_coupon(session, shop, 3, ends_at=clock.now() - timedelta(hours=1))
    plan = carry_out(owner, "ops.off", area="promotion_crm")
    assert [c.state for c in (live, by_hand, over)] == [CouponState.ISSUE_STOPPED, CouponState.LIVE, CouponState.LIVE]
    told = effects(plan)["coupons_live_affected"]
    assert (told["count"], told["issued_unused"], told["max_amount"], told["used_amount"]) == (1, 30, 150_000, 30_000)


def test_undo_of_an_off_restores_runs_coupons_and_lifts_the_switch(session, shop, owner, carry_out) -> None:
    run = add_run(session, shop, "promotion_coupon", state=RunState.ANNOUNCED, announced_at=clock.now())
    coupon, key = add_coupon(session, shop), run.open_key
    off = carry_out(owner, "ops.off", everything=True)
    carry_out(owner, "undo", source_type="plan", source_id=off.id)
    assert (run.state, run.reason, run.open_key) == (RunState.ANNOUNCED, None, key)
    assert coupon.state is CouponState.LIVE
    switch = session.scalars(select(OffSwitch)).one()
    assert (switch.lifted_at, switch.lifted_by) == (clock.now(), owner.name)


def test_undo_leaves_a_dropped_run_whose_place_was_taken(session, shop, owner, carry_out) -> None:
    old = add_run(session, shop)
    off = carry_out(owner, "ops.off", operation="main_display")
    carry_out(owner, "ops.on", operation="main_display")
    add_run(session, shop)
    with pytest.raises(NothingToChange):
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": off.id})
    assert old.state is RunState.DROPPED


def test_one_market_of_an_operation_leaves_the_others_running(session, shop, owner, carry_out) -> None:
    coupang = add_run(session, shop, "product_name", Market.COUPANG)
    mall = add_run(session, shop, "product_name", Market.MALL)
    carry_out(owner, "ops.off", operation="product_name", market="coupang")
    assert (coupang.state, mall.state) == (RunState.DROPPED, RunState.SCHEDULED)


def test_excluded_markets_keep_running(session, shop, owner, carry_out) -> None:
    runs = {m: add_run(session, shop, "product_name", m) for m in (Market.COUPANG, Market.MALL, Market.SMARTSTORE)}
    carry_out(owner, "ops.off", operation="product_name", excluded_markets=["coupang"])
    dropped = {market for market, run in runs.items() if run.state is RunState.DROPPED}
    assert dropped == {Market.MALL, Market.SMARTSTORE}


def test_a_running_run_is_named_and_left_to_its_worker(session, shop, owner) -> None:
    add_run(session, shop, state=RunState.RUNNING, started_at=clock.now(), lease_until=clock.now())
    plan = service.preview(session, owner, "ops.off", {"operation": "main_display"})
    assert effects(plan)["runs_in_progress"]["count"] == 1
    assert "runs_dropped" not in effects(plan)


def test_off_twice_says_who_switched_it_off_and_until_when(session, shop, owner) -> None:
    switch_off(session, shop, operation="main_display", until=datetime(2026, 12, 1, 15, tzinfo=UTC))
    with pytest.raises(NothingToChange) as refused:
        service.preview(session, owner, "ops.off", {"operation": "main_display", "until": "2026-11-30"})
    assert refused.value.error_code == "already_off"
    assert refused.value.data["by"] == "대표"
    assert refused.value.data["until"] == "2026-12-01"


def test_a_longer_off_is_not_already_off_and_names_the_shorter_one(session, shop, owner) -> None:
    old = switch_off(session, shop, operation="main_display", until=datetime(2026, 12, 1, 15, tzinfo=UTC))
    plan = service.preview(session, owner, "ops.off", {"operation": "main_display"})
    assert [s["id"] for s in effects(plan)["overlaps"]["switches"]] == [old.id]


def test_off_under_a_wider_off_is_already_off(session, shop, owner) -> None:
    switch_off(session, shop)
    for params in ({"operation": "promotion_coupon"}, {"area": "cs"}, {"market": "coupang"}, {"everything": True}):
        with pytest.raises(NothingToChange) as refused:
            service.preview(session, owner, "ops.off", params)
        assert refused.value.error_code == "already_off"


def test_the_part_that_is_off_already_is_told(session, shop, owner) -> None:
    switch_off(session, shop, operation="promotion_coupon")
    plan = service.preview(session, owner, "ops.off", {"everything": True})
    assert [p["operation"] for p in effects(plan)["already_off"]["parts"]] == ["promotion_coupon"]


def test_a_place_where_no_operation_of_the_area_runs_yet_can_be_switched_off(session, owner) -> None:
    plan = service.preview(session, owner, "ops.off", {"area": "cs", "market": "coupang"})
    assert effects(plan)["no_operations_yet"] == {"area": "cs"}


@pytest.mark.parametrize("params, code", [
    ({}, "scope_missing"),
    ({"operation": "nonsense"}, "unknown_operation"),
    ({"area": "nowhere"}, "unknown_area"),
    ({"market": "amazon"}, "unknown_market"),
    ({"operation": "product_name", "excluded_markets": ["amazon"]}, "unknown_market"),
    ({"operation": "smartstore_seo", "market": "coupang"}, "operation_not_on_market"),
    ({"operation": "main_display", "market": "coupang"}, "operation_not_on_market"),
    ({"operation": "main_display", "excluded_markets": ["mall"]}, "nothing_in_scope"),
    ({"operation": "smartstore_seo", "excluded_markets": ["smartstore"]}, "nothing_in_scope"),
])  # fmt: skip
def test_a_wish_that_cannot_be_understood_says_what_is_wrong(session, owner, params, code) -> None:
    with pytest.raises(OpsTalkError) as refused:
        service.preview(session, owner, "ops.off", params)
    assert refused.value.error_code == code


def test_an_operation_of_a_later_release_is_known_by_name(session, owner, monkeypatch) -> None:
    monkeypatch.setitem(NOT_IN_THIS_RELEASE, "review_reply", Area.CS)
    with pytest.raises(InvalidInput) as refused:
        service.preview(session, owner, "ops.off", {"operation": "review_reply"})
    assert (refused.value.error_code, refused.value.data) == ("operation_not_available", {"operation": "review_reply"})


@pytest.mark.parametrize("params", [{"area": "product"}, {"market": "coupang"}, {"everything": True}])
def test_only_the_owner_switches_more_than_one_operation(session, owner, sub_operator: Actor, params) -> None:
    with pytest.raises(Forbidden) as refused:
        service.preview(session, sub_operator, "ops.off", params)
    assert refused.value.data == {"permission": "operations:switch_all"}
    assert service.preview(session, sub_operator, "ops.off", {"operation": "main_display", "market": "mall"})
    assert service.preview(session, owner, "ops.off", params)


def test_a_run_that_starts_between_preview_and_yes_makes_the_plan_stale(session, shop, owner) -> None:
    run = add_run(session, shop)
    plan = service.preview(session, owner, "ops.off", {"operation": "main_display"})
    run.state, run.started_at = RunState.RUNNING, clock.now()
    session.flush()
    again = service.confirm(session, owner, plan.id, "key")
    assert again.state is PlanState.STALE
    assert session.scalars(select(OffSwitch)).first() is None
    assert effects(session.get_one(Plan, again.replaced_by))["runs_in_progress"]["count"] == 1


def test_another_shops_runs_and_coupons_are_untouched(session, shop, owner, stranger, carry_out) -> None:
    theirs = add_run(session, session.get_one(Shop, stranger.shop_id))
    carry_out(owner, "ops.off", everything=True)
    assert session.get_one(Run, theirs.id).state is RunState.SCHEDULED


def test_until_reads_the_same_in_utc_evening_and_seoul_morning(session, owner) -> None:
    with clock.frozen(datetime(2026, 11, 18, 16, tzinfo=UTC)):  # already the 19th in Seoul
        assert clock.today() == date(2026, 11, 19)
        with pytest.raises(InvalidInput):
            service.preview(session, owner, "ops.off", {"operation": "main_display", "until": "2026-11-18"})
