"""One OFF that leaves parts out: one record, exactly the rest is off, and ON and undo put exactly that back."""

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.errors import InvalidInput, NothingToChange, OpsTalkError
from backend.kit import clock
from backend.kit.wording import wording
from backend.operations import gate, switches
from backend.operations.contract import Area, Operation
from backend.operations.models import OffSwitch, Run
from backend.operations.scope import Unit, all_units
from backend.operations.states import RunState
from backend.plans import service
from tests.backend.operations.conftest import add_run, switch_off
from tests.backend.operations.periods_of_offs import EXCLUSIONS, SCOPES, Wished

thorough = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def off_units(session, shop) -> set[Unit]:
    session.flush()
    holding = switches.active(session, shop.id, clock.now())
    return {unit for unit in all_units() if switches.covering(holding, unit)}


@thorough
@given(scope=SCOPES, left_out=EXCLUSIONS)
def test_one_record_covers_everything_but_what_is_named(session, shop, owner, carry_out, scope, left_out) -> None:
    wish = Wished({**scope, **left_out}, clock.now(), None)
    with session.begin_nested() as savepoint:
        runs = {unit: add_run(session, shop, unit.operation, unit.market) for unit in all_units()}
        expected = {unit for unit in all_units() if wish.covers(unit)}
        try:
            plan = carry_out(owner, "ops.off", **wish.params)
        except OpsTalkError as refused:
            assert refused.error_code == "nothing_in_scope"
            assert not expected
        else:
            assert session.query(OffSwitch).count() == 1
            assert off_units(session, shop) == expected
            assert {unit for unit, run in runs.items() if run.state is RunState.DROPPED} == expected
            assert wording().say("effect.ops_off", data=plan.effects[0]["data"])
            carry_out(owner, "undo", source_type="plan", source_id=plan.id)
            assert not off_units(session, shop)
            assert all(run.state is RunState.SCHEDULED for run in runs.values())
        savepoint.rollback()
    session.expire_all()


@thorough
@given(off=SCOPES, left_out=EXCLUSIONS, ons=st.lists(st.tuples(SCOPES, EXCLUSIONS), min_size=1, max_size=3))
def test_on_takes_its_part_out_and_undoing_all_of_it_leads_back(
    session, shop, owner, carry_out, off, left_out, ons
) -> None:
    with session.begin_nested() as savepoint:
        with suppress(OpsTalkError):
            carry_out(owner, "ops.off", **off, **left_out)
        seen, done = [off_units(session, shop)], []
        for on, but in ons:
            meant = Wished({**on, **but}, clock.now(), None)
            with suppress(NothingToChange, InvalidInput):
                done.append(carry_out(owner, "ops.on", **on, **but))
                assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in done[-1].effects)
                seen.append({unit for unit in seen[-1] if not meant.covers(unit)})
                assert off_units(session, shop) == seen[-1]
        for plan in reversed(done):
            seen.pop()
            carry_out(owner, "undo", source_type="plan", source_id=plan.id)
            assert off_units(session, shop) == seen[-1]
        savepoint.rollback()
    session.expire_all()


def test_the_preview_names_what_goes_on_and_that_new_operations_are_off_too(session, owner) -> None:
    plan = service.preview(session, owner, "ops.off", {"everything": True, "excluded_operations": ["promotion_coupon"]})
    told = plan.effects[0]["data"]
    assert told["spared"] == [{"operation": "promotion_coupon", "market": None}]
    assert told["to_come"] is True
    said = wording().say("effect.ops_off", data=told)
    assert "끄지 않는 작업: 프로모션 쿠폰" in said
    assert "새 작업이 생겨도" in said
    one = service.preview(session, owner, "ops.off", {"operation": "product_name", "excluded_markets": ["coupang"]})
    assert one.effects[0]["data"]["to_come"] is False


def test_an_operation_added_later_is_off_under_an_off_of_everything(
    session, shop, owner, carry_out, monkeypatch
) -> None:
    from backend.operations import scope
    from backend.operations.catalogue.loader import operations

    carry_out(owner, "ops.off", everything=True, excluded_operations=["promotion_coupon"])
    known = operations()
    config = known["cs_reply"].config.model_copy(update={"key": "review_reply", "area": Area.CS})
    later = {**known, "review_reply": Operation(config, known["cs_reply"].diagnose, known["cs_reply"].plan)}
    monkeypatch.setattr(scope, "operations", lambda: later)
    scope._every_atom.cache_clear()
    try:
        assert Unit("review_reply", None) in off_units(session, shop)
        assert Unit("promotion_coupon", None) not in off_units(session, shop)
    finally:
        monkeypatch.undo()
        scope._every_atom.cache_clear()


def test_the_gate_says_what_holds_and_what_is_left_out(session, shop, owner, carry_out) -> None:
    carry_out(owner, "ops.off", everything=True, excluded_operations=["promotion_coupon"])
    now = clock.now()
    held = gate.decide(session, shop, Unit("main_display", None), now)
    spared = gate.decide(session, shop, Unit("promotion_coupon", None), now)
    off = next(check for check in held.checks if check.code == "switched_off")
    free = next(check for check in spared.checks if check.code == "switched_off")
    assert held.verdict == "switched_off"
    assert "프로모션 쿠폰을 뺀 PRO 작업 전체" in wording().say("gate.switched_off", evidence=off.evidence)
    assert free.passed and free.evidence["spared_by"]["scope"]["operation"] is None
    said = wording().say(
        "ops_not_running.one", operation="promotion_coupon", verdicts=[spared.as_json()], stuck=[]
    )  # fmt: skip
    assert "이 작업은 빼 두셨어요" in said


def test_leaving_out_what_is_not_in_it_anyway_changes_nothing(session, owner, carry_out) -> None:
    carry_out(owner, "ops.off", market="coupang", excluded_operations=["main_display"], excluded_areas=["cs"])
    switch = session.scalars(select(OffSwitch)).one()
    assert switch.excluded == [{"operation": None, "area": "cs", "market": None}]


def test_the_order_of_the_words_does_not_matter(session, owner) -> None:
    said = [["promotion_coupon", "thumbnail@coupang"], ["thumbnail@coupang", "promotion_coupon", "promotion_coupon"]]
    digests = {
        service.preview(session, owner, "ops.off", {"everything": True, "excluded_operations": parts}).digest
        for parts in said
    }
    assert len(digests) == 1


def test_a_wide_off_taken_back_part_by_part_ends_lifted(session, shop, owner, carry_out) -> None:
    switch = switch_off(session, shop, area="promotion_crm")
    carry_out(owner, "ops.on", operation="promotion_coupon")
    assert switch.lifted_at is None
    carry_out(owner, "ops.on", operation="crm_message")
    assert switch.lifted_at == clock.now()
    assert not switches.standing(session, shop.id, clock.now())


def test_a_waiting_run_of_what_is_left_out_still_runs(session, shop, owner, carry_out) -> None:
    coupon, display = add_run(session, shop, "promotion_coupon"), add_run(session, shop)
    carry_out(owner, "ops.off", everything=True, excluded_operations=["promotion_coupon"])
    assert session.get_one(Run, coupon.id).state is RunState.SCHEDULED
    assert session.get_one(Run, display.id).state is RunState.DROPPED
