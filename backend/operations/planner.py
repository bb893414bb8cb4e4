"""Keeps one open run for every operation that may run, announces the ones that are announced, drops what was switched off."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.kit.ids import new_id
from backend.operations import gate, switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import OffSwitch, Run, open_key
from backend.operations.moves import move
from backend.operations.notices import notify
from backend.operations.schedule import at_time, first_slot, month_start, next_free_start
from backend.operations.scope import Unit, all_units
from backend.operations.shop_facts import ShopFacts
from backend.operations.states import OPEN, WAITING, RunState
from backend.shops.models import Shop

EARLY = timedelta(minutes=30)  # a notice may go out this much before its time, so that the start keeps its hour


def unplanned(session: Session, facts: ShopFacts, taken: Collection[str]) -> list[Unit]:
    """Units without an open run that nothing but time holds; `taken` are the keys of open runs."""
    found = []
    for alike in _held_alike():
        free = [unit for unit in alike if open_key(facts.shop.id, unit.operation, unit.market) not in taken]
        if facts.switches:
            found += [unit for unit in free if not gate.held(session, facts, unit)]
        elif free and not gate.held(session, facts, free[0]):
            found += free
    return found


@lru_cache
def _held_alike() -> tuple[tuple[Unit, ...], ...]:
    """Units that need the same settings on the same market: but for an OFF, what holds one holds all of them."""
    groups: dict[tuple[object, ...], list[Unit]] = {}
    for unit in all_units():
        config = operations()[unit.operation].config
        groups.setdefault((unit.market, config.required, config.required_any), []).append(unit)
    return tuple(map(tuple, groups.values()))


def open_keys(session: Session, shop_id: str | None = None) -> set[str]:
    """Of a shop's runs that wait or run, or of all shops'."""
    query = select(Run.open_key).where(Run.open_key.is_not(None))
    return {key for key in session.scalars(query.where(Run.shop_id == shop_id) if shop_id else query) if key}


def plan_shop(session: Session, shop: Shop, now: datetime) -> list[Run]:
    """New runs for units that have none open and nothing that holds them; a used quota waits for the next month."""
    facts = ShopFacts(session, shop, now)
    made = [_run(session, facts, unit) for unit in unplanned(session, facts, open_keys(session, shop.id))]
    return _added(session, [run for run in made if run is not None])


def _run(session: Session, facts: ShopFacts, unit: Unit) -> Run | None:
    """None where an OFF for good begins before its next turn."""
    not_before = month_start(facts.now, 1) if gate.quota_used(session, facts, unit) else None
    start = next_free_start(session, facts.shop, unit, facts.now, facts.switches, not_before)
    if start is not None and start <= facts.now and _had(session, facts.shop, unit, start):
        later = start + timedelta(hours=1)
        start = next_free_start(session, facts.shop, unit, facts.now, facts.switches, later)
    if start is None:
        return None
    return Run(
        id=new_id("run"), shop_id=facts.shop.id, operation=unit.operation, market=unit.market, trigger="schedule",
        state=RunState.SCHEDULED, scheduled_for=start,
    )  # fmt: skip


def _had(session: Session, shop: Shop, unit: Unit, start: datetime) -> bool:
    """Whether a run of that very start ended already: what failed on the stroke of its hour waits for the next day."""
    same = select(Run.id).where(Run.shop_id == shop.id, Run.operation == unit.operation, Run.market == unit.market)
    ended = Run.state.not_in((*OPEN, RunState.DROPPED))
    return session.scalar(same.where(Run.scheduled_for == start, ended).limit(1)) is not None


def _added(session: Session, runs: Sequence[Run]) -> list[Run]:
    """All together; one by one when another scheduler made some of them at the same moment."""
    if not runs:
        return []
    try:
        with session.begin_nested():
            session.add_all(runs)
    except IntegrityError:
        return [one for run in runs for one in _added(session, [run])] if len(runs) > 1 else []
    return list(runs)


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
    off_at = max(now, run.scheduled_for)
    decided = gate.decide(session, shop, unit, now, run=run, look=True, explain=False, off_at=off_at)
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
