"""SmartStore listings whose search fields are empty or broken, and exactly what each gets."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.operations.catalogue.smartstore_seo.improve import Rules, improve
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.operations.listing_work import Improvable, choose, diagnosing, improvable
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan"]

_MARKET = Market.SMARTSTORE


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """All fields of a listing together, at most `per_run_limit` listings."""
    chosen = choose(_improvable(session, shop, config), findings, config.per_run_limit)
    limits = limits_of(_MARKET)
    assert limits.tags and limits.page
    return RunPlan(
        chosen.changes,
        {
            "code": "search_fields_from_attributes", "market": _MARKET.value, "max_tags": limits.tags.max_count,
            "page_title": limits.page.title_max, "page_description": limits.page.description_max,
            "rules_version": limits.version, **chosen.counts,
        },
    )  # fmt: skip


def _improvable(session: Session, shop: Shop, config: OperationConfig) -> list[Improvable]:
    limits, rules = limits_of(_MARKET), Rules.model_validate(config.rules)
    return improvable(session, shop.id, _MARKET, lambda listing, product: improve(listing, product, limits, rules))


diagnose = diagnosing(_improvable)
