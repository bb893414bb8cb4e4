"""Putting back: the whole, a part, the undo itself; refused where someone edited since, and where the right is missing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.models import AuditEvent
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.coupons.models import Coupon, CouponState
from backend.errors import Forbidden, NotFound, NothingToChange, UndoConflict
from backend.kit import clock
from backend.operations.models import OffSwitch, Run
from backend.operations.states import RunState
from backend.operations.views import run_detail
from backend.plans import service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from backend.products.models import Product
from tests.backend.plans.whole_state import TRACES, difference, whole_state

Do = Callable[..., Plan]
PRODUCTS = [f"prd_oneul_{number:02}" for number in (1, 2, 3)]


@pytest.fixture
def run(session: Session, shop, ids) -> Run:
    """A run of PRO that renamed three products."""
    done = session.get_one(Run, ids["run"])
    changes = [Change("product", p, "name", session.get_one(Product, p).name, f"better {p}", p) for p in PRODUCTS]
    apply(session, pro_actor(shop.id), "run.product_name", Source("run", done.id), changes)
    session.flush()
    return done


@pytest.fixture
def do(session: Session) -> Do:
    def go(actor: Actor, kind: str, **params: object) -> Plan:
        plan = service.preview(session, actor, kind, params)
        return service.confirm(session, actor, plan.id, "key")

    return go


def names(session: Session) -> list[str]:
    return [session.get_one(Product, p).name for p in PRODUCTS]


def undone(session: Session, source: str) -> list[bool]:
    query = select(AuditEvent.undone_by).where(AuditEvent.source_id == source).order_by(AuditEvent.seq)
    return [by is not None for by in session.scalars(query)]


def test_a_run_is_put_back_and_is_reverted(session: Session, owner: Actor, run: Run, do: Do) -> None:
    do(owner, "undo", source_type="run", source_id=run.id)
    assert names(session) == ["상품 1", "상품 2", "상품 3"]
    assert run.state is RunState.REVERTED
    assert undone(session, run.id) == [True, True, True]
    with pytest.raises(NothingToChange) as told:
        do(owner, "undo", source_type="run", source_id=run.id)
    assert told.value.error_code == "nothing_to_undo"


def test_a_part_is_put_back_and_later_the_rest(session: Session, owner: Actor, run: Run, do: Do) -> None:
    do(owner, "undo", source_type="run", source_id=run.id, target_ids=[PRODUCTS[1]])
    assert names(session) == [f"better {PRODUCTS[0]}", "상품 2", f"better {PRODUCTS[2]}"]
    assert (run.state, undone(session, run.id)) == (RunState.DONE, [False, True, False])
    with pytest.raises(NothingToChange):
        do(owner, "undo", source_type="run", source_id=run.id, target_ids=[PRODUCTS[1]])
    with pytest.raises(NothingToChange):
        do(owner, "undo", source_type="run", source_id=run.id, target_ids=["prd_other_01"])
    do(owner, "undo", source_type="run", source_id=run.id)
    assert (names(session), run.state) == (["상품 1", "상품 2", "상품 3"], RunState.REVERTED)


def test_an_undo_can_be_undone_and_done_again(session: Session, owner: Actor, run: Run, do: Do) -> None:
    """However often: the shop, the run's state and what counts as undone agree."""
    better = [f"better {p}" for p in PRODUCTS]
    source = ("run", run.id)
    for turn in range(1, 6):
        put_back = turn % 2 == 1
        plan = do(owner, "undo", source_type=source[0], source_id=source[1])
        assert names(session) == (["상품 1", "상품 2", "상품 3"] if put_back else better)
        assert run.state is (RunState.REVERTED if put_back else RunState.DONE)
        assert undone(session, run.id) == [put_back] * 3
        assert run_detail(session, run).undoable is not put_back
        source = ("plan", plan.id)


def test_after_an_undone_undo_the_source_itself_can_be_undone_again(
    session: Session, owner: Actor, run: Run, do: Do
) -> None:
    undo = do(owner, "undo", source_type="run", source_id=run.id)
    do(owner, "undo", source_type="plan", source_id=undo.id)
    with pytest.raises(NothingToChange):
        do(owner, "undo", source_type="plan", source_id=undo.id)
    do(owner, "undo", source_type="run", source_id=run.id)
    assert (names(session), run.state) == (["상품 1", "상품 2", "상품 3"], RunState.REVERTED)


def test_taking_back_part_of_an_undo_makes_the_run_done_again(session: Session, owner: Actor, run: Run, do: Do) -> None:
    undo = do(owner, "undo", source_type="run", source_id=run.id)
    do(owner, "undo", source_type="plan", source_id=undo.id, target_ids=[PRODUCTS[0]])
    assert names(session) == [f"better {PRODUCTS[0]}", "상품 2", "상품 3"]
    assert (run.state, undone(session, run.id)) == (RunState.DONE, [False, True, True])
    do(owner, "undo", source_type="run", source_id=run.id)
    assert (names(session)[0], run.state) == ("상품 1", RunState.REVERTED)


