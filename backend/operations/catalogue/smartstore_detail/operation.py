"""SmartStore detail pages without the sections buyers look for, and the sections each gets, built from its attributes."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.operations.catalogue.smartstore_detail.improve import Rules, improve
from backend.operations.catalogue.smartstore_detail.layout import layout
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.operations.listing_work import Improvable, choose, diagnosing, improvable
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan"]

_MARKET = Market.SMARTSTORE


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """A page's sections together, at most `per_run_limit` pages."""
    chosen = choose(_improvable(session, shop, config), findings, config.per_run_limit)
    added = sum(len(change.after) - len(change.before) for change in chosen.changes)
    rule = {"code": "sections_from_attributes", "market": _MARKET.value, "sections": added, **chosen.counts}
    return RunPlan(chosen.changes, rule)


def _improvable(session: Session, shop: Shop, config: OperationConfig) -> list[Improvable]:
    spec, rules, terms = layout(), Rules.model_validate(config.rules), shop.delivery_terms
    return improvable(session, shop.id, _MARKET, lambda listing, product: improve(listing, product, terms, spec, rules))


#: a section without facts to write it from is told to the merchant and not written
diagnose = diagnosing(_improvable, values=False)
