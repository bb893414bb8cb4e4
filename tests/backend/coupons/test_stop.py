"""Stopping a coupon: no new issue, the issued ones stay valid, nothing is deleted."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor, ActorKind
from backend.coupons.models import Coupon, CouponMaker, CouponState, DiscountKind
from backend.errors import Forbidden, InvalidInput, NotFound, NothingToChange
from backend.plans import service as plans
from backend.plans.kinds import kind_named
from backend.plans.models import Plan, PlanState
from backend.shops.models import Shop
from tests.backend.coupons.build import NOON, make_coupon


def stop(session: Session, actor: Actor, coupon: Coupon) -> Plan:
    plan = plans.preview(session, actor, "coupon.stop", {"coupon_id": coupon.id})
    return plans.confirm(session, actor, plan.id, "key")


def test_no_more_are_issued_and_the_effects_say_what_stays(session: Session, shop: Shop, owner: Actor) -> None:
    coupon = make_coupon(session, shop, "가을")
    plan = stop(session, owner, coupon)
    assert coupon.state is CouponState.ISSUE_STOPPED
    assert plan.effects == [
        {"code": "coupon_issue_stops", "data": {"coupon": "가을", "made_by": "pro", "not_issued": 50}},
        {"code": "coupon_issued_stay_valid", "data": {
            "coupon": "가을", "issued_unused": 30, "until": date(2026, 12, 31).isoformat(),
            "per_use_max": 3_000, "max_amount": 90_000,
        }},
        {"code": "coupon_may_return", "data": {"operation": "promotion_coupon"}},
    ]  # fmt: skip


def test_a_coupon_of_the_merchant_does_not_come_back_by_pro(session: Session, shop: Shop, owner: Actor) -> None:
    coupon = make_coupon(session, shop, "단골", made_by=CouponMaker.MERCHANT, issued=20, used=20)
    assert [effect["code"] for effect in stop(session, owner, coupon).effects] == ["coupon_issue_stops"]


def test_without_an_upper_limit_no_amount_is_promised(session: Session, shop: Shop, owner: Actor) -> None:
    coupon = make_coupon(session, shop, "정률", kind=DiscountKind.RATE, value=10, max_discount=None)
    data = stop(session, owner, coupon).effects[1]["data"]
    assert (data["per_use_max"], data["max_amount"]) == (None, None)


def test_undo_makes_it_live_again(session: Session, shop: Shop, owner: Actor) -> None:
    coupon = make_coupon(session, shop, "가을")
    done = stop(session, owner, coupon)
    undo = plans.preview(session, owner, "undo", {"source_type": "plan", "source_id": done.id})
    assert plans.confirm(session, owner, undo.id, "key").state is PlanState.EXECUTED
    assert coupon.state is CouponState.LIVE


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": CouponState.ISSUE_STOPPED}, "already_stopped"),
        ({"state": CouponState.ENDED}, "coupon_ended"),
        ({"ends_at": NOON}, "coupon_ended"),
    ],
)
def test_refuses_what_already_is(
    session: Session, shop: Shop, owner: Actor, fields: dict[str, object], code: str
) -> None:
    with pytest.raises(NothingToChange) as refused:
        stop(session, owner, make_coupon(session, shop, "가을", **fields))
    assert refused.value.error_code == code


def test_every_role_of_the_shop_and_operations_may_stop_but_an_agent_may_not(
    session: Session, shop: Shop, sub_operator: Actor, operations_staff: Actor, agent: Actor
) -> None:
    with pytest.raises(Forbidden):
        stop(session, agent, make_coupon(session, shop, "하나"))
    for name, actor in (("둘", sub_operator), ("셋", operations_staff)):
        coupon = make_coupon(session, shop, name)
        stop(session, actor, coupon)
        assert coupon.state is CouponState.ISSUE_STOPPED
    assert operations_staff.kind is ActorKind.OPERATIONS


def test_a_strangers_coupon_does_not_exist(session: Session, shop: Shop, stranger: Actor) -> None:
    coupon = make_coupon(session, shop, "가을")
    with pytest.raises(NotFound) as refused:
        stop(session, stranger, coupon)
    assert refused.value.error_code == "coupon_not_found"
    assert coupon.state is CouponState.LIVE


def test_a_use_between_preview_and_confirmation_shows_the_new_numbers_first(
    session: Session, shop: Shop, owner: Actor
) -> None:
    coupon = make_coupon(session, shop, "가을")
    plan = plans.preview(session, owner, "coupon.stop", {"coupon_id": coupon.id})
    coupon.used += 1
    session.flush()
    stale = plans.confirm(session, owner, plan.id, "key")
    assert stale.state is PlanState.STALE
    assert session.get_one(Plan, stale.replaced_by).effects[1]["data"]["issued_unused"] == 29
    assert coupon.state is CouponState.LIVE


def test_deleting_a_coupon_is_no_kind_of_plan() -> None:
    for name in ("coupon.delete", "coupon.end", "coupon.remove"):
        with pytest.raises(InvalidInput):
            kind_named(name)
