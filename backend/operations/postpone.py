"""The plan kind `ops.postpone`: a run that waits starts at another time (source: 000, a notice comes before the main page changes).

The run stays the same row, so there is still one open run for the operation on its market. A worker claims only a run
whose start has come, and the row is locked while this is written: it is moved, or it starts, never both.
"""

from datetime import datetime, timedelta

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.db.locks import locked, locked_together
from backend.errors import Conflict, InvalidInput, NothingToChange
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations import move_rules
from backend.operations.catalogue.loader import operation_named, operations
from backend.operations.models import Run
from backend.operations.periods import Moment
from backend.operations.planner import EARLY
from backend.operations.scope import Unit
from backend.operations.states import OPEN, WAITING, RunState
from backend.operations.wish import ScopeParams, read_scope
from backend.plans.kinds import PlanKind, Proposal, register


class PostponeParams(ScopeParams):
    """`run_id`, or an operation with its market. `to` is a day at the run's own hour, or a moment."""

    run_id: str | None = Field(None, max_length=60)
    to: Moment


def propose(session: Session, actor: Actor, params: PostponeParams) -> Proposal:
    """Raises NotFound, Conflict `run_started`, `run_over`, `nothing_waiting` and `which_market`, NothingToChange
    `starts_then_already`, and what `move_rules.check` refuses."""
    actor.require(Permission.OPERATIONS_SWITCH)
    now = clock.now()
    run = _waiting(session, actor, params, now)
    to = _moment(run, params.to)
    if to == run.scheduled_for:
        raise NothingToChange("it starts then", code="starts_then_already", to=move_rules.said(to))
    move_rules.check(session, run, to, now)
    changes = _changes(run, to, now)
    hours = operations()[run.operation].config.announce_hours
    announced_again = run.state is RunState.ANNOUNCED and any(c.field == "state" for c in changes)
    return Proposal(changes, [Effect("run_moved", {
        **Unit(run.operation, run.market).as_json(), "run_id": run.id,
        "from": move_rules.said(run.scheduled_for), "to": move_rules.said(to),
        "notice_hours": hours, "announced": run.announced_at is not None and not announced_again,
        "moves_left": move_rules.MOST_MOVES - (run.moved or 0) - 1,
    })])  # fmt: skip


def _waiting(session: Session, actor: Actor, params: PostponeParams, now: datetime) -> Run:
    run = owned(locked(session, Run, params.run_id), actor) if params.run_id else _open_run(session, actor, params)
    data = {"run_id": run.id, **Unit(run.operation, run.market).as_json()}
    due = run.state is RunState.ANNOUNCED or not operations()[run.operation].config.announce_hours
    if run.state is RunState.RUNNING or (run.state in WAITING and run.scheduled_for <= now and due):
        started = run.started_at or run.scheduled_for
        raise Conflict("it has started", code="run_started", started_at=move_rules.said(started), **data)
    if run.state not in WAITING:
        ended = run.finished_at or run.scheduled_for
        raise Conflict("it is over", code="run_over", state=run.state.value, at=move_rules.said(ended), **data)
    return run


def _open_run(session: Session, actor: Actor, params: PostponeParams) -> Run:
    scope = read_scope(params)
    if scope.operation is None:
        raise InvalidInput("say which operation", code="scope_missing")
    config = operation_named(scope.operation).config
    query = select(Run.id).where(Run.shop_id == actor.shop_id, Run.operation == scope.operation, Run.state.in_(OPEN))
    if scope.market and config.markets:
        query = query.where(Run.market == Market(scope.market))
    waiting = locked_together(session, Run, session.scalars(query).all())
    found = sorted((run for run in waiting if run.state in OPEN), key=lambda run: (run.scheduled_for, run.id))
    if len(found) > 1:
        raise Conflict(
            "it waits on several markets", code="which_market",
            operation=scope.operation, markets=[run.market.value for run in found if run.market],
        )  # fmt: skip
    if not found:
        raise Conflict("none of it waits", code="nothing_waiting", **scope.as_json())
    return found[0]


def _moment(run: Run, to: Moment) -> datetime:
    if isinstance(to, datetime):
        return to.astimezone(clock.UTC).replace(second=0, microsecond=0)
    hour = clock.seoul(run.scheduled_for).timetz()
    return datetime.combine(to, hour).astimezone(clock.UTC)


def _changes(run: Run, to: datetime, now: datetime) -> list[Change]:
    """An announced run that goes further away than its notice is announced anew in time."""
    notice = timedelta(hours=operations()[run.operation].config.announce_hours) + EARLY
    wanted: dict[str, tuple[object, object]] = {
        "scheduled_for": (run.scheduled_for.isoformat(), to.isoformat()),
        "moved": (run.moved or 0, (run.moved or 0) + 1),
    }
    if run.first_scheduled_for is None:
        wanted["first_scheduled_for"] = (None, run.scheduled_for.isoformat())
    if run.state is RunState.ANNOUNCED and run.announced_at and to > now + notice:
        wanted["state"] = (RunState.ANNOUNCED.value, RunState.SCHEDULED.value)
        wanted["announced_at"] = (run.announced_at.isoformat(), None)
    return [Change("run", run.id, field, before, after, run.operation) for field, (before, after) in wanted.items()]


register(PlanKind("ops.postpone", PostponeParams, propose))
