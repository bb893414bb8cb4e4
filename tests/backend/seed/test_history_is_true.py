"""The replayed weeks left what they would have left in a real shop."""

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import member_actor
from backend.audit.models import AuditEvent
from backend.changes import registry
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.models import OffSwitch, Run
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.shops.models import Member
from backend.work_requests.models import WorkRequest, WorkRequestComment


def test_the_shops_hold_what_the_last_event_of_each_field_says(reading: Session) -> None:
    last: dict[tuple[str, str, str], AuditEvent] = {}
    for event in reading.scalars(select(AuditEvent).order_by(AuditEvent.id)):
        if event.op == "set":
            last[event.target_type, event.target_id, event.field] = event
    assert len(last) > 300
    for (target_type, target_id, field), event in last.items():
        row = reading.get_one(registry.target(target_type).model, target_id)
        assert registry.to_json(getattr(row, field)) == event.after, event.target_label


def test_each_done_run_has_its_rule_findings_changes_and_events(reading: Session) -> None:
    runs = list(reading.scalars(select(Run).where(Run.state == RunState.DONE)))
    always = {
        "main_display",
        "product_name",
        "smartstore_seo",
        "promotion_coupon",
        "crm_message",
        "one_plus_deal",
        "cs_reply",
    }
    assert {run.operation for run in runs} >= always
    for run in runs:
        assert run.rule["code"] and run.findings and run.started_at and run.finished_at
        events = reading.scalars(select(AuditEvent).where(AuditEvent.source_id == run.id)).all()
        assert len(events) == len(run.planned) == run.result["changed"]


def test_weeks_of_runs_with_a_failed_one(reading: Session) -> None:
    states = Counter(
        (run.operation, run.state) for run in reading.scalars(select(Run).where(Run.shop_id == "shop_oneuldam"))
    )
    assert states["main_display", RunState.DONE] >= 2
    assert states["promotion_coupon", RunState.DONE] >= 2
    assert states["product_name", RunState.FAILED] >= 1
    failed = reading.scalars(select(Run).where(Run.state == RunState.FAILED)).all()
    assert {(run.market, run.reason) for run in failed} == {(Market.GMARKET, "market_unreachable")}


@pytest.mark.parametrize("mall_id", ["oneuldam", "hwanggeumbat", "dalbitlab"])
def test_tomorrows_main_display_is_announced(reading: Session, mall_id: str) -> None:
    query = select(Run).where(Run.shop_id == f"shop_{mall_id}", Run.operation == "main_display")
    run = reading.scalars(query.where(Run.state == RunState.ANNOUNCED)).one()
    assert (clock.seoul(run.scheduled_for).date() - clock.today()).days == 1
    assert run.planned and run.announced_at and run.announced_at <= clock.now()


def test_two_offs_are_over_and_one_holds(reading: Session) -> None:
    switches = reading.scalars(
        select(OffSwitch).where(OffSwitch.shop_id == "shop_oneuldam").order_by(OffSwitch.set_at)
    ).all()
    assert [(s.operation, s.lifted_by) for s in switches[:2]] == [
        ("promotion_coupon", "PRO"),
        ("main_display", "오늘담 대표"),
    ]
    (holding,) = switches[2:]
    assert (holding.operation, holding.market, holding.lifted_at) == ("product_name", Market.ELEVENST, None)


def test_nothing_is_due_before_tomorrow(reading: Session) -> None:
    waiting = reading.scalars(select(Run).where(Run.state.in_((RunState.SCHEDULED, RunState.ANNOUNCED)))).all()
    assert waiting
    assert min(clock.seoul(run.scheduled_for).date() for run in waiting) > clock.today()


def test_a_seeded_run_can_be_undone_by_the_merchant(session: Session) -> None:
    run = session.scalars(
        select(Run)
        .where(Run.shop_id == "shop_oneuldam", Run.operation == "smartstore_seo", Run.state == RunState.DONE)
        .order_by(Run.scheduled_for.desc())
        .limit(1)
    ).one()
    owner = member_actor(session.get_one(Member, "mem_oneuldam_owner"))
    plan = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run.id})
    assert len(plan.changes) == run.result["changed"] + 1
    plans.confirm(session, owner, plan.id, "undo it")
    assert session.get_one(Run, run.id).state is RunState.REVERTED


def test_work_requests_stand_in_several_states_with_words_from_both_sides(reading: Session) -> None:
    states = {r.state.value for r in reading.scalars(select(WorkRequest))}
    assert states == {"submitted", "accepted", "in_progress", "done", "rejected", "withdrawn"}
    assert {c.author_kind for c in reading.scalars(select(WorkRequestComment))} == {"member", "operations"}
