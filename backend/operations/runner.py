"""Carries out one due run: claim → compute → prepare files → apply and finish in one transaction.

Killed anywhere, the shop is untouched until the last step and complete after it; the lease runs out and another worker
starts over. An OFF between claim and apply wins, because the gate is asked again inside the applying transaction.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.db.again import again_if_lost, lost_the_race
from backend.db.engine import unit_of_work
from backend.errors import EditConflict
from backend.kit import clock
from backend.operations import failure, gate
from backend.operations.catalogue.loader import operations
from backend.operations.checks import Computed
from backend.operations.lease import MAX_ATTEMPTS, LeaseLost, claim, hold
from backend.operations.models import Run
from backend.operations.moves import move
from backend.operations.notices import notify
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.shops.models import Shop

TRIES = 3  # of one claim, when the shop is edited under our hands
Step = Callable[[str], None]


def _no_step(name: str) -> None:
    """Tests stop a worker here: claimed, computed, prepared (only with files to make), applied."""


def execute(run_id: str, worker: str, at: Step = _no_step) -> RunState | None:
    """The state the run ended in; None when another worker has it, or took it over."""
    if not _claimed(run_id, worker):
        return None
    at("claimed")
    try:
        for _ in range(TRIES):
            try:
                return _attempt(run_id, worker, at)
            except EditConflict:
                continue
            except OperationalError as error:
                if not lost_the_race(error):
                    raise
        return failure.give_up(run_id, worker, "edit_conflict")
    except LeaseLost:
        return None
    except Exception as error:
        # the run says so in the work status and is repeated; nothing of it was written
        return failure.give_up(run_id, worker, "internal", error)


@again_if_lost
def _claimed(run_id: str, worker: str) -> bool:
    with unit_of_work() as session:
        return claim(session, run_id, worker, clock.now())


def _attempt(run_id: str, worker: str, at: Step) -> RunState:
    now = clock.now()
    with unit_of_work(write=False) as session:
        unit, computed = _compute(session, run_id, now)
    at("computed")
    operation = operations()[unit.operation]
    if computed and operation.prepare:
        ready = operation.prepare(unit.market, computed.plan.changes, operation.config)
        if ready is not None:
            computed = replace(computed, plan=replace(computed.plan, changes=ready))
        at("prepared")
    with unit_of_work() as session:
        run = hold(session, run_id, worker, clock.now())
        state = _settle(session, run, computed, clock.now())
        at("applied")
    return state


def _compute(session: Session, run_id: str, now: datetime) -> tuple[Unit, Computed | None]:
    """Nothing computed when the gate holds the run anyway: then there is nothing to look for."""
    run = session.get_one(Run, run_id)
    shop, unit = session.get_one(Shop, run.shop_id), Unit(run.operation, run.market)
    if gate.decide(session, shop, unit, now, run=run, explain=False).verdict != gate.READY:
        return unit, None
    return unit, gate.compute(session, shop, unit, now)


def _settle(session: Session, run: Run, computed: Computed | None, now: datetime) -> RunState:
    """Everything of the run is written here, or nothing."""
    shop, unit = session.get_one(Shop, run.shop_id), Unit(run.operation, run.market)
    if run.attempts > MAX_ATTEMPTS:
        return failure.fail(session, shop, run, "worker_lost", now)
    if computed and operations()[run.operation].config.look_again:
        computed = gate.compute(session, shop, unit, now)
    decided = gate.decide(session, shop, unit, now, run=run, computed=computed, explain=False)
    if computed:
        run.findings = [asdict(finding) for finding in computed.findings]
        run.rule = computed.plan.rule
    if decided.verdict == "market_unreachable":
        return failure.fail(session, shop, run, decided.verdict, now)
    if decided.verdict == "nothing_to_improve":
        move(run, RunState.NOTHING, now)
    elif decided.verdict != gate.READY:
        move(run, RunState.DROPPED, now, decided.verdict)
    elif computed is None:
        raise EditConflict("the gate opened in the meantime")
    else:
        _apply(session, shop, run, computed, now)
    session.flush()
    return run.state


def _apply(session: Session, shop: Shop, run: Run, computed: Computed, now: datetime) -> None:
    source = Source("run", run.id, computed.plan.rule.get("code"))
    written = apply(session, pro_actor(shop.id), f"run.{run.operation}", source, computed.plan.changes)
    run.planned = [change.as_json() for change in written]
    targets = {(change.target_type, change.target_id) for change in written}
    run.result = {"changed": len(written), "targets": len(targets)}
    move(run, RunState.DONE, now)
    told = {"run_id": run.id, **Unit(run.operation, run.market).as_json(), "changed": len(written)}
    notify(session, shop, "run_done", told)
