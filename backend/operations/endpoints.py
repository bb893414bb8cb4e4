"""GET what PRO does: operations, runs, explanations, the gate's answer, the schedule, what is off."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from backend.access.actor import Actor
from backend.access.dependencies import MemberActor, owned
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.errors import NotFound
from backend.kit import clock
from backend.markets.codes import Market
from backend.openapi import problems
from backend.operations import gate, history, switches, upcoming, views
from backend.operations.catalogue.loader import operation_named, operations
from backend.operations.models import OffSwitch, Run
from backend.operations.overview import overview
from backend.operations.schemas import (
    ExplainedOut,
    GateOut,
    OffSwitchOut,
    OperationOut,
    RunDetail,
    RunPage,
    UpcomingOut,
)
from backend.operations.shop_facts import ShopFacts
from backend.operations.states import RunState
from backend.shops.models import Shop

router = APIRouter(prefix="/operations", tags=["operations"], route_class=InOneStep)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
From = Annotated[date | None, Query(alias="from", description="first day, Asia/Seoul", ge=FIRST_DAY, le=LAST_DAY)]
To = Annotated[date | None, Query(description="last day, inclusive", ge=FIRST_DAY, le=LAST_DAY)]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Key = Annotated[str | None, Query(max_length=60)]
ShortId = Annotated[str | None, Query(max_length=60)]


def _shop(actor: Actor, session: ReadSession) -> Shop:
    actor.require(Permission.SHOP_READ)
    return session.get_one(Shop, actor.shop_id)


@router.get("")
def list_operations(actor: MemberActor, session: ReadSession) -> list[OperationOut]:
    facts = ShopFacts.of_all_units(session, _shop(actor, session), clock.now())
    return [overview(session, facts, operation) for operation in operations().values()]


@router.get("/runs")
def list_runs(
    actor: MemberActor, session: ReadSession, operation: Key = None, market: Market | None = None,
    state: RunState | None = None, from_: From = None, to: To = None, product_id: ShortId = None,
    limit: Limit = 20, offset: Offset = 0,
) -> RunPage:  # fmt: skip
    """What runs and ran, newest first, then what waits, soonest first, dropped ones last; `state=scheduled` takes announced ones too."""
    shop = _shop(actor, session)
    wanted = history.RunFilter(operation, market, state, from_, to, product_id)
    runs, total = history.find_runs(session, shop.id, wanted, limit, offset)
    return RunPage(items=views.runs_out(session, shop.id, runs), total=total, limit=limit, offset=offset)


@router.get("/runs/{run_id}")
def read_run(run_id: str, actor: MemberActor, session: ReadSession) -> RunDetail:
    actor.require(Permission.SHOP_READ)
    return views.run_detail(session, owned(session.get(Run, run_id), actor))


@router.get("/latest-run", responses=problems(404))
def read_latest_run(
    actor: MemberActor, session: ReadSession, operation: Key = None, market: Market | None = None,
    state: RunState | None = None, product_id: ShortId = None,
) -> RunDetail:  # fmt: skip
    """404 `no_run` when it never ran."""
    shop = _shop(actor, session)
    wanted = history.RunFilter(operation, market, state, product_id=product_id)
    run = history.latest_run(session, shop.id, wanted)
    if run is None:
        raise NotFound("it never ran", code="no_run", operation=operation, market=market.value if market else None)
    return views.run_detail(session, run)


@router.get("/explain")
def explain_changes(
    actor: MemberActor, session: ReadSession, product_id: ShortId = None, operation: Key = None,
    market: Market | None = None, from_: From = None, to: To = None, limit: Limit = 50,
) -> list[ExplainedOut]:  # fmt: skip
    """PRO's changes, newest first, each with the run and the rule behind it."""
    shop = _shop(actor, session)
    wanted = history.RunFilter(operation, market, None, from_, to, product_id)
    return views.explained(session, shop.id, history.explain(session, shop.id, wanted, limit))


@router.get("/gate")
def ask_gate(
    actor: MemberActor, session: ReadSession, operation: Key = None, market: Market | None = None
) -> list[GateOut]:
    """Why it runs or not. The shop is diagnosed for a named operation, and else where nothing before that holds it."""
    shop, now = _shop(actor, session), clock.now()
    if operation:
        operation_named(operation)
    facts, answers = ShopFacts.of_all_units(session, shop, now), []
    for unit in upcoming.wanted_units(operation, market):
        decided = gate.decide(session, shop, unit, now, look=operation is not None, facts=facts)
        if operation is None and set(decided.blockers) <= {"last_run_failed"}:
            decided = gate.decide(session, shop, unit, now, look=True, facts=facts)
        answers.append(GateOut.model_validate(decided.as_json()))
    return answers


@router.get("/schedule")
def read_schedule(
    actor: MemberActor, session: ReadSession, operation: Key = None, market: Market | None = None,
    from_: From = None, to: To = None,
) -> list[UpcomingOut]:  # fmt: skip
    shop = _shop(actor, session)
    if operation:
        operation_named(operation)
    return upcoming.upcoming(session, shop, clock.now(), operation, market, from_, to)


@router.get("/off")
def list_off(
    actor: MemberActor, session: ReadSession, ended: Annotated[bool, Query(description="the lifted ones too")] = False
) -> list[OffSwitchOut]:
    """What is off, and what will be: an OFF that begins later is `upcoming`."""
    shop = _shop(actor, session)
    if not ended:
        return [views.switch_out(switch) for switch in switches.standing(session, shop.id, clock.now())]
    newest = select(OffSwitch).where(OffSwitch.shop_id == shop.id).order_by(OffSwitch.set_at.desc()).limit(100)
    return [views.switch_out(switch) for switch in session.scalars(newest)]
