"""The gate's first half: is the shop set to let this operation run at all?"""

from typing import Any

from backend.kit import clock
from backend.operations import switches
from backend.operations.catalogue.loader import operations
from backend.operations.checks import Case, Check, failed, passed
from backend.operations.contract import place
from backend.operations.models import OffSwitch
from backend.operations.schedule import month_start
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
    standing = case.facts.switches
    holding = [s for s in standing if switches.holds(s, case.starts)]
    found = switches.covering(holding, case.unit)
    if not found:
        if not standing or not case.explain:
            return passed("switched_off")
        spared = switches.sparing(holding, case.unit)
        coming = [s for s in switches.covering(standing, case.unit) if s.starts_at and s.starts_at > case.starts]
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
    missing = case.facts.missing(case.operation.config, place(case.unit.market))
    if not missing:
        return passed("setup_missing")
    told = [item.as_json() for item in missing] if case.explain else []
    return failed("setup_missing", {"missing": told}, missing[0].fix)


def quota_used(case: Case) -> Check:
    """Runs of this Seoul month that changed something, of the whole shop and of this operation on this market."""
    free = {key for key, operation in operations().items() if not operation.config.uses_quota}
    of_shop = sum(count for unit, count in case.facts.used.items() if unit.operation not in free)
    config = case.operation.config
    limits = [("operation", case.facts.used[case.unit], config.monthly_quota)]
    if config.uses_quota:
        limits.insert(0, ("shop", of_shop, case.shop.monthly_run_quota))
    resets_on = clock.seoul(month_start(case.now, 1)).date().isoformat()
    scope, used, limit = next((row for row in limits if row[1] >= row[2]), min(limits, key=lambda row: row[2] - row[1]))
    evidence = {"scope": scope, "used": used, "limit": limit, "resets_on": resets_on}
    return failed("quota_used", evidence, "wait") if used >= limit else passed("quota_used", evidence)
