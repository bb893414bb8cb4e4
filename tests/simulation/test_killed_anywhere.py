"""Every operation, its undo, its messages and the scheduler's round, killed at every step: then another worker ends it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.audit.models import AuditEvent
from backend.conversations.models import Message
from backend.customers.gateway import default_gateway
from backend.customers.models import AddonCredit, CustomerMessage
from backend.customers.states import MessageState
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.operations.catalogue.loader import operations
from backend.operations.catalogue.smartstore_setup import operation as smartstore_setup
from backend.operations.customer_messages import send_customer_messages
from backend.operations.lease import LEASE
from backend.operations.models import Run
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.operations.tick import due_runs, tick
from backend.plans import service as plans
from backend.plans.models import Plan
from backend.plans.states import PlanState
from tests.databases import own_database
from tests.simulation import workshop
from tests.simulation.killing import each_death
from tests.simulation.month import owner_of
from tests.simulation.workshop import HOUSE, NOW, Kept, books, moved, schedule

pytestmark = pytest.mark.timeout(900)  # many processes; a shared machine may be slow
LATER = NOW + LEASE


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder: Path = tmp_path_factory.mktemp("workshop")
    with pytest.MonkeyPatch.context() as patch, own_database(folder / "var"), clock.frozen(NOW):
        # the same picture is drawn for every death: the real one, drawn once
        patch.setattr(smartstore_setup, "store_picture", lru_cache(smartstore_setup.store_picture))
        with unit_of_work() as session:
            workshop.furnish(session)
        yield Kept(folder / "kept")


@pytest.fixture
def start(furnished: Kept) -> Kept:
    furnished.restore()
    return furnished


def read(run_id: str) -> Run:
    with unit_of_work(write=False) as session:
        return session.get_one(Run, run_id)


def take_back(run_id: str) -> None:
    with unit_of_work() as session:
        actor = owner_of(session, HOUSE)
        plan = plans.preview(session, actor, "undo", {"source_type": "run", "source_id": run_id})
        plan_id = plan.id
    with unit_of_work() as session:
        plans.confirm(session, owner_of(session, HOUSE), plan_id, "key")


@pytest.mark.parametrize("operation", list(operations()))
def test_a_run_killed_at_any_step_is_ended_once_by_another_worker(operation: str, start: Kept, tmp_path: Path) -> None:
    run_id = schedule(operation)
    due = Kept(tmp_path / "due")
    untouched, whole = books(), {}
    for at in (NOW, LATER):  # what the shop is after a run without an accident
        due.restore()
        with clock.frozen(at):
            assert execute(run_id, "w1") is RunState.DONE
            whole[at] = books()
    changed = read(run_id).result["changed"]
    assert changed > 0
    deaths = 0
    for point in each_death(due.restore, lambda: execute(run_id, "w1")):
        deaths += 1
        left = read(run_id)
        files = {"files"} if operations()[operation].prepare else set()
        if left.state is RunState.DONE:  # it died after the last commit
            assert moved(whole[NOW], books()) == {}, point
        else:  # nothing of it was written, but for pictures that nothing shows yet
            assert set(moved(untouched, books())) <= files, point
        with clock.frozen(LATER):
            with unit_of_work(write=False) as session:
                again = due_runs(session, LATER)
            assert again == ([] if left.state is RunState.DONE else [run_id]), point
            assert [execute(one, "w2") for one in again] in ([], [RunState.DONE]), point
            ended = read(run_id)
            assert (ended.state, ended.result["changed"], ended.lease_owner) == (RunState.DONE, changed, None), point
            assert moved(whole[NOW if left.state is RunState.DONE else LATER], books()) == {}, point
            assert execute(run_id, "w3") is None
    assert deaths >= 8


@pytest.mark.parametrize("operation", list(operations()))
def test_an_undo_killed_at_any_step_is_done_wholly_or_not_at_all(operation: str, start: Kept, tmp_path: Path) -> None:
    run_id = schedule(operation)
    assert execute(run_id, "w1") is RunState.DONE
    done = Kept(tmp_path / "done")
    after_run = books()
    with clock.frozen(LATER):
        take_back(run_id)
        put_back = books()
        assert moved(after_run, put_back)
        assert_restored(run_id)
        deaths = 0
        for point in each_death(done.restore, lambda: take_back(run_id)):
            deaths += 1
            with unit_of_work(write=False) as session:
                executed = list(session.scalars(select(Plan.id).where(Plan.state == PlanState.EXECUTED)))
            assert moved(put_back if executed else after_run, books()) == {}, point
            assert read(run_id).state is (RunState.REVERTED if executed else RunState.DONE), point
            if not executed:
                take_back(run_id)
                assert moved(put_back, books()) == {}, point
                assert_restored(run_id)
    assert deaths >= 6


def assert_restored(run_id: str) -> None:
    """Every field a run set holds again what it held before; every row it made is out of service or withdrawn."""
    from backend.changes import registry
    from backend.changes.apply import current

    with unit_of_work(write=False) as session:
        events = list(session.scalars(select(AuditEvent).where(AuditEvent.source_id == run_id)))
        assert events
        for event in events:
            spec = registry.target(event.target_type)
            row = current(session, HOUSE.id, event.target_type, event.target_id)
            if event.op == "set":
                assert registry.to_json(getattr(row, event.field)) == event.before
            elif spec.undo_create:
                assert all(
                    registry.to_json(getattr(row, name)) == value for name, value in spec.undo_create(row).items()
                )


def test_messages_killed_at_any_step_of_their_sending_leave_once(start: Kept, tmp_path: Path) -> None:
    run_id = schedule("crm_message")
    assert execute(run_id, "w1") is RunState.DONE
    queued = Kept(tmp_path / "queued")
    with unit_of_work(write=False) as session:
        ids = set(session.scalars(select(CustomerMessage.id).where(CustomerMessage.state == MessageState.QUEUED)))
    assert len(ids) >= 4
    deaths = 0
    for point in each_death(queued.restore, send_customer_messages):
        deaths += 1
        with clock.frozen(NOW + timedelta(minutes=5)):
            send_customer_messages()
        delivered = [one.message_id for one in default_gateway().deliveries()]
        with unit_of_work(write=False) as session:
            states = set(session.scalars(select(CustomerMessage.state)))
            used = list(session.scalars(select(AddonCredit.message_id).where(AddonCredit.delta < 0)))
        assert (sorted(delivered), states) == (sorted(ids), {MessageState.SENT}), point
        assert sorted(used) == sorted(ids), point
    assert deaths >= 10


def test_a_round_killed_at_any_step_plans_and_announces_once(start: Kept, tmp_path: Path) -> None:
    tick(start=lambda _: None)
    with unit_of_work() as session:
        display = session.scalars(select(Run).where(Run.operation == "main_display")).one()
        for run in session.scalars(select(Run).where(Run.operation == "cs_reply")):
            session.delete(run)  # something to plan beside what is to be announced
        notice = display.scheduled_for - timedelta(hours=24)
    before = Kept(tmp_path / "before")

    def look() -> tuple[int, int, list[str]]:
        with unit_of_work(write=False) as session:
            runs = list(session.scalars(select(Run)))
            told = list(session.scalars(select(Message.id)))
        return len(runs), len(told), sorted(run.state.value for run in runs)

    with clock.frozen(notice):
        tick(start=lambda _: None)
        whole = look()
        assert whole[1] == 1
        deaths = 0
        for point in each_death(before.restore, lambda: tick(start=lambda _: None)):
            deaths += 1
            tick(start=lambda _: None)
            assert look() == whole, point
    assert deaths >= 6
