"""Rounds of the scheduler: what is planned, announced, started, and what time alone brings about."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from backend.coupons.models import Coupon, CouponState
from backend.db.engine import unit_of_work
from backend.errors import IllegalMove
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations import notices, planner
from backend.operations.models import OffSwitch, Run
from backend.operations.moves import move
from backend.operations.schedule import first_slot, month_start, next_start
from backend.operations.scope import Unit, all_units
from backend.operations.states import TRANSITIONS, RunState
from backend.operations.tick import tick
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_run, shown, switch_off
from tests.backend.operations.test_off import add_coupon

DISPLAY = Unit("main_display", None)


@pytest.fixture
def told():
    heard: list[tuple[str, dict]] = []

    def listen(session, shop, code, data) -> None:
        heard.append((code, {**data, "shop": shop.id}))

    notices.subscribe(listen)
    yield heard
    notices.listeners.remove(listen)


def open_runs(fresh, shop) -> dict[tuple[str, Market | None], Run]:
    found = fresh().scalars(select(Run).where(Run.shop_id == shop.id, Run.open_key.is_not(None)))
    return {(run.operation, run.market): run for run in found}


def test_a_round_plans_one_run_for_every_unit_that_may_run(session, shop, fresh) -> None:
    session.commit()
    tick()
    runs = open_runs(fresh, shop)
    connected = {None, Market.MALL, Market.SMARTSTORE, Market.COUPANG}
    assert set(runs) == {(u.operation, u.market) for u in all_units() if u.market in connected}
    assert runs["main_display", None].scheduled_for == datetime(2026, 11, 20, 1, tzinfo=UTC)  # a day to announce it
    assert runs["promotion_coupon", None].scheduled_for == datetime(2026, 11, 19, 2, tzinfo=UTC)
    assert tick().planned == 0


def test_what_is_off_ended_paused_or_not_set_up_is_not_planned(session, shop, fresh) -> None:
    switch_off(session, shop, operation="main_display")
    shop.brand_name = None
    session.commit()
    tick()
    assert not {("main_display", None), ("promotion_coupon", None)} & set(open_runs(fresh, shop))


def test_the_interval_counts_from_the_last_turn(session, shop) -> None:
    at = datetime(2026, 11, 16, 1, tzinfo=UTC)
    add_run(session, shop, state=RunState.DONE, scheduled_for=at, finished_at=at)
    add_run(session, shop, state=RunState.DROPPED, scheduled_for=clock.now(), finished_at=clock.now())
    assert next_start(session, shop, DISPLAY, clock.now()) == datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_a_used_quota_waits_for_the_next_month(session, shop, fresh) -> None:
    shop.monthly_run_quota = 0
    session.commit()
    tick()
    assert open_runs(fresh, shop)["promotion_coupon", None].scheduled_for == datetime(2026, 12, 1, 2, tzinfo=UTC)


def test_a_week_of_rounds_announces_a_day_ahead_runs_and_plans_the_next(session, shop, display, fresh, told) -> None:
    session.commit()
    at, end = clock.now(), clock.now() + timedelta(days=4)
    while at < end:
        with clock.frozen(at):
            assert tick().broken == []
        at += timedelta(hours=1)
    mine = [(code, data) for code, data in told if data["shop"] == shop.id and data.get("operation") == "main_display"]
    assert [code for code, _ in mine] == ["run_announced", "run_done"]
    run = (
        fresh()
        .scalars(select(Run).where(Run.operation == "main_display", Run.shop_id == shop.id, Run.state == RunState.DONE))
        .one()
    )
    assert run.scheduled_for - run.announced_at >= timedelta(hours=24)
    assert mine[0][1]["groups"] == ["추천상품"] and mine[0][1]["changes"] == 3
    assert shown(fresh(), shop)[0] == display[7].id
    assert open_runs(fresh, shop)["main_display", None].scheduled_for == run.scheduled_for + timedelta(days=7)


def test_a_run_that_must_be_announced_never_starts_unannounced(session, shop, display, fresh) -> None:
    run = add_run(session, shop, scheduled_for=clock.now() - timedelta(hours=3))
    session.commit()
    result = tick()
    assert run.id not in result.started and result.announced == 1
    late = fresh().get_one(Run, run.id)
    assert late.state is RunState.ANNOUNCED
    assert late.scheduled_for == datetime(2026, 11, 20, 1, tzinfo=UTC)


def test_with_nothing_to_improve_nothing_is_announced(session, shop, fresh, told) -> None:
    run = add_run(session, shop, scheduled_for=clock.now() + timedelta(hours=20))
    session.commit()
    tick()
    assert fresh().get_one(Run, run.id).state is RunState.NOTHING
    assert told == []


def test_an_off_ends_by_itself_and_the_history_says_so(session, shop, fresh, told) -> None:
    switch = switch_off(session, shop, operation="main_display", until=clock.now() + timedelta(hours=1))
    session.commit()
    tick()
    assert ("main_display", None) not in open_runs(fresh, shop)
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert tick().lifted == 1
        assert tick().lifted == 0
    lifted = fresh().get_one(OffSwitch, switch.id)
    assert (lifted.lifted_at, lifted.lifted_by) == (switch.until, "PRO")
    assert ("main_display", None) in open_runs(fresh, shop)
    assert told[0][0] == "off_lifted" and told[0][1]["switch"]["id"] == switch.id


def test_a_run_that_came_back_under_an_off_is_dropped(session, shop, fresh) -> None:
    run = add_run(session, shop)
    switch_off(session, shop)
    session.commit()
    assert tick().dropped == 1
    assert fresh().get_one(Run, run.id).reason == "switched_off"


def test_coupons_past_their_period_end(session, shop, fresh) -> None:
    coupon = add_coupon(session, shop, ends_at=clock.now() - timedelta(minutes=1))
    session.commit()
    tick()
    assert fresh().get_one(Coupon, coupon.id).state is CouponState.ENDED


def test_one_broken_shop_does_not_hold_up_the_others(session, shop, fresh, monkeypatch) -> None:
    session.commit()
    plan = planner.plan_shop

    def broken(session, one: Shop, now):
        if one.mall_id == "oneul":
            raise RuntimeError("broken data")
        return plan(session, one, now)

    monkeypatch.setattr(planner, "plan_shop", broken)
    assert tick().broken == [shop.id]
    with unit_of_work(write=False) as other:
        assert {run.shop_id for run in other.scalars(select(Run))} == {"shop_other"}


def test_two_schedulers_make_one_run(session, shop, monkeypatch) -> None:
    made = planner.plan_shop(session, shop, clock.now())
    session.delete(next(run for run in made if run.operation == "product_name"))
    session.flush()
    monkeypatch.setattr(planner, "open_keys", lambda *_: set())  # it looked before the other one wrote
    again = planner.plan_shop(session, shop, clock.now())
    assert {run.operation for run in again} == {"product_name"}
    assert len(list(session.scalars(select(Run)))) == len(made)


def test_a_slot_is_at_its_hour_in_seoul_and_never_earlier() -> None:
    evening = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)  # half past midnight of the 19th in Seoul
    assert first_slot(evening, 10) == datetime(2026, 11, 19, 1, tzinfo=UTC)
    assert first_slot(datetime(2026, 11, 19, 1, tzinfo=UTC), 10) == datetime(2026, 11, 19, 1, tzinfo=UTC)
    assert month_start(datetime(2026, 12, 31, 16, tzinfo=UTC)) == datetime(2026, 12, 31, 15, tzinfo=UTC)
    assert month_start(datetime(2026, 12, 3, tzinfo=UTC), 1) == datetime(2026, 12, 31, 15, tzinfo=UTC)


@pytest.mark.parametrize("before", list(RunState))
@pytest.mark.parametrize("after", list(RunState))
def test_a_run_moves_only_along_its_table(before, after, now) -> None:
    run = Run(id="run", shop_id="s", operation="main_display", state=before, version=1)
    if after in TRANSITIONS[before]:
        move(run, after, now)
        assert run.state is after
    else:
        with pytest.raises(IllegalMove):
            move(run, after, now)
        assert run.state is before


def test_what_failed_on_the_stroke_of_its_hour_is_not_planned_for_the_same_moment(session, shop) -> None:
    at = first_slot(clock.now(), 11)
    add_run(session, shop, "cs_reply", state=RunState.FAILED, reason="worker_lost", scheduled_for=at, attempts=4)
    with clock.frozen(at):
        planner.plan_shop(session, shop, at)
    again = session.scalars(select(Run).where(Run.operation == "cs_reply", Run.state == RunState.SCHEDULED)).one()
    assert again.scheduled_for == at + timedelta(days=1)
