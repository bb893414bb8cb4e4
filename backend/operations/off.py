"""The plan kind `ops.off`: PRO stops this from now on (source: 000, any item can be OFF and then does not run again)."""

from datetime import date, datetime

from pydantic import Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import ACTOR_ID, ACTOR_NAME, NOW
from backend.errors import InvalidInput, NothingToChange
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations import off_effects, switches
from backend.operations.models import OffSwitch
from backend.operations.scope import Atom, Scope, atoms, units_in, widest_rows
from backend.operations.wish import ScopeParams, read_market, read_scope, require_right
from backend.plans.kinds import PlanKind, Proposal, register

LAST_DAY = date(2100, 12, 31)


class OffParams(ScopeParams):
    """`until` is the last day on which it stays off; None: for good."""

    excluded_markets: list[str] = Field([], max_length=len(Market))
    until: date | None = Field(None, le=LAST_DAY)
    reason: str | None = Field(None, max_length=200)


def propose(session: Session, actor: Actor, params: OffParams) -> Proposal:
    """Raises NothingToChange `already_off` when all of it is off at least that long."""
    scope = read_scope(params)
    require_right(actor, scope)
    excluded = [m for m in (read_market(code) for code in params.excluded_markets) if m]
    until = _read_until(params.until)
    wanted = _wanted(scope, excluded)
    now = clock.now()
    holding = switches.active(session, actor.shop_id, now)
    missing = wanted - switches.covered_atoms(s for s in holding if switches.lasts(s, until))
    if not missing:
        raise _already_off(holding, wanted, until)
    rows = [row for row in widest_rows(wanted) if atoms(row) & missing]
    effects = [_said(params, scope, excluded, until, wanted), *off_effects.overlapping(holding, wanted, until)]
    changes = [_switch(row, until, params.reason) for row in rows]
    stopped, of_stopping = off_effects.stopping(session, actor.shop_id, wanted)
    effects[1:1] = of_stopping
    return Proposal([*changes, *stopped], effects, reason=params.reason)


def _wanted(scope: Scope, excluded: list[Market]) -> set[Atom]:
    wanted = atoms(scope)
    for market in excluded:
        wanted -= atoms(Scope(market=market))
    if not wanted:
        raise InvalidInput("nothing is left of it", code="nothing_in_scope", **scope.as_json())
    return wanted


def _read_until(last: date | None) -> datetime | None:
    if last is None:
        return None
    if last < clock.today():
        raise InvalidInput(
            "the day has passed", code="until_past", until=last.isoformat(), today=clock.today().isoformat()
        )
    return switches.ends_after(last)


def _already_off(holding: list[OffSwitch], wanted: set[Atom], until: datetime | None) -> NothingToChange:
    reasons = [s for s in holding if switches.lasts(s, until) and atoms(switches.scope_of(s)) & wanted]
    first = reasons[0]
    return NothingToChange(
        "it is off already", code="already_off",
        by=first.set_by, at=first.set_at.isoformat(), until=switches.last_day(first.until),
        switches=[switches.described(s) for s in reasons],
    )  # fmt: skip


def _switch(row: Scope, until: datetime | None, reason: str | None) -> Change:
    after = {
        **row.as_json(), "until": until.isoformat() if until else None, "reason": reason,
        "set_by": ACTOR_NAME, "set_by_id": ACTOR_ID, "set_at": NOW,
    }  # fmt: skip
    return create("off_switch", after, row.operation or (row.area.value if row.area else "everything"))


def _said(params: OffParams, scope: Scope, excluded: list[Market], until: datetime | None, wanted: set[Atom]) -> Effect:
    return Effect("ops_off", {
        **scope.as_json(), "everything": scope == Scope(), "excluded_markets": [m.value for m in excluded],
        "until": switches.last_day(until), "resumes_on": switches.resumes_on(until), "reason": params.reason,
        "units": [unit.as_json() for unit in units_in(wanted)],
    })  # fmt: skip


register(PlanKind("ops.off", OffParams, propose))
