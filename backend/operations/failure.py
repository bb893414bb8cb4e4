"""A run that could not be finished: it says why, changed nothing, and is repeated a few times, later each time."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.db.again import again_if_lost
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.kit.ids import new_id
from backend.operations import outages
from backend.operations.lease import MAX_ATTEMPTS, LeaseLost, hold
from backend.operations.models import Run
from backend.operations.moves import move
from backend.operations.notices import notify
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.shops.models import Shop

BACKOFF = (timedelta(minutes=10), timedelta(hours=1))
log = logging.getLogger(__name__)


@again_if_lost
def give_up(run_id: str, worker: str, reason: str, error: Exception | None = None) -> RunState | None:
    """Fail a run in a transaction of its own, after its work was rolled back; None when it is no longer ours."""
    if error is not None:
        log.error("run %s failed", run_id, exc_info=error)
    now = clock.now()
    try:
        with unit_of_work() as session:
            run = hold(session, run_id, worker, now)
            run.result = {"error": type(error).__name__} if error else {}
            return fail(session, session.get_one(Shop, run.shop_id), run, reason, now)
    except LeaseLost:
        return None


def fail(session: Session, shop: Shop, run: Run, reason: str, now: datetime) -> RunState:
    """Mark it failed and schedule the repeat; only when it was tried often enough is the merchant told.

    A market that is known not to answer is not asked again before the next turn, and not told of again.
    """
    move(run, RunState.FAILED, now, reason)
    session.flush()
    silent = run.market if reason == "market_unreachable" else None
    retry = None if silent and outages.is_known(session, shop.id, silent) else _retry(run, now)
    if retry:
        session.add(retry)
        session.flush()
    elif silent:
        outages.begin(session, shop, silent, now)
    else:
        notify(session, shop, "run_failed", {
            "run_id": run.id, **Unit(run.operation, run.market).as_json(), "reason": reason,
            "attempts": run.attempts, "retry_at": None,
        })  # fmt: skip
    return RunState.FAILED


def _retry(run: Run, now: datetime) -> Run | None:
    """A run of its own, so that the failed one stays in the history; what was announced stays announced."""
    if run.attempts >= MAX_ATTEMPTS:
        return None
    return Run(
        id=new_id("run"), shop_id=run.shop_id, operation=run.operation, market=run.market, trigger="retry",
        state=RunState.ANNOUNCED if run.announced_at else RunState.SCHEDULED, announced_at=run.announced_at,
        scheduled_for=now + BACKOFF[min(run.attempts, len(BACKOFF)) - 1], attempts=run.attempts,
    )  # fmt: skip
