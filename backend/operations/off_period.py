"""The plan kind `ops.off_period`: an OFF that stands gets another end or start; earlier, later, or for good."""

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import InvalidInput, NothingToChange
from backend.kit import clock
from backend.operations import off_effects, periods, switches
from backend.operations.models import OffSwitch
from backend.operations.off import Period, label_of, read_period
from backend.operations.on import leave_out
from backend.operations.parts import part_kept
from backend.operations.periods import Moment
from backend.operations.scope import Atom, Scope, atoms, units_in
from backend.operations.wish import ScopeParams, read_scope, require_right
from backend.plans.kinds import PlanKind, Proposal, register


class OffPeriodParams(ScopeParams):
    """`switch_id` names one OFF, else the scope what is off. `for_good` takes the end away; what is not given stays."""

    switch_id: str | None = None
    starts: Moment | None = None
    until: Moment | None = None
    for_good: bool = False


def propose(session: Session, actor: Actor, params: OffPeriodParams) -> Proposal:
    """An OFF wider than what is named goes on for the rest; the named part gets the new period on its own.

    Raises NothingToChange `not_off` and `off_until_already`, InvalidInput `period_missing` and those of a period.
    """
    now = clock.now()
    standing = switches.standing(session, actor.shop_id, now)
    scope, meant = _meant(session, actor, params, standing)
    require_right(actor, scope)
    whole = [s for s in meant if switches.covered(s) <= atoms(scope)]
    split = [] if whole else meant
    if split:
        actor.require(Permission.OPERATIONS_SWITCH_ALL)
    was = (whole or split)[0]
    period = _period(params, was)
    changes = [change for s in whole for change in _moved(s, period)]
    wanted = switches.covered_atoms(whole or split) & atoms(scope)
    if split and (was.starts_at, was.until) != (period.start, period.until):
        changes += [change for s in split for change in (leave_out(s, scope), part_kept(s, scope, period))]
    if not changes:
        raise NothingToChange(
            "it ends then already", code="off_until_already", starts=periods.said_start(was.starts_at),
            until=periods.said_end(was.until), switches=[switches.described(s) for s in meant],
        )  # fmt: skip
    stopped, told = _stopping(session, actor.shop_id, wanted, was, period)
    said = Effect("off_period", {
        **scope.as_json(), "excluded": list(was.excluded or []) if whole else [],
        "was_starts": periods.said_start(was.starts_at), "was_until": periods.said_end(was.until),
        "starts": periods.said_start(period.start), "until": periods.said_end(period.until),
        "resumes_on": periods.resumes_on(period.until), "shorter": _is_shorter(was, period),
        "units": [unit.as_json() for unit in units_in(wanted)], "split": bool(split),
    })  # fmt: skip
    others = [s for s in standing if s not in meant and switches.covered(s) & wanted]
    beside = [Effect("overlaps", {"switches": [switches.described(s) for s in others]})] if others else []
    return Proposal([*changes, *stopped], [said, *told, *beside])


def _meant(
    session: Session, actor: Actor, params: OffPeriodParams, standing: list[OffSwitch]
) -> tuple[Scope, list[OffSwitch]]:
    """Those of exactly the named extent; else those that lie within it; else the wider ones around it."""
    if params.switch_id:
        switch = owned(session.get(OffSwitch, params.switch_id), actor)
        if switch not in standing:
            raise NothingToChange("it has ended", code="not_off", **switches.scope_of(switch).as_json())
        return switches.scope_of(switch), [switch]
    scope = read_scope(params)
    wanted = atoms(scope)
    touching = [s for s in standing if switches.covered(s) & wanted]
    for found in (
        [s for s in touching if switches.scope_of(s) == scope],
        [s for s in touching if switches.covered(s) <= wanted],
        touching,
    ):
        if found:
            return scope, found
    raise NothingToChange("none of it is off", code="not_off", **scope.as_json())


def _period(params: OffPeriodParams, was: OffSwitch) -> Period:
    if params.starts is None and params.until is None and not params.for_good:
        raise InvalidInput("say until when", code="period_missing")
    kept = was.until if params.until is None and not params.for_good else None
    start = params.starts if params.starts is not None else was.starts_at
    period = read_period(start, params.until or kept, clock.now())
    if params.starts is None:  # one that has begun keeps the start it had
        return Period(was.starts_at, period.until)
    if was.starts_at is None or was.starts_at <= clock.now():
        return Period(period.start if period.start else was.starts_at, period.until)
    return period


def _moved(switch: OffSwitch, period: Period) -> list[Change]:
    label = label_of(switches.scope_of(switch))
    fields = (("starts_at", switch.starts_at, period.start), ("until", switch.until, period.until))
    return [
        Change("off_switch", switch.id, field, before.isoformat() if before else None, after.isoformat() if after else None, label)
        for field, before, after in fields
        if before != after
    ]  # fmt: skip


def _stopping(
    session: Session, shop_id: str, wanted: set[Atom], was: OffSwitch, period: Period
) -> tuple[list[Change], list[Effect]]:
    """Runs that come to stand inside the new period drop; what the operations made was stopped when the OFF began."""
    now = clock.now()
    begins_now = was.starts_at is not None and was.starts_at > now and period.start is None
    start = max(period.start or now, now)
    changes, effects = off_effects.stopping(session, shop_id, wanted, start, period.until, at_once=begins_now)
    return changes, [e for e in effects if begins_now or e.code in ("runs_dropped",)]


def _is_shorter(was: OffSwitch, period: Period) -> bool:
    return period.until is not None and (was.until is None or period.until < was.until)


register(PlanKind("ops.off_period", OffPeriodParams, propose))