def test_a_later_edit_stands_in_the_way_and_its_editor_is_named(
    session: Session, owner: Actor, sub_operator: Actor, run: Run, do: Do
) -> None:
    edit = Change("product", PRODUCTS[2], "name", f"better {PRODUCTS[2]}", "by hand", "상품 3")
    apply(session, sub_operator, "product.rename", Source("direct", "edit"), [edit])
    before = whole_state(session)
    with pytest.raises(UndoConflict) as refused:
        do(owner, "undo", source_type="run", source_id=run.id)
    assert refused.value.data["conflicts"] == [{
        "label": PRODUCTS[2], "field": "name", "target": "product", "target_id": PRODUCTS[2], "by": sub_operator.name, "by_kind": "member",
        "at": clock.now().isoformat(), "found": "by hand", "expected": f"better {PRODUCTS[2]}",
    }]  # fmt: skip
    assert not difference(before, whole_state(session))
    do(owner, "undo", source_type="run", source_id=run.id, target_ids=PRODUCTS[:2])
    assert names(session) == ["상품 1", "상품 2", "by hand"]
    assert run.state is RunState.DONE, "what the merchant edited since is not put back, so the run is not"


def test_an_edit_between_the_preview_and_the_yes_is_kept(
    session: Session, owner: Actor, sub_operator: Actor, run: Run
) -> None:
    plan = service.preview(session, owner, "undo", {"source_type": "run", "source_id": run.id})
    edit = Change("product", PRODUCTS[0], "name", f"better {PRODUCTS[0]}", "by hand", "상품 1")
    apply(session, sub_operator, "product.rename", Source("direct", "edit"), [edit])
    with pytest.raises(UndoConflict):
        service.confirm(session, owner, plan.id, "key")
    assert names(session)[0] == "by hand"


def test_a_preview_that_was_never_executed_has_nothing_to_undo(session: Session, owner: Actor, ids, do: Do) -> None:
    with pytest.raises(NothingToChange) as told:
        do(owner, "undo", source_type="plan", source_id=ids["plan"])
    assert told.value.error_code == "nothing_to_undo"


def test_what_time_has_closed_is_left_alone(session: Session, owner: Actor, ids, do: Do) -> None:
    stopped = do(owner, "coupon.stop", coupon_id=ids["coupon"])
    with clock.frozen(clock.now() + timedelta(days=60)):
        before = whole_state(session)
        with pytest.raises(NothingToChange) as told:
            do(owner, "undo", source_type="plan", source_id=stopped.id)
        assert told.value.error_code == "too_late_to_undo"
        assert not difference(before, whole_state(session))
    do(owner, "undo", source_type="plan", source_id=stopped.id)
    assert session.get_one(Coupon, ids["coupon"]).state is CouponState.LIVE


def test_an_undo_does_nothing_that_its_person_might_not_do_by_hand(
    session: Session, owner: Actor, sub_operator: Actor, ids, do: Do
) -> None:
    wide = do(owner, "ops.off", everything=True)
    mail = do(owner, "setup.complete", item="mail_sender", value="new@oneul.example")
    lifted = do(owner, "ops.on", everything=True)
    before = whole_state(session)
    for plan, permission in (
        (wide, "operations:switch_all"),
        (mail, "setup:complete"),
        (lifted, "operations:switch_all"),
    ):
        with pytest.raises(Forbidden) as refused:
            do(sub_operator, "undo", source_type="plan", source_id=plan.id)
        assert refused.value.data == {"permission": permission}
    assert not difference(before, whole_state(session))
    back = do(owner, "undo", source_type="plan", source_id=lifted.id)
    with pytest.raises(Forbidden):
        do(sub_operator, "undo", source_type="plan", source_id=back.id)


def test_what_one_may_switch_one_may_also_put_back(
    session: Session, owner: Actor, sub_operator: Actor, ids, do: Do
) -> None:
    off = do(owner, "ops.off", operation="main_display")
    do(sub_operator, "undo", source_type="plan", source_id=off.id)
    switch = session.get_one(OffSwitch, off.changes[0]["target_id"])
    assert (switch.lifted_by, switch.lifted_at) == (sub_operator.name, clock.now())


def test_a_strangers_run_or_plan_is_not_there(session: Session, stranger: Actor, run: Run, ids, do: Do) -> None:
    for source in (
        {"source_type": "run", "source_id": run.id},
        {"source_type": "plan", "source_id": ids["executed_plan"]},
    ):
        with pytest.raises(NotFound):
            do(stranger, "undo", **source)


def test_undoing_an_off_brings_back_the_runs_it_dropped(session: Session, owner: Actor, ids, do: Do) -> None:
    before = whole_state(session, TRACES | {"off_switches"}, versions=False)
    off = do(owner, "ops.off", operation="product_name")
    assert session.get_one(Run, ids["waiting_run"]).state is RunState.DROPPED
    undo = do(owner, "undo", source_type="plan", source_id=off.id)
    assert undo.state is PlanState.EXECUTED
    assert not difference(before, whole_state(session, TRACES | {"off_switches"}, versions=False))
