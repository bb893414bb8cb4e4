"""Who may work on a run: a conditional UPDATE decides, and a lease that runs out gives a killed worker's run to another."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, update
from sqlalchemy.orm import Session

from backend.db.locks import take_turn_of
from backend.operations.models import Run
from backend.operations.states import WAITING, RunState

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3


_CLAIM = (
    update(Run)
    .where(
        Run.id == bindparam("run"),
        or_(
            and_(Run.state.in_(WAITING), Run.scheduled_for <= bindparam("now")),
            and_(Run.state == RunState.RUNNING, Run.lease_until <= bindparam("now")),
        ),
    )
    .values(
        state=RunState.RUNNING, lease_owner=bindparam("worker"), lease_until=bindparam("end"),
        started_at=bindparam("now"), attempts=Run.attempts + 1, version=Run.version + 1,
    )
    .execution_options(synchronize_session=False)
)  # fmt: skip
_HOLD = (
    update(Run)
    .where(Run.id == bindparam("run"), Run.state == RunState.RUNNING)
    .where(Run.lease_owner == bindparam("worker"), Run.lease_until > bindparam("now"))
    .values(version=Run.version + 1)
    .execution_options(synchronize_session=False)
)


class LeaseLost(Exception):
    """Another worker has the run, or an OFF dropped it: whatever was computed is thrown away."""


def claim(session: Session, run_id: str, worker: str, now: datetime) -> bool:
    """True for exactly one of several workers. A waiting run must be due; a running one must have outlived its lease."""
    done = session.execute(_CLAIM, {"run": run_id, "worker": worker, "now": now, "end": now + LEASE})
    return bool(done.rowcount)  # type: ignore[attr-defined]


def hold(session: Session, run_id: str, worker: str, now: datetime) -> Run:
    """The run, locked for this transaction and still ours; raises LeaseLost."""
    take_turn_of(session, Run, [run_id])
    held = session.execute(_HOLD, {"run": run_id, "worker": worker, "now": now})
    if not held.rowcount:  # type: ignore[attr-defined]
        raise LeaseLost(run_id)
    return session.get_one(Run, run_id, populate_existing=True)
