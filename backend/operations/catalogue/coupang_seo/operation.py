"""Coupang listings whose search fields are empty or broken, and exactly what each gets."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.limits import TagLimits, limits_of
from backend.operations.catalogue.coupang_seo.improve import Rules, improve
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.operations.listing_work import Improvable, choose, diagnosing, improvable
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan"]

_MARKET = Market.COUPANG


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """All fields of a listing together, at most `per_run_limit` listings."""
    chosen = choose(_improvable(session, shop, config), findings, config.per_run_limit)
    limits = _limits()
    return RunPlan(
        chosen.changes,
        {
            "code": "keywords_from_attributes", "market": _MARKET.value, "max_keywords": limits.max_count,
            "max_length": limits.max_length, "rules_version": limits_of(_MARKET).version, **chosen.counts,
        },
    )  # fmt: skip


def _improvable(session: Session, shop: Shop, config: OperationConfig) -> list[Improvable]:
    limits, rules = _limits(), Rules.model_validate(config.rules)
    return improvable(session, shop.id, _MARKET, lambda listing, product: improve(listing, product, limits, rules))


def _limits() -> TagLimits:
    limits = limits_of(_MARKET).tags
    assert limits is not None
    return limits


diagnose = diagnosing(_improvable)
