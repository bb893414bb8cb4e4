"""One round of the scheduler, shop by shop; each shop in its own transaction, so that one cannot hold up the others."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from backend.db.again import again_if_lost
from backend.db.engine import unit_of_work
from backend.db.locks import locked, take_turn, take_turn_of
from backend.deals.expire import expire_proposals
from backend.kit import clock
from backend.operations import outages, planner
from backend.operations.attention import Attention, shops_to_attend
from backend.operations.catalogue.loader import operations
from backend.operations.models import Run
from backend.operations.passing_time import (
    begin_later_switches,
    end_image_hosting,
    end_passed_coupons,
    lift_ended_switches,
)
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.shops.models import Shop

log = logging.getLogger(__name__)
Start = Callable[[str], Any]


@dataclass
class Tick:
    """What one round did, for the log and for simulations."""

    planned: int = 0
    dropped: int = 0
    announced: int = 0
    lifted: int = 0
    begun: int = 0
    started: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # shops whose round failed

    def __iadd__(self, part: "Tick") -> Self:
        """What one shop's round did, once it is committed."""
        self.planned += part.planned
        self.dropped += part.dropped
        self.lifted += part.lifted
        self.begun += part.begun
        return self


def tick(start: Start | None = None, worker: str = "tick") -> Tick:
    """`start` gets the id of each due run, by default carrying it out here; with a queue it enqueues."""
    done = Tick()
    now = clock.now()
    with unit_of_work(write=False) as session:
        shops = shops_to_attend(session, now)
    for one in shops:
        try:
            done += _round_of(one, now)
        except Exception:
            log.exception("the round of shop %s failed", one.shop_id)
            done.broken.append(one.shop_id)
    _announce_due(done, now)
    with unit_of_work(write=False) as session:
        done.started = due_runs(session, now)
    for run_id in done.started:
        (start or (lambda one: execute(one, worker)))(run_id)
    return done


@again_if_lost
def _round_of(one: Attention, now: datetime) -> Tick:
    done = Tick()
    with unit_of_work() as session:
        take_turn(session, [one.shop_id])
        shop = session.get_one(Shop, one.shop_id)
        if one.passed:
            _write_what_passed(session, shop, now, done)
        done.planned += len(planner.plan_shop(session, shop, now))
    return done


def _write_what_passed(session: Session, shop: Shop, now: datetime, done: Tick) -> None:
    done.lifted += len(lift_ended_switches(session, shop, now))
    done.begun += len(begin_later_switches(session, shop, now))
    end_passed_coupons(session, shop, now)
    expire_proposals(session, shop.id, now)
    end_image_hosting(session, shop, now)
    outages.end_passed(session, shop, now)
    done.dropped += len(planner.drop_switched_off(session, shop, now))


def _announce_due(done: Tick, now: datetime) -> None:
    with unit_of_work(write=False) as session:
        waiting = planner.to_announce(session, now)
    for run_id in waiting:
        try:
            done.announced += _announced(run_id, now)
        except Exception:
            log.exception("run %s could not be announced", run_id)
            done.broken.append(run_id)


@again_if_lost
def _announced(run_id: str, now: datetime) -> bool:
    with unit_of_work() as session:
        take_turn_of(session, Run, [run_id])
        run = locked(session, Run, run_id)
        if run is None or run.state is not RunState.SCHEDULED:  # another scheduler was faster
            return False
        return planner.announce(session, run, now) is RunState.ANNOUNCED


def due_runs(session: Session, now: datetime) -> list[str]:
    """Ids of runs to start, and of those whose worker was lost; one that must be announced waits for that."""
    announcing = [key for key, operation in operations().items() if operation.config.announce_hours]
    due = or_(
        and_(Run.state == RunState.SCHEDULED, Run.scheduled_for <= now, Run.operation.not_in(announcing)),
        and_(Run.state == RunState.ANNOUNCED, Run.scheduled_for <= now),
        and_(Run.state == RunState.RUNNING, Run.lease_until <= now),
    )
    known = Run.operation.in_(operations())
    return list(session.scalars(select(Run.id).where(due, known).order_by(Run.scheduled_for, Run.id)))
