"""A plan whose process dies at each of its steps: the shop is as before or as after it, and a second "yes" ends it once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.markets.feed_models import MarketCommand
from backend.plans import service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from tests.backend.shipping.build import laws
from tests.simulation.killing import each_death
from tests.simulation.workshop import Kept, books, moved

LEAST = 3  # what is changed, its audit event and the plan; fewer deaths would have missed one


def dies_anywhere(folder: Path, session: Session, actor: Actor, kind: str, **params: Any) -> Plan:
    """Returns the plan, executed; what the session held is committed and its connection given back."""
    plan_id = service.preview(session, actor, kind, params).id
    session.commit()
    session.close()
    kept, untouched = Kept(folder / kind), books()
    confirm(actor, plan_id)
    whole = books()
    assert moved(untouched, whole), "it does something"
    deaths = {PlanState.PREVIEWED: 0, PlanState.EXECUTED: 0}
    for point in each_death(kept.restore, lambda: confirm(actor, plan_id)):
        left = read(plan_id).state
        deaths[left] += 1
        assert moved(untouched if left is PlanState.PREVIEWED else whole, books()) == {}, point
        confirm(actor, plan_id)
        assert moved(whole, books()) == {}, point
    assert deaths[PlanState.PREVIEWED] >= LEAST
    assert deaths[PlanState.EXECUTED] >= 1, "it died after its commit as well"
    with unit_of_work(write=False) as own:
        laws(own)
    return read(plan_id)


def its_undo_dies_anywhere(folder: Path, session: Session, actor: Actor, plan: Plan) -> Plan:
    return dies_anywhere(folder, session, actor, "undo", source_type="plan", source_id=plan.id)


def confirm(actor: Actor, plan_id: str) -> None:
    with unit_of_work() as session:
        service.confirm(session, actor, plan_id, "key")


def read(plan_id: str) -> Plan:
    with unit_of_work(write=False) as session:
        return session.get_one(Plan, plan_id)


def words(plan: Plan) -> Sequence[tuple[str, str]]:
    """What markets are told because of the plan, each with its state."""
    with unit_of_work(write=False) as session:
        said = session.scalars(
            select(MarketCommand).where(MarketCommand.key.startswith(f"{plan.id}:", autoescape=True))
        )
        return sorted((word.payload.get("action") or word.kind.value, word.state.value) for word in said)
