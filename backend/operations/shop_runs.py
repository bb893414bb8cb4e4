"""The runs that decide about every unit of a shop, read for all of them at once: an answer about the whole shop asks of each."""

from collections.abc import Collection
from typing import Any, Protocol

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from backend.operations.models import Run
from backend.operations.scope import Unit
from backend.operations.states import ENDED, OPEN, RunState

TRIED = tuple(state for state in RunState if state not in (*OPEN, RunState.DROPPED))
LOOKED_AT = 300  # weeks of a busy shop; what is older is asked for by itself
_OPEN = select(Run).where(Run.shop_id == bindparam("shop_id"), Run.state.in_(OPEN))
_LATEST = (
    select(
        Run.id, Run.operation, Run.market, Run.state, Run.scheduled_for, Run.finished_at, Run.reason, Run.attempts,
    )
    .where(Run.shop_id == bindparam("shop_id"), Run.state.in_(TRIED))
    .order_by(Run.scheduled_for.desc(), Run.id.desc())
    .limit(LOOKED_AT)
)  # fmt: skip


class PastRun(Protocol):
    """What is asked of a run that is over: the row itself, or these columns of it."""

    @property
    def id(self) -> Any: ...
    @property
    def state(self) -> Any: ...
    @property
    def scheduled_for(self) -> Any: ...
    @property
    def finished_at(self) -> Any: ...
    @property
    def reason(self) -> Any: ...
    @property
    def attempts(self) -> Any: ...


class ShopRuns:
    """Good for one look, in which nothing is written."""

    def __init__(self, session: Session, shop_id: str) -> None:
        self._session, self._shop_id = session, shop_id
        self._open = {Unit(r.operation, r.market): r for r in session.scalars(_OPEN, {"shop_id": shop_id})}
        self._latest = session.connection().execute(_LATEST, {"shop_id": shop_id}).all()

    def open(self, unit: Unit) -> Run | None:
        """The one that waits or runs."""
        return self._open.get(unit)

    def last_turn(self, unit: Unit) -> PastRun | None:
        return self._newest(unit, ENDED)

    def last_tried(self, unit: Unit) -> PastRun | None:
        return self._newest(unit, TRIED)

    def _newest(self, unit: Unit, states: Collection[RunState]) -> PastRun | None:
        for run in self._latest:
            if run.operation == unit.operation and run.market is unit.market and run.state in states:
                return run
        return None if len(self._latest) < LOOKED_AT else newest(self._session, self._shop_id, unit, states)


def newest(session: Session, shop_id: str, unit: Unit, states: Collection[RunState]) -> Run | None:
    """The unit's run with the latest start in one of these states."""
    return session.scalars(_of_unit(shop_id, unit).where(Run.state.in_(states))).first()


def last_turn(session: Session, shop_id: str, unit: Unit) -> Run | None:
    """The newest run that had its turn (done, nothing to do, put back); failed and dropped ones do not count."""
    return newest(session, shop_id, unit, ENDED)


def _of_unit(shop_id: str, unit: Unit) -> Select[Run]:
    return (
        select(Run)
        .where(Run.shop_id == shop_id, Run.operation == unit.operation, Run.market == unit.market)
        .order_by(Run.scheduled_for.desc(), Run.id.desc())
        .limit(1)
    )
