"""The gate's first half: is the shop set to let this operation run at all?"""

from typing import Any

from sqlalchemy import func, select

from backend.kit import clock
from backend.operations import switches
from backend.operations.catalogue.loader import operations
from backend.operations.checks import Case, Check, failed, passed
from backend.operations.contract import place
from backend.operations.models import OffSwitch, Run
from backend.operations.schedule import month_start
from backend.operations.states import RunState
from backend.shops import setup
from backend.shops.models import ProState


def service_not_active(case: Case) -> Check:
    """The contract, and for open markets the optional market service."""
    code = "service_not_active"
    if case.shop.pro_state in (ProState.NONE, ProState.ENDED):
        return failed(code, {"pro_state": case.shop.pro_state.value}, "apply_pro")
    if case.unit.market and place(case.unit.market) != "mall" and not case.shop.market_service:
        return failed(code, {"market_service": False, "market": case.unit.market.value}, "apply_market_service")
    return passed(code)


def switched_off(case: Case) -> Check:
    """Where nothing holds it, the evidence names what leaves it out, and the OFF that is to come."""
    holding = [s for s in case.switches if switches.holds(s, case.off_at)]
    found = switches.covering(holding, case.unit)
    if not found:
        spared = switches.sparing(holding, case.unit)
        coming = [s for s in switches.covering(case.switches, case.unit) if s.starts_at and s.starts_at > case.off_at]
        about = {"spared_by": spared[:1], "coming": [_first(coming)] if coming else []}
        return passed("switched_off", {name: _told(of[0]) for name, of in about.items() if of})
    evidence = {**_told(found[0]), "switches": len(found)}
    return failed("switched_off", evidence, {"code": "ops_on", "switch_id": found[0].id})


def _told(switch: OffSwitch) -> dict[str, Any]:
    return {**switches.brief(switch), "scope": switches.scope_json(switch)}


def _first(coming: list[OffSwitch]) -> OffSwitch:
    return min(coming, key=lambda s: s.starts_at or s.set_at)


def paused(case: Case) -> Check:
    if case.shop.pro_state is ProState.PAUSED:
        return failed("paused", {"reason": case.shop.pro_paused_reason}, "ask_agent")
    return passed("paused")


def setup_missing(case: Case) -> Check:
    where = place(case.unit.market)
    config = case.operation.config
    items = [setup.check(case.session, case.shop, key, where) for key in config.required]
    missing = [item for item in items if not item.done]
    either = [setup.check(case.session, case.shop, key, where) for key in config.required_any]
    if either and not any(item.done for item in either):
        missing.append(either[0])
    if not missing:
        return passed("setup_missing")
    return failed("setup_missing", {"missing": [item.as_json() for item in missing]}, missing[0].fix)


def quota_used(case: Case) -> Check:
    """Runs of this Seoul month that changed something, of the whole shop and of this operation on this market."""
    start, end = month_start(case.now), month_start(case.now, 1)
    counted = (
        select(func.count())
        .select_from(Run)
        .where(Run.shop_id == case.shop.id, Run.state.in_((RunState.DONE, RunState.REVERTED)))
        .where(Run.finished_at >= start, Run.finished_at < end)
    )
    free = [key for key, operation in operations().items() if not operation.config.uses_quota]
    of_shop = counted.where(Run.operation.not_in(free))
    of_unit = counted.where(Run.operation == case.unit.operation, Run.market == case.unit.market)
    config = case.operation.config
    limits = [("operation", case.session.scalar(of_unit) or 0, config.monthly_quota)]
    if config.uses_quota:
        limits.insert(0, ("shop", case.session.scalar(of_shop) or 0, case.shop.monthly_run_quota))
    resets_on = clock.seoul(end).date().isoformat()
    scope, used, limit = next((row for row in limits if row[1] >= row[2]), min(limits, key=lambda row: row[2] - row[1]))
    evidence = {"scope": scope, "used": used, "limit": limit, "resets_on": resets_on}
    return failed("quota_used", evidence, "wait") if used >= limit else passed("quota_used", evidence)
