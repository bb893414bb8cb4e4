"""An operation looked at, carried out by the real runner, and taken back, as a test needs it."""

from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.kit import clock
from backend.kit.ids import new_id
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.operations.catalogue.loader import operation_named
from backend.operations.contract import Finding, RunPlan
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_run


def look(session: Session, shop: Shop, key: str, market: Market | None, **config: Any) -> tuple[list[Finding], RunPlan]:
    """Findings and plan; every one of them can be said."""
    session.flush()
    operation = operation_named(key)
    settings = operation.config.model_copy(update=config)
    findings = operation.diagnose(session, shop, market, clock.now(), settings)
    planned = operation.plan(session, shop, market, findings, clock.now(), settings)
    for finding in findings:
        assert wording().say(f"finding.{finding.code}", label=finding.label, evidence=finding.evidence)
    if planned.rule:
        assert wording().say(f"rule.{planned.rule['code']}", rule=planned.rule)
    return findings, planned


def carried_out(session: Session, shop: Shop, key: str, market: Market | None) -> tuple[str, RunState | None]:
    """A due run done by a worker of its own: its id and the state it ended in; `session` sees the shop anew."""
    run_id = add_run(session, shop, key, market, scheduled_for=clock.now()).id
    session.commit()
    state = execute(run_id, "w1")
    session.expire_all()
    return run_id, state


def take_back(session: Session, actor: Actor, source_id: str, source_type: str = "run") -> str:
    """Undo it; returns the undo's plan id."""
    plan = plans.preview(session, actor, "undo", {"source_type": source_type, "source_id": source_id})
    plans.confirm(session, actor, plan.id, new_id("key"))
    session.commit()
    return plan.id
