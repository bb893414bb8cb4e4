"""The plan kind `ops.off`: PRO stops this, now or from a moment on (source: 000, any item can be OFF and then does not run again).

One wish is one OFF, whatever it leaves out.
"""

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import ACTOR_ID, ACTOR_NAME, NOW
from backend.errors import InvalidInput, NothingToChange
from backend.kit import clock
from backend.operations import off_effects, periods, switches
from backend.operations.models import OffSwitch
from backend.operations.periods import Moment
from backend.operations.scope import Atom, Scope, atoms, covers_to_come, units_in
from backend.operations.wish import ExclusionParams, ScopeParams, read_excluded, read_scope, require_right
from backend.plans.kinds import PlanKind, Proposal, register


class OffParams(ScopeParams, ExclusionParams):
    """`starts` and `until` are days, the last one included, or hours; None: at once, and for good."""

    starts: Moment | None = None
    until: Moment | None = None
    reason: str | None = Field(None, max_length=200)


@dataclass(frozen=True)
class Period:
    """`start` None: at once; `until` None: for good."""

    start: datetime | None
    until: datetime | None


def propose(session: Session, actor: Actor, params: OffParams) -> Proposal:
    """Raises NothingToChange `already_off` when all of it is off at least that long."""
    scope = read_scope(params)
    require_right(actor, scope)
    excluded = read_excluded(params, scope)
    now = clock.now()
    period = read_period(params.starts, params.until, now)
    wanted = _wanted(scope, excluded)
    start = period.start or now
    before = [s for s in switches.standing(session, actor.shop_id, now) if switches.overlap(s, start, period.until)]
    missing = switches.uncovered(before, wanted, start, period.until)
    if not missing:
        raise _already_off(before, wanted)
    changes, stopping = off_effects.stopping(
        session, actor.shop_id, wanted, start, period.until, at_once=not period.start
    )
    effects = [
        _said(params, scope, excluded, period, wanted),
        *stopping,
        *off_effects.overlapping(before, wanted, wanted - missing),
    ]
    return Proposal([_switch(scope, excluded, period, params.reason), *changes], effects, reason=params.reason)


def read_period(starts: Moment | None, until: Moment | None, now: datetime) -> Period:
    """A start that has passed is now. Raises InvalidInput `until_past` and `until_before_start`."""
    start, end = periods.start_of(starts), periods.end_of(until)
    if end is not None and end <= now:
        raise InvalidInput(
            "the end has passed", code="until_past", until=periods.said_end(end), today=clock.today().isoformat()
        )
    if start is not None and start <= now:
        start = None
    if start is not None and end is not None and end <= start:
        raise InvalidInput(
            "it would end before it starts", code="until_before_start",
            starts=periods.said_start(start), until=periods.said_end(end),
        )  # fmt: skip
    return Period(start, end)


def _wanted(scope: Scope, excluded: list[Scope]) -> set[Atom]:
    wanted = atoms(scope)
    for part in excluded:
        wanted -= atoms(part)
    if not wanted:
        raise InvalidInput("nothing is left of it", code="nothing_in_scope", **scope.as_json())
    return wanted


def _already_off(before: list[OffSwitch], wanted: set[Atom]) -> NothingToChange:
    reasons = [s for s in before if switches.covered(s) & wanted]
    reasons.sort(key=lambda s: (not wanted <= switches.covered(s), s.until is not None))
    first = switches.brief(reasons[0])
    return NothingToChange(
        "it is off already", code="already_off",
        by=first["by"], at=first["at"], starts=first["starts"], until=first["until"],
        switches=[switches.described(s) for s in reasons],
    )  # fmt: skip


def _switch(scope: Scope, excluded: list[Scope], period: Period, reason: str | None) -> Change:
    after = {
        **scope.as_json(), "excluded": [part.as_json() for part in excluded],
        "starts_at": period.start.isoformat() if period.start else None,
        "until": period.until.isoformat() if period.until else None, "reason": reason,
        "set_by": ACTOR_NAME, "set_by_id": ACTOR_ID, "set_at": NOW,
    }  # fmt: skip
    return create("off_switch", after, label_of(scope))


def label_of(scope: Scope) -> str:
    return scope.operation or (scope.area.value if scope.area else "everything")


def _said(params: OffParams, scope: Scope, excluded: list[Scope], period: Period, wanted: set[Atom]) -> Effect:
    """`spared` are the units that go on running; `to_come` says that operations of later releases are off as well."""
    return Effect("ops_off", {
        **scope.as_json(), "everything": scope == Scope(), "excluded": [part.as_json() for part in excluded],
        "starts": periods.said_start(period.start), "until": periods.said_end(period.until),
        "resumes_on": periods.resumes_on(period.until), "reason": params.reason,
        "units": [unit.as_json() for unit in units_in(wanted)],
        "spared": [unit.as_json() for unit in units_in(atoms(scope) - wanted)],
        "to_come": scope.operation is None and covers_to_come(wanted),
    })  # fmt: skip


register(PlanKind("ops.off", OffParams, propose))
