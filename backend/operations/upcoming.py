"""What PRO will do next: runs that wait, and for units without one, when the next would be."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.operations import gate, periods, switches
from backend.operations.schedule import month_start, next_free_start
from backend.operations.schemas import UpcomingOut
from backend.operations.scope import Unit, all_units
from backend.operations.shop_facts import ShopFacts
from backend.operations.states import WAITING
from backend.shops.models import Shop


def upcoming(
    session: Session, shop: Shop, now: datetime, operation: str | None = None, market: Market | None = None,
    since: date | None = None, until: date | None = None,
) -> list[UpcomingOut]:  # fmt: skip
    """Soonest first; days are inclusive. What somebody has to unblock first has no next time and is left out."""
    facts = ShopFacts.of_all_units(session, shop, now)
    found = [one for unit in wanted_units(operation, market) if (one := next_of(session, facts, unit)) is not None]
    if since:
        found = [one for one in found if one.at >= periods.starts_on(since)]
    if until:
        found = [one for one in found if one.at < periods.ends_after(until)]
    return sorted(found, key=lambda one: one.at)


def next_of(session: Session, facts: ShopFacts, unit: Unit) -> UpcomingOut | None:
    """Of one unit; `facts` may be shared with others."""
    shop, now = facts.shop, facts.now
    market = unit.market.value if unit.market else None
    run = gate.open_run(session, facts, unit)
    if run is not None and run.state in WAITING:
        return UpcomingOut(
            operation=unit.operation, market=market, at=run.scheduled_for, run_id=run.id, state=run.state,
            announced=run.announced_at is not None, announced_at=run.announced_at, after_off=False,
        )  # fmt: skip
    blockers = {
        code for code in gate.decide(session, shop, unit, now, facts=facts).blockers if code not in gate.PASSING
    }
    if blockers - {"switched_off", "quota_used"}:
        return None
    not_before = month_start(now, 1) if "quota_used" in blockers else None
    released = switches.free_from(facts.switches, unit, now)
    if released is None:
        return None
    if released > now:
        not_before = max(released, not_before or released)
    at = next_free_start(session, shop, unit, now, facts.switches, not_before, facts.runs)
    if at is None:
        return None
    return UpcomingOut(
        operation=unit.operation,
        market=market,
        at=at,
        run_id=None,
        state=None,
        announced=False,
        after_off=released > now,
    )


def wanted_units(operation: str | None, market: Market | None) -> list[Unit]:
    """The own mall takes operations without a market too."""
    return [
        unit for unit in all_units()
        if operation in (None, unit.operation) and (market is None or (unit.market or Market.MALL) is market)
    ]  # fmt: skip
