"""Every operation with how it stands: state, OFFs, last and next run."""

from sqlalchemy.orm import Session

from backend.operations import gate, history, switches
from backend.operations.contract import Operation
from backend.operations.models import OffSwitch
from backend.operations.schemas import OperationOut, UnitStateOut, UpcomingOut
from backend.operations.scope import Unit, units_of
from backend.operations.shop_facts import ShopFacts
from backend.operations.upcoming import next_of
from backend.operations.views import runs_out, switch_out


def overview(session: Session, facts: ShopFacts, operation: Operation) -> OperationOut:
    """The shop is not diagnosed for it: a list must be quick. `facts` may be shared with other operations."""
    shop, standing = facts.shop, facts.switches
    units = [_unit(session, facts, unit) for unit in units_of(operation)]
    config = operation.config
    last = history.latest_run(session, shop.id, history.RunFilter(operation=operation.key))
    next_runs = [unit.next_run for unit in units if unit.next_run]
    states = {unit.state for unit in units}
    return OperationOut(
        key=operation.key, area=config.area, markets=[m.value for m in config.markets],
        interval_days=config.interval_days, hour=config.hour, announce_hours=config.announce_hours,
        required=[key.value for key in config.required],
        state=states.pop() if len(states) == 1 else "mixed", units=units,
        off=[switch_out(s) for s in standing if _touches(s, operation)],
        next_run=min(next_runs, key=lambda one: one.at, default=None),
        last_run=runs_out(session, shop.id, [last])[0] if last else None,
    )  # fmt: skip


def _unit(session: Session, facts: ShopFacts, unit: Unit) -> UnitStateOut:
    decided = gate.decide(session, facts.shop, unit, facts.now, facts=facts)
    upcoming: UpcomingOut | None = next_of(session, facts, unit)
    market = unit.market.value if unit.market else None
    return UnitStateOut(market=market, state=decided.state, verdict=decided.verdict, next_run=upcoming)


def _touches(switch: OffSwitch, operation: Operation) -> bool:
    return any(switches.covering([switch], unit) for unit in units_of(operation))
