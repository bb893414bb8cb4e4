"""OFFs with a beginning and an end, to the hour: what holds when, what drops, what begins by itself, what is changed later."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.coupons.models import Coupon, CouponState
from backend.errors import Forbidden, InvalidInput, NothingToChange
from backend.kit import clock
from backend.kit.wording import wording
from backend.operations import gate, planner, switches
from backend.operations.models import OffSwitch, Run
from backend.operations.schedule import next_free_start
from backend.operations.scope import Unit, all_units
from backend.operations.states import RunState
from backend.operations.tick import tick
from backend.plans import service
from tests.backend.operations.conftest import add_run, switch_off
from tests.backend.operations.periods_of_offs import EXCLUSIONS, SCOPES, Wished
from tests.backend.operations.test_off import add_coupon, effects

thorough = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
DISPLAY = Unit("main_display", None)


def seoul(day: int, hour: int = 0) -> str:
    return f"2026-11-{day:02}T{hour:02}:00:00+09:00"


HOURS = st.integers(-3, 24 * 6)
PERIODS = st.tuples(st.none() | HOURS, st.none() | HOURS)


def wished(scope: dict, left_out: dict, period: tuple[int | None, int | None]) -> Wished:
    """Hours from now, whole days where the hour says so."""
    now = clock.now()
    params = {**scope, **left_out}
    instants = []
    for name, hours in zip(("starts", "until"), period, strict=True):
        moment = None if hours is None else now + timedelta(hours=hours)
        if moment is not None:
            params[name] = clock.seoul(moment).isoformat()
        instants.append(moment)
    start = max(instants[0] or now, now)
    return Wished(params, start, instants[1])


@thorough
@given(
    wishes=st.lists(st.tuples(SCOPES, EXCLUSIONS, PERIODS), min_size=1, max_size=4),
    moments=st.lists(st.integers(0, 24 * 8), min_size=1, max_size=6),
)  # fmt: skip
def test_at_any_moment_exactly_the_wished_units_are_off(session, shop, owner, carry_out, wishes, moments) -> None:
    now = clock.now()
    with session.begin_nested() as savepoint:
        runs = {unit: add_run(session, shop, unit.operation, unit.market) for unit in all_units()}
        kept: list[Wished] = []
        for scope, left_out, period in wishes:
            wish = wished(scope, left_out, period)
            try:
                carry_out(owner, "ops.off", **wish.params)
            except InvalidInput as refused:
                assert refused.error_code in ("until_past", "until_before_start", "nothing_in_scope")
            except NothingToChange:
                pass  # then the others cover it: asked for below
            if wish.until is None or wish.until > max(wish.start, now):
                kept.append(wish)
        for hours in moments:
            at = now + timedelta(hours=hours)
            holding = switches.active(session, shop.id, at)
            off = {unit for unit in all_units() if switches.covering(holding, unit)}
            assert off == {unit for unit in all_units() if any(wish.stops(unit, at) for wish in kept)}
        for unit, run in runs.items():
            stopped = any(wish.stops(unit, run.scheduled_for) for wish in kept)
            assert (run.state is RunState.DROPPED) is stopped
        savepoint.rollback()
    session.expire_all()


@thorough
@given(
    scope=SCOPES, before=PERIODS, part=SCOPES, until=st.none() | st.integers(1, 24 * 6),
    moments=st.lists(st.integers(0, 24 * 8), min_size=1, max_size=6),
)  # fmt: skip
def test_changing_the_end_moves_only_what_is_named_and_its_undo_leads_back(
    session, shop, owner, carry_out, scope, before, part, until, moments
) -> None:
    now = clock.now()

    def off_at(hours: int) -> set[Unit]:
        holding = switches.active(session, shop.id, now + timedelta(hours=hours))
        return {unit for unit in all_units() if switches.covering(holding, unit)}

    with session.begin_nested() as savepoint:
        first = wished(scope, {}, before)
        with suppress(InvalidInput):
            carry_out(owner, "ops.off", **first.params)
        was = [off_at(hours) for hours in moments]
        end = None if until is None else now + timedelta(hours=until)
        how = {"for_good": True} if end is None else {"until": clock.seoul(end).isoformat()}
        with suppress(InvalidInput, NothingToChange):
            plan = carry_out(owner, "ops.off_period", **part, **how)
            assert wording().say("effect.off_period", data=plan.effects[0]["data"])
            named = Wished(part, now, None)
            # everything that was off lies within the named part, or only the named part of it is meant
            changed = Wished(first.params, first.start, end)
            for hours in moments:
                at = now + timedelta(hours=hours)
                expected = {
                    unit for unit in all_units() if (changed if named.covers(unit) else first).stops(unit, at)
                }  # fmt: skip
                assert off_at(hours) == expected
            carry_out(owner, "undo", source_type="plan", source_id=plan.id)
        assert [off_at(hours) for hours in moments] == was
        savepoint.rollback()
    session.expire_all()


def test_only_runs_that_would_start_inside_it_drop(session, shop, owner, carry_out) -> None:
    inside = add_run(session, shop, scheduled_for=datetime(2026, 11, 21, 1, tzinfo=UTC))
    after = add_run(session, shop, "promotion_coupon", scheduled_for=datetime(2026, 11, 23, 2, tzinfo=UTC))
    before = add_run(session, shop, "cs_reply", scheduled_for=datetime(2026, 11, 18, 23, tzinfo=UTC))
    plan = carry_out(owner, "ops.off", everything=True, starts="2026-11-20", until="2026-11-22")
    assert [run.state for run in (inside, after, before)] == [
        RunState.DROPPED, RunState.SCHEDULED, RunState.SCHEDULED,
    ]  # fmt: skip
    switch = session.scalars(select(OffSwitch)).one()
    assert (switch.starts_at, switch.until) == (
        datetime(2026, 11, 19, 15, tzinfo=UTC),
        datetime(2026, 11, 22, 15, tzinfo=UTC),
    )
    assert effects(plan)["ops_off"]["starts"] == "2026-11-20"


def test_hours_are_kept_and_said(session, shop, owner, carry_out) -> None:
    plan = carry_out(owner, "ops.off", operation="main_display", starts=seoul(19, 18), until=seoul(30, 9))
    told = plan.effects[0]["data"]
    assert (told["starts"], told["until"], told["resumes_on"]) == (seoul(19, 18), seoul(30, 9), seoul(30, 9))
    said = wording().say("effect.ops_off", data=told)
    assert "11월 19일(목) 오후 6시부터 멈추고, 11월 30일(월) 오전 9시에 저절로" in said
    with clock.frozen(datetime(2026, 11, 30, 0, tzinfo=UTC)):
        assert not switches.active(session, shop.id, clock.now())


def test_an_off_to_come_does_not_hold_yet_and_the_gate_says_when_it_will(session, shop, owner, carry_out) -> None:
    carry_out(owner, "ops.off", operation="promotion_coupon", starts="2026-11-20", until="2026-11-22")
    check = gate.decide(session, shop, Unit("promotion_coupon", None), clock.now()).checks[1]
    assert check.passed and check.evidence["coming"]["starts"] == "2026-11-20"
    with clock.frozen(datetime(2026, 11, 20, 3, tzinfo=UTC)):
        assert gate.decide(session, shop, Unit("promotion_coupon", None), clock.now()).verdict == "switched_off"


def test_what_was_made_so_far_stops_when_the_off_begins_and_undo_brings_it_back(
    session, shop, owner, carry_out, fresh
) -> None:
    coupon = add_coupon(session, shop)
    plan = carry_out(owner, "ops.off", operation="promotion_coupon", starts="2026-11-20")
    assert coupon.state is CouponState.LIVE
    assert effects(plan)["coupons_live_affected"]["count"] == 1
    session.commit()
    with clock.frozen(datetime(2026, 11, 19, 15, 0, tzinfo=UTC)):
        assert tick().begun == 1
        assert tick().begun == 0
        session.expire_all()
        assert session.get_one(Coupon, coupon.id).state is CouponState.ISSUE_STOPPED
        carry_out(owner, "undo", source_type="plan", source_id=plan.id)
        assert session.get_one(Coupon, coupon.id).state is CouponState.LIVE
        assert not switches.standing(session, shop.id, clock.now())


def test_the_next_start_steps_over_an_off_to_come(session, shop, owner, carry_out) -> None:
    carry_out(owner, "ops.off", operation="promotion_coupon", starts="2026-11-19", until="2026-11-20")
    standing = switches.standing(session, shop.id, clock.now())
    unit = Unit("promotion_coupon", None)
    assert next_free_start(session, shop, unit, clock.now(), standing) == datetime(2026, 11, 21, 2, tzinfo=UTC)
    carry_out(owner, "ops.off", operation="promotion_coupon", starts="2026-11-21")
    standing = switches.standing(session, shop.id, clock.now())
    assert next_free_start(session, shop, unit, clock.now(), standing) is None
    planned = planner.plan_shop(session, shop, clock.now())
    assert unit not in [Unit(run.operation, run.market) for run in planned]


def test_a_run_after_the_end_is_announced_while_the_off_still_holds(session, shop, owner, display, carry_out) -> None:
    run = add_run(session, shop, scheduled_for=datetime(2026, 11, 20, 1, tzinfo=UTC))
    carry_out(owner, "ops.off", operation="main_display", until=seoul(20, 9))
    assert run.state is RunState.SCHEDULED
    with clock.frozen(datetime(2026, 11, 19, 1, tzinfo=UTC)):
        assert planner.announce(session, run, clock.now()) is RunState.ANNOUNCED
        assert planner.drop_switched_off(session, shop, clock.now()) == []


@pytest.mark.parametrize(("params", "code"), [
    ({"starts": "2026-11-25", "until": "2026-11-24"}, "until_before_start"),
    ({"until": seoul(18, 9)}, "until_past"),
    ({"starts": "2026-11-30", "until": seoul(30, 0)}, "until_before_start"),
])  # fmt: skip
def test_a_period_that_cannot_be_is_refused(session, owner, params, code) -> None:
    with clock.frozen(datetime(2026, 11, 18, 3, tzinfo=UTC)), pytest.raises(InvalidInput) as refused:
        service.preview(session, owner, "ops.off", {"operation": "main_display", **params})
    assert refused.value.error_code == code


@pytest.mark.parametrize("bad", ["2026-11-30T09:00:00", "1999-01-01", "2101-01-01", "내일", 5])
def test_a_moment_without_offset_or_out_of_the_calendar_names_its_field(session, owner, bad) -> None:
    with pytest.raises(InvalidInput) as refused:
        service.preview(session, owner, "ops.off", {"operation": "main_display", "until": bad})
    assert refused.value.data["fields"][0]["field"].startswith("until")


def test_shortening_is_a_change_of_its_own(session, shop, owner, carry_out) -> None:
    switch = switch_off(session, shop, operation="main_display", until=datetime(2026, 11, 29, 15, tzinfo=UTC))
    plan = carry_out(owner, "ops.off_period", operation="main_display", until="2026-11-18")
    assert switch.until == datetime(2026, 11, 18, 15, tzinfo=UTC)
    told = plan.effects[0]["data"]
    assert (told["was_until"], told["until"], told["shorter"]) == ("2026-11-29", "2026-11-18", True)
    said = wording().say("effect.off_period", data=told)
    assert "지금: 11월 29일(일)까지" in said and "바꾸면: 11월 18일(수)까지" in said


def test_a_longer_end_drops_the_run_that_would_have_come_after(session, shop, owner, carry_out) -> None:
    switch_off(session, shop, operation="main_display", until=datetime(2026, 11, 19, 15, tzinfo=UTC))
    run = add_run(session, shop, scheduled_for=datetime(2026, 11, 21, 1, tzinfo=UTC))
    plan = carry_out(owner, "ops.off_period", operation="main_display", until="2026-11-22")
    assert run.state is RunState.DROPPED
    carry_out(owner, "undo", source_type="plan", source_id=plan.id)
    assert run.state is RunState.SCHEDULED


def test_the_same_end_again_and_no_off_at_all_say_so(session, shop, owner) -> None:
    for switched, code in ((False, "not_off"), (True, "off_until_already")):
        if switched:
            switch_off(session, shop, operation="main_display", until=datetime(2026, 11, 22, 15, tzinfo=UTC))
        with pytest.raises(NothingToChange) as refused:
            service.preview(session, owner, "ops.off_period", {"operation": "main_display", "until": "2026-11-22"})
        assert refused.value.error_code == code


def test_one_operation_of_a_wide_off_gets_its_own_end_and_needs_the_owner(
    session, shop, owner, sub_operator, carry_out
) -> None:
    wide = switch_off(session, shop, reason="감사")
    with pytest.raises(Forbidden):
        service.preview(session, sub_operator, "ops.off_period", {"operation": "main_display", "until": "2026-11-22"})
    carry_out(owner, "ops.off_period", operation="main_display", until="2026-11-22")
    standing = switches.standing(session, shop.id, clock.now())
    assert [(s.operation, s.until is None, s.reason, s.set_by) for s in standing] == [
        (None, True, "감사", wide.set_by), ("main_display", False, "감사", wide.set_by),
    ]  # fmt: skip
    assert session.get_one(OffSwitch, wide.id).excluded[0]["operation"] == "main_display"


def test_a_preview_is_stale_when_the_end_was_changed_meanwhile(session, shop, owner, carry_out) -> None:
    switch_off(session, shop, operation="main_display", until=datetime(2026, 11, 22, 15, tzinfo=UTC))
    plan = service.preview(session, owner, "ops.off_period", {"operation": "main_display", "until": "2026-11-25"})
    carry_out(owner, "ops.off_period", operation="main_display", until="2026-11-27")
    assert service.confirm(session, owner, plan.id, "late").state.value == "stale"


def test_runs_of_a_dropped_interval_are_shown_as_dropped(session, shop, owner, carry_out) -> None:
    run = add_run(
        session, shop, state=RunState.ANNOUNCED, announced_at=clock.now(),
        scheduled_for=datetime(2026, 11, 21, 1, tzinfo=UTC),
    )  # fmt: skip
    plan = carry_out(owner, "ops.off", operation="main_display", starts="2026-11-21", until="2026-11-22")
    assert effects(plan)["runs_dropped"]["runs"][0]["announced"] is True
    assert (session.get_one(Run, run.id).state, run.reason) == (RunState.DROPPED, "switched_off")
