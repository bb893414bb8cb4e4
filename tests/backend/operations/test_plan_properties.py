"""Whatever is off and whatever waits: the executed diff is the preview, undo restores, an OFF stops exactly what it covers."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.audit.models import AuditEvent
from backend.coupons.models import Coupon
from backend.errors import NothingToChange
from backend.kit import clock
from backend.operations.models import OffSwitch, Run
from backend.operations.scope import all_units, covers
from backend.operations.states import RunState
from backend.operations.wish import ScopeParams, read_scope
from backend.plans import service
from tests.backend.operations.conftest import add_run
from tests.backend.operations.test_off import add_coupon
from tests.backend.operations.test_on import WISH

thorough = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
UNITS = st.sets(st.integers(0, len(all_units()) - 1))
SENTINELS = {"$now", "$actor_id", "$actor_name"}


@pytest.fixture
def rolled_back(session):
    """Each example starts from the same shop."""

    class Example:
        def __enter__(self):
            self.savepoint = session.begin_nested()

        def __exit__(self, *_):
            self.savepoint.rollback()
            session.expire_all()

    return Example


def state(session) -> dict[str, tuple]:
    session.flush()
    runs = {r.id: (r.state, r.reason, r.open_key) for r in session.scalars(select(Run))}
    coupons = {c.id: (c.state,) for c in session.scalars(select(Coupon))}
    return runs | coupons


@thorough
@given(wish=WISH, waiting=UNITS, announced=UNITS, coupons=st.integers(0, 2))
def test_an_off_stops_exactly_the_covered_runs_and_undo_restores(
    session, shop, owner, rolled_back, wish, waiting, announced, coupons
) -> None:
    with rolled_back():
        runs = {}
        for index in waiting:
            unit = all_units()[index]
            how = {"state": RunState.ANNOUNCED, "announced_at": clock.now()} if index in announced else {}
            runs[unit] = add_run(session, shop, unit.operation, unit.market, **how)
        for number in range(coupons):
            add_coupon(session, shop, number)
        before = state(session)
        plan = service.preview(session, owner, "ops.off", wish)
        previewed = [dict(change) for change in plan.changes]
        service.confirm(session, owner, plan.id, "key")
        scope = read_scope(ScopeParams(**wish))
        stopped = {unit for unit, run in runs.items() if run.state is RunState.DROPPED}
        assert stopped == {unit for unit in runs if covers(scope, unit)}
        check_written(session, plan, previewed)
        undo = service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
        previewed = [dict(change) for change in undo.changes]
        service.confirm(session, owner, undo.id, "key")
        check_written(session, undo, previewed)
        assert state(session) == before
        assert all(switch.lifted_at for switch in session.scalars(select(OffSwitch)))


def check_written(session, plan, previewed: list[dict]) -> None:
    """The audit holds one event for each previewed change, in order, with the same values but for the sentinels."""
    events = session.scalars(select(AuditEvent).where(AuditEvent.source_id == plan.id).order_by(AuditEvent.seq)).all()
    assert len(events) == len(previewed)
    for event, change in zip(events, previewed, strict=True):
        assert (event.op, event.target_type, event.field, event.before) == (
            change["op"], change["target_type"], change["field"], change["before"],
        )  # fmt: skip
        if change["op"] == "create":
            same = {k: v for k, v in change["after"].items() if str(v) not in SENTINELS}
            assert {k: event.after[k] for k in same} == same
            assert not SENTINELS & set(map(str, event.after.values()))
        else:
            assert event.target_id == change["target_id"]
            assert event.after == change["after"] or change["after"] in SENTINELS


@thorough
@given(first=WISH, second=WISH, days=st.integers(0, 5), later=st.integers(0, 5))
def test_off_twice_never_covers_less_and_never_twice_the_same(
    session, shop, owner, carry_out, rolled_back, first, second, days, later
) -> None:
    def until(n: int) -> dict:
        return {"until": (clock.today() + timedelta(days=n)).isoformat()} if n else {}

    with rolled_back():
        carry_out(owner, "ops.off", **first, **until(days))
        try:
            carry_out(owner, "ops.off", **second, **until(later))
        except NothingToChange as told:
            assert told.error_code == "already_off"
            one, two = read_scope(ScopeParams(**first)), read_scope(ScopeParams(**second))
            assert all(covers(one, unit) for unit in all_units() if covers(two, unit))
            assert days == 0 or (later != 0 and later <= days)
        with pytest.raises(NothingToChange):
            service.preview(session, owner, "ops.off", {**second, **until(later)})
