"""How far a run that waits may be moved.

Our choice, for no source says it: three times, by two weeks at most, to an hour between 07 and 22 in Seoul (a merchant
can look at the shop then), and never so that an announced change comes with less notice than was promised.
"""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.errors import InvalidInput
from backend.kit import clock
from backend.operations import periods, switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import Run
from backend.operations.schedule import due_since
from backend.operations.scope import Unit

MOST_MOVES = 3
MOST_DAYS = 14
EARLIEST_HOUR, LATEST_HOUR = time(7), time(22)


def check(session: Session, run: Run, to: datetime, now: datetime) -> None:
    """Raises InvalidInput: move_past, move_too_early, move_hour, move_too_far, moved_too_often, move_into_off."""
    if (run.moved or 0) >= MOST_MOVES:
        raise InvalidInput("it was moved often enough", code="moved_too_often", most=MOST_MOVES)
    if to <= now:
        raise InvalidInput("that moment has passed", code="move_past", to=said(to))
    earliest = earliest_start(session, run, now)
    if to < earliest:
        hours = operations()[run.operation].config.announce_hours
        raise InvalidInput("too early", code="move_too_early", to=said(to), earliest=said(earliest), notice_hours=hours)
    if not EARLIEST_HOUR <= clock.seoul(to).time() <= LATEST_HOUR:
        raise InvalidInput(
            "nothing runs at that hour", code="move_hour",
            to=said(to), first_hour=EARLIEST_HOUR.hour, last_hour=LATEST_HOUR.hour,
        )  # fmt: skip
    latest = latest_start(run)
    if to >= latest:
        last = (clock.seoul(latest) - timedelta(days=1)).date().isoformat()
        raise InvalidInput("too far away", code="move_too_far", to=said(to), last_day=last, most_days=MOST_DAYS)
    holding = [s for s in switches.standing(session, run.shop_id, now) if switches.holds(s, to)]
    found = switches.covering(holding, Unit(run.operation, run.market))
    if found:
        raise InvalidInput("it is off then", code="move_into_off", to=said(to), switch=switches.described(found[0]))


def earliest_start(session: Session, run: Run, now: datetime) -> datetime:
    """Not before its turn, and with the notice that was promised: counted from the one given, else from now."""
    notice = timedelta(hours=operations()[run.operation].config.announce_hours)
    promised = min((run.announced_at or now) + notice, run.scheduled_for) if run.announced_at else now + notice
    due = due_since(session, run.shop_id, Unit(run.operation, run.market))
    turn = min(due, run.scheduled_for) if due else now
    return max(promised if notice else now, turn, now)


def latest_start(run: Run) -> datetime:
    """The Seoul midnight after the last day, counted from where it stood first."""
    first = clock.seoul(run.first_scheduled_for or run.scheduled_for).date()
    return periods.ends_after(first + timedelta(days=MOST_DAYS))


def said(moment: datetime) -> str:
    return clock.seoul(moment).isoformat()
