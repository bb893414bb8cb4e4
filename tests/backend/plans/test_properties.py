"""For every registered kind and whatever is asked: what is executed is what was previewed, and its undo restores the shop.

Registered kinds are enumerated: a new one without an entry in its feature's wishes.py fails.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import features
from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.errors import NothingToChange, OpsTalkError
from backend.inventory.models import StockItem, StockMovement
from backend.kit import clock
from backend.plans import kinds, service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from tests.backend.inventory.wishes import LEDGER
from tests.backend.plans.every_wish import STAYS, WISHES
from tests.backend.plans.said import PRODUCT
from tests.backend.plans.whole_state import TRACES, difference, rolled_back, whole_state

thorough = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_kind_is_wished_for() -> None:
    features.load()
    assert kinds.names() == WISHES.keys()


@pytest.mark.parametrize("kind", sorted(WISHES))
@thorough
@given(data=st.data())
def test_what_is_executed_is_what_was_previewed_and_undo_restores_the_shop(
    kind: str, session: Session, owner: Actor, ids: dict[str, str], data: Any
) -> None:
    with rolled_back(session):
        pinned = data.draw(st.sampled_from([None, 1, 3]))
        if pinned and kind.startswith("display."):
            carry_out(session, owner, "display.pin", {"product_id": "prd_oneul_01", "position": pinned})
        params = real(data.draw(WISHES[kind]), ids)
        before = whole_state(session, TRACES, versions=False)
        try:
            plan = service.preview(session, owner, kind, params)
        except OpsTalkError:
            assert not difference(before, whole_state(session, TRACES, versions=False))
            return
        previewed = [dict(change) for change in plan.changes]
        done = service.confirm(session, owner, plan.id, "key")
        assert done.state is PlanState.EXECUTED
        check_written(session, done, previewed)
        if not done.undoable:
            with pytest.raises(NothingToChange):
                service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
            return
        undo = service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
        expected = [dict(change) for change in undo.changes]
        assert service.confirm(session, owner, undo.id, "key").state is PlanState.EXECUTED
        check_written(session, undo, expected)
        moved = difference(before, whole_state(session, TRACES, versions=False))
        check_out_of_service(session, done, moved)
        check_ledger(session)


def real(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: real(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [real(inner, ids) for inner in value]
    return ids[value[1:]] if isinstance(value, str) and value[:1] == "@" and value[1:] in ids else value


def carry_out(session: Session, actor: Actor, kind: str, params: dict[str, Any]) -> Plan:
    return service.confirm(session, actor, service.preview(session, actor, kind, params).id, "key")


def check_ledger(session: Session) -> None:
    """Whatever was done and put back, stock is the sum of its lines."""
    summed = select(func.coalesce(func.sum(StockMovement.delta), 0)).where(StockMovement.item_id == StockItem.id)
    wrong = select(StockItem.id).where(StockItem.stocked != summed.scalar_subquery())
    assert not session.scalars(wrong).all()


KNOWN_WHEN_WRITTEN = {
    "$now": lambda plan, actor: clock.now().isoformat(), "$actor_id": lambda plan, actor: actor,
    "$actor_name": lambda plan, actor: "oneul owner", "$conversation_id": lambda plan, actor: None,
    "$source_id": lambda plan, actor: plan.id,
}  # fmt: skip


def known_when_written(asked: str, plan: Plan) -> Any:
    if asked == "$source_id":
        return plan.id
    if asked.startswith("$made:"):
        return plan.changes[int(asked.removeprefix("$made:"))]["target_id"]
    return KNOWN_WHEN_WRITTEN[asked](plan, plan.executed_by)


def check_written(session: Session, plan: Plan, previewed: list[dict[str, Any]]) -> None:
    """One event for each previewed change, in order and with its values; the plan tells the same."""
    events = session.scalars(select(AuditEvent).where(AuditEvent.source_id == plan.id).order_by(AuditEvent.seq)).all()
    assert len(events) == len(previewed) == len(plan.changes)
    for event, said, told in zip(events, previewed, plan.changes, strict=True):
        assert (event.op, event.target_type, event.field, event.before, event.target_label) == (
            said["op"], said["target_type"], said["field"], said["before"], said["label"],
        )  # fmt: skip
        assert event.target_id == (said["target_id"] or event.target_id) == told["target_id"]
        assert event.after == told["after"]
        pairs = (
            [(said["after"][k], event.after[k]) for k in said["after"]]
            if said["op"] == "create"
            else [(said["after"], event.after)]
        )
        for asked, written in pairs:
            if asked != written:
                assert written == known_when_written(asked, plan)


def check_out_of_service(session: Session, plan: Plan, moved: dict[str, Any]) -> None:
    """Beside rows the plan itself created, not one field of the shop differs from before."""
    created = [change["target_id"] for change in plan.changes if change["op"] == "create"]
    assert moved.keys() <= STAYS, moved
    for table, (gone, new) in moved.items():
        assert not gone
        if table == LEDGER:  # nothing is ever taken out of it: an undo is one more line
            continue
        assert len(new) == len([row for row in new if any(repr(row_id) in row for row_id in created)])


@thorough
@given(pins=st.lists(st.tuples(PRODUCT, st.integers(1, 3), st.booleans()), min_size=1, max_size=5))
def test_a_chain_of_pins_undone_backwards_is_the_first_display(
    session: Session, owner: Actor, ids: dict[str, str], pins: list
) -> None:
    with rolled_back(session):
        before = whole_state(session, TRACES, versions=False)
        done = []
        for product, position, pin in pins:
            kind, params = ("display.pin", {"position": position}) if pin else ("display.unpin", {})
            try:
                done.append(carry_out(session, owner, kind, {"product_id": product, **params}))
            except OpsTalkError:
                continue
        for plan in reversed(done):
            carry_out(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
        assert not difference(before, whole_state(session, TRACES, versions=False))
        standing = session.scalar(
            select(func.count()).where(AuditEvent.source_id.in_([p.id for p in done]), AuditEvent.undone_by.is_(None))
        )
        assert standing == 0
