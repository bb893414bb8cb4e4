"""Proposes products for Naver's 1+1 deal programme; the price is never touched, the merchant decides (source: 000)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.changes.change import Change, create
from backend.changes.sentinels import SOURCE_ID
from backend.deals.states import DealState
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.catalogue.one_plus_deal.candidates import candidates, open_proposals
from backend.operations.catalogue.one_plus_deal.figures import figures
from backend.operations.catalogue.one_plus_deal.off import when_off
from backend.operations.catalogue.one_plus_deal.rules import Rules
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.operations.periods import ends_after
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan", "when_off"]


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding for each product that could go in, best sellers first."""
    rules = Rules.model_validate(config.rules)
    return [
        Finding(
            "sells_well_with_room", "product", found.product.id, found.product.name,
            figures(found.product.price, found.orders, found.quantity, rules),
        )
        for found in candidates(session, shop.id, now, rules)
    ]  # fmt: skip


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """As many proposals as fit beside the unanswered ones, at most `per_run_limit`."""
    rules = Rules.model_validate(config.rules)
    current = {found.product.id: found for found in candidates(session, shop.id, now, rules)}
    ready = [current[finding.target_id] for finding in findings if finding.target_id in current]
    waiting = open_proposals(session, shop.id, now)
    room = max(0, rules.max_open - waiting)
    chosen = ready[: min(room, config.per_run_limit or room)]
    until = ends_after(clock.seoul(now).date() + timedelta(days=rules.days_valid - 1))
    changes: list[Change] = [
        create(
            "deal_proposal",
            {
                "product_id": one.product.id, "listing_id": one.listing.id, "run_id": SOURCE_ID,
                "state": DealState.PROPOSED.value,
                "figures": figures(one.product.price, one.orders, one.quantity, rules),
                "proposed_at": now.isoformat(), "valid_until": until.isoformat(),
            },
            one.product.name,
        )
        for one in chosen
    ]  # fmt: skip
    rule = {
        "code": "sells_in_pairs", "market": Market.SMARTSTORE.value, "window_days": rules.window_days,
        "min_orders": rules.min_orders, "least_price": rules.least_price, "largest_price": rules.largest_price,
        "cost_percent": rules.cost_percent, "repeat_after_days": rules.repeat_after_days, "waiting": waiting,
        "products": len(chosen), "left": len(ready) - len(chosen),
    }  # fmt: skip
    return RunPlan(changes, rule)
