"""preview → confirm → executed once; everything that can come in between."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.coupons.models import Coupon, CouponState
from backend.db.engine import unit_of_work
from backend.errors import Forbidden, InvalidInput, NotFound, NothingToChange, PlanClosed
from backend.kit import clock
from backend.plans import kinds, service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from backend.plans.views import plan_out
from backend.settings import get_settings
from tests.backend.plans.whole_state import TRACES, difference, whole_state

PREVIEWS = [
    ("ops.off", lambda ids: {"operation": "main_display"}),
    ("ops.off", lambda ids: {"everything": True, "until": "2026-12-01", "reason": "shop holiday"}),
    ("ops.on", lambda ids: {"switch_id": ids["switch"]}),
    ("undo", lambda ids: {"source_type": "plan", "source_id": ids["executed_plan"]}),
    ("display.pin", lambda ids: {"product_id": ids["product"], "position": 3}),
    ("coupon.stop", lambda ids: {"coupon_id": ids["coupon"]}),
    ("setup.complete", lambda ids: {"item": "mail_sender", "value": "new@oneul.example"}),
    ("work_request.create", lambda ids: {"type": "category_tidy", "fields": {"content": "tidy up", "scope": "mall"}}),
    ("work_request.withdraw", lambda ids: {"number": int(ids["number"])}),
]


@pytest.mark.parametrize(("kind", "params"), PREVIEWS)
def test_a_preview_writes_nothing_but_itself(session: Session, owner: Actor, ids, kind, params) -> None:
    before = whole_state(session)
    plan = service.preview(session, owner, kind, params(ids))
    moved = difference(before, whole_state(session))
    assert moved.keys() == {"plans"}
    gone, new = moved["plans"]
    assert (len(gone), len(new)) == (0, 1)
    assert plan.state is PlanState.PREVIEWED
    assert plan.changes


def test_a_refused_preview_leaves_no_trace(session: Session, owner: Actor, ids) -> None:
    before = whole_state(session)
    for kind, params in (
        ("display.pin", {"product_id": ids["product"], "position": 99}),
        ("coupon.stop", {"coupon_id": "cpn_other"}),
        ("undo", {"source_type": "plan", "source_id": ids["plan"]}),
        ("setup.complete", {"item": "pro_app"}),
    ):
        with pytest.raises((InvalidInput, NotFound, NothingToChange)):
            service.preview(session, owner, kind, params)
    assert not difference(before, whole_state(session))


def test_a_confirmed_plan_is_executed_once(session: Session, owner: Actor, ids) -> None:
    plan = service.preview(session, owner, "coupon.stop", {"coupon_id": ids["coupon"]})
    done = service.confirm(session, owner, plan.id, "one")
    assert (done.state, done.executed_by, done.executed_at) == (PlanState.EXECUTED, owner.id, clock.now())
    after = whole_state(session)
    for key in ("one", "two"):
        assert service.confirm(session, owner, plan.id, key).id == plan.id
    assert not difference(after, whole_state(session))
    assert done.idempotency_key == "one"


def test_only_what_was_previewed_moves(session: Session, owner: Actor, ids) -> None:
    before = whole_state(session, TRACES)
    plan = service.preview(session, owner, "coupon.stop", {"coupon_id": ids["coupon"]})
    service.confirm(session, owner, plan.id, "key")
    moved = difference(before, whole_state(session, TRACES))
    assert moved.keys() == {"coupons"}
    assert session.get_one(Coupon, ids["coupon"]).state is CouponState.ISSUE_STOPPED


def test_when_the_shop_moved_the_fresh_preview_takes_its_place(session: Session, owner: Actor, ids) -> None:
    plan = service.preview(session, owner, "coupon.stop", {"coupon_id": ids["coupon"]})
    session.get_one(Coupon, ids["coupon"]).issued += 5
    before = whole_state(session, frozenset({"plans"}))
    stale = service.confirm(session, owner, plan.id, "key")
    assert stale.state is PlanState.STALE
    assert not difference(before, whole_state(session, frozenset({"plans"})))
    fresh = session.get_one(Plan, stale.replaced_by)
    assert (fresh.state, fresh.kind, fresh.params) == (PlanState.PREVIEWED, plan.kind, plan.params)
    assert fresh.effects != plan.effects
    with pytest.raises(PlanClosed) as refused:
        service.confirm(session, owner, plan.id, "key")
    assert refused.value.data == {"state": "stale", "replaced_by": fresh.id}
    assert service.confirm(session, owner, fresh.id, "key").state is PlanState.EXECUTED


def test_when_nothing_is_left_to_do_the_confirmation_says_so(session: Session, owner: Actor, ids) -> None:
    first, second = (service.preview(session, owner, "coupon.stop", {"coupon_id": ids["coupon"]}) for _ in range(2))
    service.confirm(session, owner, first.id, "key")
    with pytest.raises(NothingToChange) as told:
        service.confirm(session, owner, second.id, "key")
    assert told.value.error_code == "already_stopped"


def test_a_preview_whose_time_has_passed_is_expired(session: Session, owner: Actor, ids) -> None:
    plan = service.preview(session, owner, "coupon.stop", {"coupon_id": ids["coupon"]})
    minutes = timedelta(minutes=get_settings().plan_minutes)
    before = whole_state(session)
    with clock.frozen(clock.now() + minutes):
        with pytest.raises(PlanClosed) as refused:
            service.confirm(session, owner, plan.id, "key")
        assert refused.value.data["state"] == "expired"
        assert plan_out(session, plan).state is PlanState.EXPIRED
        assert service.discard(session, owner, plan.id).id == plan.id
    assert not difference(before, whole_state(session))
    with clock.frozen(clock.now() + minutes - timedelta(seconds=1)):
        assert service.confirm(session, owner, plan.id, "key").state is PlanState.EXECUTED


def test_an_executed_plan_does_not_expire(session: Session, owner: Actor, ids) -> None:
    with clock.frozen(clock.now() + timedelta(days=30)):
        plan = session.get_one(Plan, ids["executed_plan"])
        assert service.confirm(session, owner, plan.id, "late").state is PlanState.EXECUTED
        assert plan_out(session, plan).state is PlanState.EXECUTED


def test_a_discarded_plan_is_never_executed(session: Session, owner: Actor, ids) -> None:
    before = whole_state(session, frozenset({"plans"}))
    for _ in range(2):
        assert service.discard(session, owner, ids["plan"]).state is PlanState.DISCARDED
    with pytest.raises(PlanClosed) as refused:
        service.confirm(session, owner, ids["plan"], "key")
    assert refused.value.data["state"] == "discarded"
    with pytest.raises(PlanClosed):
        service.discard(session, owner, ids["executed_plan"])
    assert not difference(before, whole_state(session, frozenset({"plans"})))


def test_a_colleague_of_the_same_shop_may_confirm(
    session: Session, talking_owner: Actor, talking_sub: Actor, ids
) -> None:
    """The conversation of whoever confirms is no part of what was previewed."""
    for kind, params in (
        ("coupon.stop", {"coupon_id": ids["coupon"]}),
        ("work_request.create", {"type": "category_tidy", "fields": {"content": "tidy", "scope": "mall"}}),
    ):
        plan = service.preview(session, talking_owner, kind, params)
        done = service.confirm(session, talking_sub, plan.id, "key")
        assert (done.state, done.executed_by) == (PlanState.EXECUTED, talking_sub.id)
        events = session.scalars(select(AuditEvent).where(AuditEvent.source_id == plan.id)).all()
        assert {(e.actor_id, e.conversation_id) for e in events} == {(talking_sub.id, talking_sub.conversation_id)}
    assert events[0].after["conversation_id"] == talking_sub.conversation_id


@pytest.mark.parametrize(("kind", "params", "permission"), [
    ("ops.off", {"everything": True}, "operations:switch_all"),
    ("setup.complete", {"item": "mail_sender", "value": "new@oneul.example"}, "setup:complete"),
])  # fmt: skip
def test_confirming_needs_the_right_itself(
    session: Session, owner: Actor, sub_operator: Actor, ids, kind, params, permission
) -> None:
    plan = service.preview(session, owner, kind, params)
    before = whole_state(session)
    with pytest.raises(Forbidden) as refused:
        service.confirm(session, sub_operator, plan.id, "key")
    assert refused.value.data == {"permission": permission}
    assert not difference(before, whole_state(session))
    assert service.confirm(session, owner, plan.id, "key").state is PlanState.EXECUTED


def test_a_stranger_can_neither_confirm_nor_discard(session: Session, stranger: Actor, ids) -> None:
    for act in (
        lambda p: service.confirm(session, stranger, p, "key"),
        lambda p: service.discard(session, stranger, p),
    ):
        for plan_id in (ids["plan"], ids["executed_plan"]):
            with pytest.raises(NotFound):
                act(plan_id)


def test_killed_in_the_middle_everything_is_unwritten(
    session: Session, owner: Actor, ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the changes were written and before the transaction ended."""

    class Killed(BaseException):
        pass

    def killed(*_: object) -> dict:
        raise Killed

    plan = service.preview(
        session, owner, "work_request.create", {"type": "category_tidy", "fields": {"content": "x", "scope": "mall"}}
    )
    session.commit()
    before = whole_state(session)
    session.rollback()
    kind = kinds.kind_named(plan.kind)
    monkeypatch.setitem(kinds._KINDS, plan.kind, replace(kind, after=killed))
    with pytest.raises(Killed), unit_of_work() as dying:
        service.confirm(dying, owner, plan.id, "key")
    assert not difference(before, whole_state(session))
    session.rollback()
    monkeypatch.setitem(kinds._KINDS, plan.kind, kind)
    with unit_of_work() as alive:
        assert service.confirm(alive, owner, plan.id, "key").state is PlanState.EXECUTED


def test_what_a_person_writes_is_never_taken_for_a_placeholder(session: Session, owner: Actor, ids) -> None:
    said = "$actor_name"
    plan = service.preview(session, owner, "ops.off", {"operation": "main_display", "reason": said})
    service.confirm(session, owner, plan.id, "key")
    assert plan.changes[0]["after"]["reason"] == said
    assert plan.changes[0]["after"]["set_by"] == owner.name
    brand = service.preview(
        session, owner, "setup.complete", {"item": "brand_info", "value": {"name": "$now", "intro": "$source_id"}}
    )
    service.confirm(session, owner, brand.id, "key")
    assert [c["after"] for c in brand.changes] == ["$now", "$source_id"]
