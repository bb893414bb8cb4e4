"""A run that waits is moved: within its limits, once, undone, and never when it has started."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.db.engine import unit_of_work
from backend.errors import Conflict, Forbidden, InvalidInput, NotFound, NothingToChange, OpsTalkError
from backend.kit import clock
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.operations import lease, move_rules, planner
from backend.operations.models import Run
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.operations.tick import tick
from backend.plans import service
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_run, switch_off

TEN_TOMORROW = datetime(2026, 11, 19, 1, tzinfo=UTC)
thorough = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def announced(session, shop) -> Run:
    """Told ten minutes ago that the main page changes tomorrow at ten."""
    return add_run(
        session, shop, state=RunState.ANNOUNCED, scheduled_for=TEN_TOMORROW, announced_at=TEN_TOMORROW - timedelta(hours=24),
    )  # fmt: skip


def at(day: int, hour: int, minute: int = 0) -> str:
    return f"2026-11-{day:02}T{hour:02}:{minute:02}:00+09:00"


def refusal(session, actor, params) -> OpsTalkError:
    with pytest.raises(OpsTalkError) as refused:
        service.preview(session, actor, "ops.postpone", params)
    assert wording().say(f"problem.{refused.value.error_code}", data=refused.value.data)
    return refused.value


def test_a_day_keeps_the_hour_and_a_far_move_is_announced_again(session, shop, owner, announced, carry_out) -> None:
    plan = carry_out(owner, "ops.postpone", run_id=announced.id, to="2026-11-20")
    assert announced.scheduled_for == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert (announced.state, announced.announced_at) == (RunState.SCHEDULED, None)
    assert (announced.moved, announced.first_scheduled_for) == (1, TEN_TOMORROW)
    told = plan.effects[0]["data"]
    assert (told["from"], told["to"], told["announced"], told["moves_left"]) == (at(19, 10), at(20, 10), False, 2)
    assert "하루 전에 다시 알려" in wording().say("effect.run_moved", data=told)


def test_a_later_hour_of_the_same_day_stays_announced(session, shop, owner, announced, carry_out) -> None:
    with clock.frozen(TEN_TOMORROW - timedelta(hours=18)):
        plan = carry_out(owner, "ops.postpone", run_id=announced.id, to=at(19, 15, 30))
    assert announced.scheduled_for == datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
    assert announced.state is RunState.ANNOUNCED and announced.announced_at is not None
    assert "이미 보내 드렸으니" in wording().say("effect.run_moved", data=plan.effects[0]["data"])


def test_undo_puts_the_run_back_exactly(session, shop, owner, announced, carry_out) -> None:
    before = {c.name: getattr(announced, c.name) for c in Run.__table__.columns if c.name != "version"}
    plan = carry_out(owner, "ops.postpone", run_id=announced.id, to="2026-11-25")
    carry_out(owner, "undo", source_type="plan", source_id=plan.id)
    assert {c.name: getattr(announced, c.name) for c in Run.__table__.columns if c.name != "version"} == before


def test_undo_after_the_old_start_has_come_is_too_late(session, shop, owner, announced, carry_out) -> None:
    plan = carry_out(owner, "ops.postpone", run_id=announced.id, to="2026-11-25")
    with clock.frozen(TEN_TOMORROW), pytest.raises(NothingToChange) as refused:
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
    assert refused.value.error_code == "too_late_to_undo"
    assert announced.scheduled_for == datetime(2026, 11, 25, 1, tzinfo=UTC)


def test_at_the_old_start_nothing_runs_and_at_the_new_one_it_does(
    session, shop, owner, display, announced, carry_out, fresh
) -> None:
    carry_out(owner, "ops.postpone", run_id=announced.id, to="2026-11-21")
    session.commit()
    with clock.frozen(TEN_TOMORROW):
        assert announced.id not in tick().started
        assert execute(announced.id, "queued before the move") is None
    with clock.frozen(datetime(2026, 11, 20, 1, tzinfo=UTC)):
        assert tick().announced >= 1
    assert fresh().get_one(Run, announced.id).scheduled_for == datetime(2026, 11, 21, 1, tzinfo=UTC)
    with clock.frozen(datetime(2026, 11, 21, 1, tzinfo=UTC)):
        assert announced.id in tick().started
    assert fresh().get_one(Run, announced.id).state is RunState.DONE


def test_a_late_announcement_keeps_the_hour_the_merchant_chose(
    session, shop, owner, display, announced, carry_out
) -> None:
    carry_out(owner, "ops.postpone", run_id=announced.id, to=at(21, 15))
    with clock.frozen(datetime(2026, 11, 20, 9, tzinfo=UTC)):  # three hours late
        assert planner.announce(session, announced, clock.now()) is RunState.ANNOUNCED
    assert announced.scheduled_for == datetime(2026, 11, 22, 6, tzinfo=UTC)


def test_by_operation_and_by_market(session, shop, owner, carry_out) -> None:
    coupang = add_run(session, shop, "product_name", Market.COUPANG, scheduled_for=TEN_TOMORROW)
    add_run(session, shop, "product_name", Market.MALL, scheduled_for=TEN_TOMORROW)
    carry_out(owner, "ops.postpone", operation="product_name", market="coupang", to="2026-11-20")
    assert coupang.scheduled_for == datetime(2026, 11, 20, 1, tzinfo=UTC)


def test_several_markets_are_asked_about(session, shop, owner) -> None:
    for market in (Market.COUPANG, Market.MALL):
        add_run(session, shop, "product_name", market, scheduled_for=TEN_TOMORROW)
    refused = refusal(session, owner, {"operation": "product_name", "to": "2026-11-20"})
    assert (refused.error_code, set(refused.data["markets"])) == ("which_market", {"coupang", "mall"})


@pytest.mark.parametrize(("to", "code"), [
    (at(18, 8), "move_past"),
    ("2026-11-10", "move_past"),
    (at(19, 9), "move_too_early"),
    (at(20, 23), "move_hour"),
    (at(20, 3), "move_hour"),
    ("2026-12-04", "move_too_far"),
    (at(19, 10), "starts_then_already"),
    ("2026-11-24", "move_into_off"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_reason(session, shop, owner, announced, to, code) -> None:
    switch_off(
        session, shop, operation="main_display", starts_at=datetime(2026, 11, 23, 15, tzinfo=UTC),
        until=datetime(2026, 11, 25, 15, tzinfo=UTC),
    )  # fmt: skip
    assert refusal(session, owner, {"run_id": announced.id, "to": to}).error_code == code


def test_the_last_day_counts_from_where_it_stood_first(session, shop, owner, announced, carry_out) -> None:
    carry_out(owner, "ops.postpone", run_id=announced.id, to="2026-12-03")
    refused = refusal(session, owner, {"run_id": announced.id, "to": "2026-12-04"})
    assert (refused.error_code, refused.data["last_day"]) == ("move_too_far", "2026-12-03")


def test_the_fourth_move_is_refused(session, shop, owner, announced, carry_out) -> None:
    for day in (20, 21, 22):
        carry_out(owner, "ops.postpone", run_id=announced.id, to=f"2026-11-{day}")
    assert refusal(session, owner, {"run_id": announced.id, "to": "2026-11-23"}).error_code == "moved_too_often"


@pytest.mark.parametrize(("state", "code"), [
    (RunState.RUNNING, "run_started"), (RunState.DONE, "run_over"), (RunState.DROPPED, "run_over"),
    (RunState.FAILED, "run_over"), (RunState.NOTHING, "run_over"),
])  # fmt: skip
def test_what_started_or_is_over_stays(session, shop, owner, state, code) -> None:
    run = add_run(session, shop, state=state, started_at=clock.now(), scheduled_for=clock.now())
    refused = refusal(session, owner, {"run_id": run.id, "to": "2026-11-25"})
    assert isinstance(refused, Conflict) and refused.error_code == code


def test_one_whose_start_has_come_counts_as_started(session, shop, owner, announced) -> None:
    with clock.frozen(TEN_TOMORROW):
        assert refusal(session, owner, {"run_id": announced.id, "to": "2026-11-25"}).error_code == "run_started"


def test_a_worker_between_preview_and_yes_wins(session, shop, owner, announced) -> None:
    plan = service.preview(session, owner, "ops.postpone", {"run_id": announced.id, "to": "2026-11-25"})
    session.commit()
    with clock.frozen(TEN_TOMORROW):
        with unit_of_work() as other:
            assert lease.claim(other, announced.id, "w1", clock.now())
        session.expire_all()
        with pytest.raises(OpsTalkError) as refused:
            service.confirm(session, owner, plan.id, "key")
    assert refused.value.error_code in ("run_started", "plan_closed")
    assert session.get_one(Run, announced.id).scheduled_for == TEN_TOMORROW


def test_confirmed_twice_it_is_moved_once(session, shop, owner, announced) -> None:
    plan = service.preview(session, owner, "ops.postpone", {"run_id": announced.id, "to": "2026-11-25"})
    for _ in range(2):
        service.confirm(session, owner, plan.id, "key")
    assert announced.moved == 1


def test_nothing_waiting_and_nothing_named(session, shop, owner) -> None:
    assert refusal(session, owner, {"operation": "main_display", "to": "2026-11-25"}).error_code == "nothing_waiting"
    assert refusal(session, owner, {"area": "product", "to": "2026-11-25"}).error_code == "scope_missing"


def test_another_shops_run_does_not_exist(session, stranger, announced) -> None:
    with pytest.raises(NotFound):
        service.preview(session, stranger, "ops.postpone", {"run_id": announced.id, "to": "2026-11-25"})
    theirs = session.get_one(Shop, stranger.shop_id)
    add_run(session, theirs, scheduled_for=TEN_TOMORROW)
    assert session.scalar(select(Run.moved).where(Run.id == announced.id)) == 0


def test_the_right_to_switch_is_needed(session, owner, announced) -> None:
    from dataclasses import replace

    nobody = replace(owner, permissions=frozenset())
    with pytest.raises(Forbidden) as refused:
        service.preview(session, nobody, "ops.postpone", {"run_id": announced.id, "to": "2026-11-25"})
    assert refused.value.data == {"permission": "operations:switch"}


@thorough
@given(hours=st.lists(st.integers(-30, 24 * 17), min_size=1, max_size=5))
def test_whatever_is_asked_it_stands_within_its_limits_and_the_undos_lead_back(
    session, shop, owner, announced, carry_out, hours
) -> None:
    with session.begin_nested() as savepoint:
        start, done = announced.scheduled_for, []
        for by in hours:
            to = clock.seoul(start + timedelta(hours=by)).isoformat()
            try:
                done.append(carry_out(owner, "ops.postpone", run_id=announced.id, to=to))
            except (InvalidInput, NothingToChange, Conflict):
                continue
            now = clock.now()
            local = clock.seoul(announced.scheduled_for)
            assert announced.scheduled_for >= max(now, min(start, now + timedelta(hours=24)))
            assert move_rules.EARLIEST_HOUR <= local.time() <= move_rules.LATEST_HOUR
            assert (local.date() - clock.seoul(start).date()).days <= move_rules.MOST_DAYS
            if announced.state is RunState.SCHEDULED:
                assert announced.announced_at is None
        assert len(done) == announced.moved <= move_rules.MOST_MOVES
        assert session.scalars(select(Run).where(Run.open_key.is_not(None))).all() == [announced]
        for plan in reversed(done):
            carry_out(owner, "undo", source_type="plan", source_id=plan.id)
        assert (announced.scheduled_for, announced.state, announced.moved) == (start, RunState.ANNOUNCED, 0)
        savepoint.rollback()
    session.expire_all()
