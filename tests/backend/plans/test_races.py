"""Several people, one plan, the same moment: over real connections in real threads."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.db.engine import unit_of_work
from backend.errors import OpsTalkError, PlanClosed
from backend.plans import service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from backend.work_requests.models import WorkRequest

MANY = 6


def at_the_same_moment(acts: list[Callable[[Session], Any]]) -> list[Any]:
    """What each returned, or the error it met."""
    gate = threading.Barrier(len(acts))

    def go(act: Callable[[Session], Any]) -> Any:
        gate.wait()
        try:
            with unit_of_work() as session:
                return act(session)
        except OpsTalkError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


@pytest.fixture
def plan_id(session: Session, owner: Actor, ids: dict[str, str]) -> str:
    params = {"type": "category_tidy", "fields": {"content": "once only", "scope": "mall"}}
    plan = service.preview(session, owner, "work_request.create", params)
    session.commit()
    return plan.id


def requests(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(WorkRequest).where(WorkRequest.shop_id == "shop_oneul")) or 0


def test_confirmed_by_many_at_once_it_is_executed_once(
    session: Session, owner: Actor, sub_operator: Actor, plan_id: str
) -> None:
    before = requests(session)
    acts = [
        lambda s, n=n: service.confirm(s, (owner, sub_operator)[n % 2], plan_id, f"key {n}").result for n in range(MANY)
    ]
    results = at_the_same_moment(acts)
    assert requests(session) == before + 1
    assert len({str(result) for result in results}) == 1, "everyone is told the same outcome"
    events = session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.source_id == plan_id))
    assert events == 1


def test_a_yes_and_a_no_at_once_never_both_count(session: Session, owner: Actor, plan_id: str) -> None:
    before = requests(session)
    yes, no = at_the_same_moment([
        lambda s: service.confirm(s, owner, plan_id, "key").state, lambda s: service.discard(s, owner, plan_id).state,
    ])  # fmt: skip
    filed = requests(session) - before
    state = session.get_one(Plan, plan_id).state
    if filed:
        assert (yes, state) == (PlanState.EXECUTED, PlanState.EXECUTED)
        assert isinstance(no, PlanClosed)
    else:
        assert (no, state) == (PlanState.DISCARDED, PlanState.DISCARDED)
        assert isinstance(yes, PlanClosed)


def test_two_plans_for_the_same_thing_are_not_both_executed(
    session: Session, owner: Actor, ids: dict[str, str]
) -> None:
    plans = [service.preview(session, owner, "coupon.stop", {"coupon_id": ids["coupon"]}).id for _ in range(MANY)]
    session.commit()
    results = at_the_same_moment([lambda s, p=p: service.confirm(s, owner, p, "key").state for p in plans])
    assert results.count(PlanState.EXECUTED) == 1
    assert {r.error_code for r in results if isinstance(r, OpsTalkError)} == {"already_stopped"}


def test_undone_by_many_at_once_it_is_put_back_once(session: Session, owner: Actor, ids: dict[str, str]) -> None:
    source = {"source_type": "plan", "source_id": ids["executed_plan"]}
    plans = [service.preview(session, owner, "undo", source).id for _ in range(MANY)]
    session.commit()
    results = at_the_same_moment([lambda s, p=p: service.confirm(s, owner, p, "key").state for p in plans])
    assert results.count(PlanState.EXECUTED) == 1
    assert {r.error_code for r in results if isinstance(r, OpsTalkError)} == {"nothing_to_undo"}
