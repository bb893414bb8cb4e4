"""When each operation runs next: a plain calculation, the same for the scheduler and for the answer."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.kit import clock
from backend.operations import switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import OffSwitch
from backend.operations.scope import Unit
from backend.operations.shop_runs import PastRun, ShopRuns, last_turn
from backend.shops.models import Shop


def due_since(session: Session, shop_id: str, unit: Unit) -> datetime | None:
    """When its interval is over, counted from the last turn; None when it never ran: due at once."""
    return due_after(unit, last_turn(session, shop_id, unit))


def due_after(unit: Unit, turn: PastRun | None) -> datetime | None:
    """The same, with the last turn at hand."""
    if turn is None:
        return None
    config = operations()[unit.operation].config
    day = clock.seoul(turn.scheduled_for).date() + timedelta(days=config.interval_days)
    return at_hour(day, config.hour)


def next_start(
    session: Session,
    shop: Shop,
    unit: Unit,
    now: datetime,
    not_before: datetime | None = None,
    runs: ShopRuns | None = None,
) -> datetime:
    """The first start at the operation's hour: after its interval, after `not_before`, and late enough to announce it."""
    config = operations()[unit.operation].config
    earliest = max(now, not_before or now) + timedelta(hours=config.announce_hours)
    due = due_after(unit, runs.last_turn(unit)) if runs else due_since(session, shop.id, unit)
    return first_slot(max(earliest, due) if due else earliest, config.hour)


def next_free_start(
    session: Session, shop: Shop, unit: Unit, now: datetime, standing: Sequence[OffSwitch],
    not_before: datetime | None = None, runs: ShopRuns | None = None,
) -> datetime | None:  # fmt: skip
    """`next_start` outside every OFF that stands; None when one of them holds for good by then."""
    while True:
        start = next_start(session, shop, unit, now, not_before, runs)
        free = switches.free_from(standing, unit, start)
        if free is None or free == start:
            return free
        not_before = free


def first_slot(moment: datetime, hour: int) -> datetime:
    """The first time at or after `moment` that is `hour` o'clock in Seoul."""
    day = clock.seoul(moment).date()
    slot = at_hour(day, hour)
    return slot if slot >= moment else at_hour(day + timedelta(days=1), hour)


def at_time(moment: datetime, like: datetime) -> datetime:
    """The first time at or after `moment` at the same time of day as `like` in Seoul: a moved run keeps its hour."""
    hour = clock.seoul(like).time()
    slot = datetime.combine(clock.seoul(moment).date(), hour, clock.SEOUL).astimezone(clock.UTC)
    return slot if slot >= moment else slot + timedelta(days=1)


def at_hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.SEOUL).astimezone(clock.UTC)


def month_start(now: datetime, months_on: int = 0) -> datetime:
    """The Seoul midnight that begins this month, or one of the next."""
    today = clock.seoul(now).date()
    month = today.month - 1 + months_on
    return at_hour(date(today.year + month // 12, month % 12 + 1, 1), 0)
