"""A due run is carried out once and wholly, whoever is killed, however many workers there are."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from backend.access.actor import member_actor
from backend.audit.models import AuditEvent
from backend.db.engine import unit_of_work
from backend.display.models import DisplaySlot
from backend.errors import EditConflict
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.operations import lease, notices, runner
from backend.operations.models import Run
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.operations.tick import due_runs
from backend.plans import service
from backend.shops.models import Member
from tests.backend.operations.conftest import add_listing, add_order, add_product, add_run, shown


class Killed(BaseException):
    """The process is gone: nothing after this point of it happens."""


@pytest.fixture
def due(session, shop, display) -> str:
    run = add_run(
        session, shop, state=RunState.ANNOUNCED, announced_at=clock.now() - timedelta(days=1), scheduled_for=clock.now()
    )
    session.commit()
    return run.id


def read(run_id: str) -> Run:
    with unit_of_work(write=False) as session:
        return session.get_one(Run, run_id)


def test_a_run_writes_its_plan_and_says_what_it_did(due, fresh, shop, display) -> None:
    assert execute(due, "w1") is RunState.DONE
    session, run = fresh(), read(due)
    ids = [product.id for product in display]
    assert shown(session, shop) == [ids[7], ids[1], ids[6], ids[5]]
    assert (run.result["changed"], run.attempts, run.open_key, run.lease_owner) == (3, 1, None, None)
    assert run.finished_at == clock.now()
    events = list(session.scalars(select(AuditEvent).where(AuditEvent.source_id == due).order_by(AuditEvent.seq)))
    assert [(e.target_id, e.field, e.before, e.after) for e in events] == [
        (c["target_id"], c["field"], c["before"], c["after"]) for c in run.planned
    ]
    assert {(e.actor_kind, e.action, e.reason) for e in events} == {("pro", "run.main_display", "recent_reaction")}


def test_undo_of_a_run_restores_exactly_and_marks_it(due, shop, owner, fresh, display) -> None:
    before = shown(fresh(), shop)
    execute(due, "w1")
    with unit_of_work() as session:
        plan = service.preview(session, owner, "undo", {"source_type": "run", "source_id": due})
        service.confirm(session, owner, plan.id, "k")
    assert shown(fresh(), shop) == before
    assert read(due).state is RunState.REVERTED


@pytest.mark.parametrize("step", ["claimed", "computed", "applied"])
def test_killed_at_any_step_the_shop_is_whole_and_another_worker_finishes(step, due, fresh, shop, display) -> None:
    before = shown(fresh(), shop)

    def kill(at: str) -> None:
        if at == step:
            raise Killed

    with pytest.raises(Killed):
        execute(due, "w1", kill)
    assert shown(fresh(), shop) == before
    assert read(due).state is RunState.RUNNING
    assert execute(due, "w2") is None  # the lease still holds
    with clock.frozen(clock.now() + lease.LEASE):
        with unit_of_work(write=False) as session:
            assert due_runs(session, clock.now()) == [due]
        assert execute(due, "w2") is RunState.DONE
    assert shown(fresh(), shop) != before
    assert read(due).attempts == 2


def test_a_worker_that_comes_back_after_its_lease_writes_nothing(due, fresh, shop, display) -> None:
    def sleep(at: str) -> None:
        if at == "computed":
            with clock.frozen(clock.now() + lease.LEASE):
                assert execute(due, "w2") is RunState.DONE

    assert execute(due, "w1", sleep) is None
    events = fresh().scalars(select(AuditEvent).where(AuditEvent.source_id == due))
    assert len(list(events)) == 3


def test_two_workers_at_the_same_moment_run_it_once(due, fresh, display) -> None:
    start, ended = Barrier(4), []

    def work(name: str) -> None:
        start.wait()
        ended.append(execute(due, name))

    threads = [Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended, key=str) == [None, None, None, RunState.DONE]
    assert len(list(fresh().scalars(select(AuditEvent).where(AuditEvent.source_id == due)))) == 3


@pytest.mark.parametrize("step", ["claimed", "computed"])
@pytest.mark.parametrize(
    "params", [{"operation": "main_display"}, {"area": "product"}, {"market": "mall"}, {"everything": True}]
)
def test_an_off_between_claim_and_apply_wins(step, params, due, fresh, shop, owner, display) -> None:
    before = shown(fresh(), shop)

    def off(at: str) -> None:
        if at == step:
            with unit_of_work() as session:
                actor = member_actor(session.get_one(Member, owner.id))
                plan = service.preview(session, actor, "ops.off", params)
                service.confirm(session, actor, plan.id, "k")

    assert execute(due, "w1", off) is RunState.DROPPED
    assert shown(fresh(), shop) == before
    assert read(due).reason == "switched_off"


def test_a_slot_that_moves_under_our_hands_is_computed_again(due, fresh, shop, display) -> None:
    moved = []

    def move(at: str) -> None:
        if at == "computed" and not moved:
            with unit_of_work() as session:
                slot = session.get_one(DisplaySlot, f"slot_{shop.mall_id}_2_1")
                slot.product_id = display[4].id
                moved.append(slot.id)

    assert execute(due, "w1", move) is RunState.DONE
    first = fresh().scalars(select(AuditEvent).where(AuditEvent.source_id == due).order_by(AuditEvent.seq)).first()
    assert (first.before, first.after) == (display[4].id, display[7].id)


def test_a_pin_set_meanwhile_is_kept(due, fresh, shop, display) -> None:
    """The pin does not touch the product of the slot, so only looking again can see it."""

    def pin(at: str) -> None:
        if at == "claimed":
            with unit_of_work() as session:
                session.get_one(DisplaySlot, f"slot_{shop.mall_id}_2_1").pinned = True

    execute(due, "w1", pin)
    assert shown(fresh(), shop)[0] == display[0].id


def test_a_pin_set_after_the_look_is_kept_too(due, fresh, shop, display) -> None:
    def pin(at: str) -> None:
        if at == "computed":
            with unit_of_work() as session:
                session.get_one(DisplaySlot, f"slot_{shop.mall_id}_2_1").pinned = True

    execute(due, "w1", pin)
    assert shown(fresh(), shop)[0] == display[0].id


def test_when_the_shop_never_holds_still_it_fails_and_is_repeated(due, fresh, monkeypatch, display) -> None:
    def edit(*_: object, **__: object) -> None:
        raise EditConflict("again")

    monkeypatch.setattr(runner, "apply", edit)
    assert execute(due, "w1") is RunState.FAILED
    failed, again = read(due), fresh().scalars(select(Run).where(Run.trigger == "retry")).one()
    assert failed.reason == "edit_conflict"
    assert (again.state, again.scheduled_for, again.attempts) == (
        RunState.ANNOUNCED,
        clock.now() + timedelta(minutes=10),
        1,
    )


def test_failures_are_repeated_later_each_time_and_then_given_up(due, monkeypatch, fresh, display) -> None:
    monkeypatch.setattr(runner.gate, "compute", lambda *_: 1 / 0)
    told: list[dict] = []
    monkeypatch.setattr(notices, "listeners", [lambda session, shop, code, data: told.append({"code": code, **data})])
    waits, run_id, at = [], due, clock.now()
    while run_id:
        with clock.frozen(at):
            assert execute(run_id, "w") is RunState.FAILED
        retry = fresh().scalars(select(Run).where(Run.trigger == "retry", Run.state == RunState.ANNOUNCED)).first()
        if retry:
            waits.append(retry.scheduled_for - at)
        run_id, at = (retry.id, retry.scheduled_for) if retry else (None, at)
    assert waits == [timedelta(minutes=10), timedelta(hours=1)]
    failed = list(fresh().scalars(select(Run).where(Run.state == RunState.FAILED)))
    assert {(run.reason, run.result["error"]) for run in failed} == {("internal", "ZeroDivisionError")}
    assert [(one["code"], one["attempts"]) for one in told] == [("run_failed", 3)]  # once, at the end


def test_a_listener_that_fails_does_not_hold_up_the_run(due, monkeypatch, fresh, shop, display) -> None:
    monkeypatch.setattr(notices, "listeners", [lambda *_: 1 / 0])
    assert execute(due, "w1") is RunState.DONE
    assert shown(fresh(), shop)[0] == display[7].id


def test_an_unreachable_market_fails_the_run_and_is_tried_again(session, shop) -> None:
    product = add_product(session, shop, 1, attributes={"소재": "울"})
    add_listing(session, product, Market.SMARTSTORE)
    session.get_one(MarketAccount, f"mka_{shop.mall_id}_smartstore").state = AccountState.UNREACHABLE
    run = add_run(session, shop, "smartstore_seo", Market.SMARTSTORE, scheduled_for=clock.now())
    session.commit()
    assert execute(run.id, "w1") is RunState.FAILED
    assert read(run.id).reason == "market_unreachable"


def test_a_lost_worker_three_times_over_ends_it(due, display) -> None:
    def kill(_: str) -> None:
        raise Killed

    at = clock.now()
    for number in range(3):
        with clock.frozen(at + number * lease.LEASE), pytest.raises(Killed):
            execute(due, "w", kill)
    with clock.frozen(at + 3 * lease.LEASE):
        assert execute(due, "w") is RunState.FAILED
    assert read(due).reason == "worker_lost"


def test_nothing_to_improve_ends_as_nothing(session, shop) -> None:
    run = add_run(session, shop, "promotion_coupon", scheduled_for=clock.now())
    session.commit()
    assert execute(run.id, "w1") is RunState.NOTHING


def test_a_missing_setting_drops_the_run_with_its_reason(due, session, shop, display) -> None:
    shop.pro_app_installed_at = None
    session.commit()
    assert execute(due, "w1") is RunState.DROPPED
    assert read(due).reason == "setup_missing"


def test_a_cap_lowered_after_the_look_still_counts(session, shop, fresh) -> None:
    from backend.coupons.models import Coupon, CouponPolicy

    product = add_product(session, shop, 1)
    for number in range(40):
        add_order(session, shop, product, clock.now() - timedelta(days=100), f"고객{number}")
    run = add_run(session, shop, "promotion_coupon", scheduled_for=clock.now())
    session.commit()

    def lower(at: str) -> None:
        if at == "computed":
            with unit_of_work() as other:
                other.get_one(CouponPolicy, shop.id).max_rate = 3

    assert execute(run.id, "w1", lower) is RunState.DONE
    coupon = fresh().scalars(select(Coupon)).one()
    assert (coupon.value, coupon.run_id) == (3, run.id)


def test_undo_of_a_coupon_run_stops_issuing_and_tells_about_those_out(session, shop, owner, fresh) -> None:
    from backend.coupons.models import Coupon, CouponState

    product = add_product(session, shop, 1)
    for number in range(40):
        add_order(session, shop, product, clock.now() - timedelta(days=100), f"고객{number}")
    run = add_run(session, shop, "promotion_coupon", scheduled_for=clock.now())
    session.commit()
    execute(run.id, "w1")
    with unit_of_work() as other:
        coupon = other.scalars(select(Coupon)).one()
        coupon.issued, coupon.used = 12, 2
    with unit_of_work() as other:
        plan = service.preview(other, owner, "undo", {"source_type": "run", "source_id": run.id})
        told = {effect["code"]: effect["data"] for effect in plan.effects}
        service.confirm(other, owner, plan.id, "k")
    assert told["coupon_withdrawn"]["unused"] == 10 and told["coupon_withdrawn"]["max_amount"] == 50_000
    assert fresh().scalars(select(Coupon)).one().state is CouponState.ISSUE_STOPPED
