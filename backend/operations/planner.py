"""Keeps one open run for every operation that may run, announces the ones that are announced, drops what was switched off."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.kit.ids import new_id
from backend.operations import gate, switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import OffSwitch, Run
from backend.operations.moves import move
from backend.operations.notices import notify
from backend.operations.schedule import at_time, first_slot, month_start, next_free_start
from backend.operations.scope import Unit, all_units
from backend.operations.states import OPEN, WAITING, RunState
from backend.shops.models import Shop

EARLY = timedelta(minutes=30)  # a notice may go out this much before its time, so that the start keeps its hour


def plan_shop(session: Session, shop: Shop, now: datetime) -> list[Run]:
    """New runs for units that have none open and nothing that holds them; a used quota waits for the next month."""
    taken = {
        Unit(operation, market)
        for operation, market in session.execute(
            select(Run.operation, Run.market).where(Run.shop_id == shop.id, Run.state.in_(OPEN))
        )
    }
    made = [run for unit in all_units() if unit not in taken for run in _plan_unit(session, shop, unit, now)]
    session.flush()
    return made


def _plan_unit(session: Session, shop: Shop, unit: Unit, now: datetime) -> list[Run]:
    held = {code for code in gate.decide(session, shop, unit, now).blockers if code not in gate.PASSING}
    if held - {"quota_used", "market_unreachable"}:
        return []
    not_before = month_start(now, 1) if "quota_used" in held else None
    start = next_free_start(session, shop, unit, now, switches.standing(session, shop.id, now), not_before)
    if start is None:  # an OFF for good begins before its next turn
        return []
    run = Run(
        id=new_id("run"), shop_id=shop.id, operation=unit.operation, market=unit.market, trigger="schedule",
        state=RunState.SCHEDULED, scheduled_for=start,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError:  # another scheduler made it at the same moment
        return []
    return [run]


def drop_switched_off(session: Session, shop: Shop, now: datetime) -> list[Run]:
    """An OFF drops its runs when it is confirmed; this finds those that came to stand in one, by an undo."""
    standing = switches.standing(session, shop.id, now)
    if not standing:
        return []
    waiting = session.scalars(select(Run).where(Run.shop_id == shop.id, Run.state.in_(WAITING)))
    dropped = [run for run in waiting if _is_off(standing, run, now)]
    for run in dropped:
        move(run, RunState.DROPPED, now, "switched_off")
    session.flush()
    return dropped


def _is_off(standing: list[OffSwitch], run: Run, now: datetime) -> bool:
    """Whether an OFF holds it when it would start."""
    at = max(run.scheduled_for, now)
    return any(switches.holds(s, at) for s in switches.covering(standing, Unit(run.operation, run.market)))


def to_announce(session: Session, now: datetime) -> list[str]:
    """Ids of runs whose notice is due."""
    due: list[str] = []
    for operation in operations().values():
        hours = operation.config.announce_hours
        if hours:
            query = select(Run.id).where(
                Run.operation == operation.key, Run.state == RunState.SCHEDULED,
                Run.scheduled_for <= now + timedelta(hours=hours) + EARLY,
            )  # fmt: skip
            due += session.scalars(query)
    return due


def announce(session: Session, run: Run, now: datetime) -> RunState:
    """Tell the merchant what the run would change as things stand; a late notice moves the start, never shortens the time."""
    shop, unit = session.get_one(Shop, run.shop_id), Unit(run.operation, run.market)
    config = operations()[run.operation].config
    decided = gate.decide(session, shop, unit, now, run=run, look=True, off_at=max(now, run.scheduled_for))
    reasons = [code for code in decided.blockers if code not in gate.PASSING]
    computed = decided.computed
    if reasons or computed is None:
        move(run, RunState.DROPPED, now, reasons[0])
        return run.state
    run.findings = [asdict(finding) for finding in computed.findings]
    run.rule = computed.plan.rule
    if not computed.plan.changes:
        run.started_at = now
        move(run, RunState.RUNNING, now)
        move(run, RunState.NOTHING, now)
        return run.state
    notice = timedelta(hours=config.announce_hours)
    if run.scheduled_for < now + notice:
        usual = first_slot(now + notice, config.hour)
        run.scheduled_for = at_time(now + notice, run.scheduled_for) if run.moved else usual
    run.planned = [change.as_json() for change in computed.plan.changes]
    run.announced_at = now
    move(run, RunState.ANNOUNCED, now)
    groups = dict.fromkeys(f.evidence["group_name"] for f in computed.findings if "group_name" in f.evidence)
    notify(session, shop, "run_announced", {
        "run_id": run.id, **unit.as_json(), "scheduled_for": run.scheduled_for.isoformat(),
        "changes": len(run.planned), "groups": list(groups),
    })  # fmt: skip
    return run.state
