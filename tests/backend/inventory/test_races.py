"""The last pieces, wanted by many at once: over real connections, in threads and in processes."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.errors import Conflict, OpsTalkError
from backend.inventory import ledger
from backend.inventory.models import StockItem, StockMovement
from backend.inventory.states import MovementReason
from backend.plans import service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from tests.backend.inventory.conftest import stock, unbalanced

MANY = 16


def at_once(act: Any, many: int = MANY) -> list[Any]:
    gate = threading.Barrier(many)

    def go(number: int) -> Any:
        gate.wait()
        try:
            with unit_of_work() as session:
                return act(session, number)
        except OpsTalkError as error:
            return error

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(go, range(many)))


def test_two_hundred_promises_for_a_hundred_pieces_are_exactly_a_hundred(
    session: Session, owner: Actor, ids: dict[str, str]
) -> None:
    ledger.post(session, owner, ids["item_3"], 100, ledger.Why(MovementReason.RECEIVE, "seed", "x"))
    session.commit()

    def promise(work: Session, number: int) -> int:
        kept = 0
        for _ in range(13):
            try:
                ledger.reserve(work, owner.shop_id, ids["item_3"], 1)
                kept += 1
            except Conflict:
                break
        return kept

    kept = sum(at_once(promise))
    session.rollback()
    item = session.get_one(StockItem, ids["item_3"])
    session.refresh(item)
    assert (kept, item.reserved, item.available) == (100, 100, 0)


def test_the_last_pieces_are_issued_once_however_many_ask(session: Session, owner: Actor, ids: dict[str, str]) -> None:
    session.commit()

    def issue(work: Session, number: int) -> Any:
        """Whoever waited for their turn is shown what is left, and says yes to that."""
        plan = service.preview(
            work, owner, "stock.adjust", {"way": "issue", "lines": [{"item_id": ids["item"], "quantity": 3}]}
        )
        for tried in range(MANY):
            plan = service.confirm(work, owner, plan.id, f"key {number} {tried}")
            if plan.state is not PlanState.STALE:
                break
            plan = work.get_one(Plan, plan.replaced_by)
        return plan.state

    told = at_once(issue)
    session.rollback()
    won = [state for state in told if state is PlanState.EXECUTED]
    assert len(won) == 3, "ten pieces serve three who want three"
    assert {getattr(refused, "error_code", "") for refused in told if refused not in won} == {"stock_short"}
    assert stock(session, ids["item"]) == 1
    assert not unbalanced(session)


def test_the_same_previews_confirmed_at_once_leave_exact_lines(
    session: Session, owner: Actor, ids: dict[str, str]
) -> None:
    plans = [
        service.preview(
            session, owner, "stock.adjust", {"way": "correct", "lines": [{"item_id": ids["item"], "by": 1}]}
        ).id
        for _ in range(8)
    ]
    session.commit()
    states = at_once(lambda work, n: service.confirm(work, owner, plans[n], f"key {n}").state, 8)
    session.rollback()
    assert states.count(PlanState.EXECUTED) == 1, "each was previewed from ten to eleven"
    assert states.count(PlanState.STALE) == 7
    assert stock(session, ids["item"]) == 11


def test_a_key_moves_stock_once_for_everybody(session: Session, owner: Actor, ids: dict[str, str]) -> None:
    session.commit()
    why = ledger.Why(MovementReason.RECEIVE, "import", "file", key="row 1")
    at_once(lambda work, _: ledger.post(work, owner, ids["item"], 5, why).id)
    session.rollback()
    lines = session.scalars(select(StockMovement).where(StockMovement.key == "row 1")).all()
    assert len(lines) == 1
    assert stock(session, ids["item"]) == 15


def take_in_another_process(var_dir: str, item_id: str, kept: Any) -> None:
    import os

    os.environ["OPSTALK_VAR_DIR"] = var_dir
    from backend.db import engine as db_engine
    from backend.settings import get_settings

    get_settings.cache_clear()
    db_engine.get_engine.cache_clear()
    mine = 0
    for _ in range(50):
        try:
            with unit_of_work() as work:
                ledger.reserve(work, "shop_oneul", item_id, 1)
            mine += 1
        except Conflict:
            break
    with kept.get_lock():
        kept.value += mine


def test_processes_share_the_last_pieces_too(
    session: Session, owner: Actor, ids: dict[str, str], tmp_path: Path
) -> None:
    ledger.post(session, owner, ids["item_3"], 60, ledger.Why(MovementReason.RECEIVE, "seed", "x"))
    session.commit()
    spawn = multiprocessing.get_context("spawn")
    kept = spawn.Value("i", 0)
    workers = [
        spawn.Process(target=take_in_another_process, args=(str(tmp_path), ids["item_3"], kept)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    session.rollback()
    item = session.get_one(StockItem, ids["item_3"])
    session.refresh(item)
    assert (kept.value, item.reserved, item.available) == (60, 60, 0)
