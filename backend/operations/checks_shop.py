"""The gate's first half: is the shop set to let this operation run at all?"""

from backend.kit import clock
from backend.operations import switches
from backend.operations.catalogue.loader import operations
from backend.operations.checks import Case, Check, failed, passed
from backend.operations.contract import place
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
    found = case.facts.switches and switches.covering(case.facts.switches, case.unit)
    if not found:
        return passed("switched_off")
    scope = switches.scope_of(found[0]).as_json()
    evidence = {**switches.brief(found[0]), "scope": scope, "switches": len(found)}
    return failed("switched_off", evidence, {"code": "ops_on", "switch_id": found[0].id})


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
