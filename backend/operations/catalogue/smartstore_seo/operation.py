"""SmartStore listings whose search fields are empty or broken, and exactly what each gets."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing
from backend.markets.put_back import is_restored, restored_values
from backend.operations.catalogue.smartstore_seo.improve import Better, Rules, improve
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan"]

_MARKET = Market.SMARTSTORE


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding a field; a field the merchant put back is left as it is."""
    return [
        Finding(
            better.code, "listing", listing.id, product.name,
            {"field": better.field, "before": better.before, "after": better.after, **better.evidence},
        )
        for listing, product, betters in _improvable(session, shop, config)
        for better in betters
    ]  # fmt: skip


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """All fields of a listing together, at most `per_run_limit` listings."""
    wanted = list(dict.fromkeys(finding.target_id for finding in findings))
    current = {listing.id: (product, betters) for listing, product, betters in _improvable(session, shop, config)}
    ready = [target_id for target_id in wanted if target_id in current]
    chosen = ready[: config.per_run_limit or None]
    changes = [
        Change("listing", target_id, better.field, better.before, better.after, product.name)
        for target_id, (product, betters) in ((target_id, current[target_id]) for target_id in chosen)
        for better in betters
    ]
    limits = limits_of(_MARKET)
    assert limits.tags and limits.page
    return RunPlan(
        changes,
        {
            "code": "search_fields_from_attributes", "market": _MARKET.value, "max_tags": limits.tags.max_count,
            "page_title": limits.page.title_max, "page_description": limits.page.description_max,
            "rules_version": limits.version, "products": len(chosen), "left": len(ready) - len(chosen),
        },
    )  # fmt: skip


def _improvable(
    session: Session, shop: Shop, config: OperationConfig
) -> Iterator[tuple[Listing, Product, list[Better]]]:
    limits, rules = limits_of(_MARKET), Rules.model_validate(config.rules)
    restored = restored_values(session, shop.id, "listing")
    query = (
        select(Listing, Product)
        .join(Product, Product.id == Listing.product_id)
        .where(Listing.shop_id == shop.id, Product.shop_id == shop.id, Listing.market == _MARKET)
        .where(Product.status != SaleStatus.HIDDEN)
        .order_by(Product.code)
    )
    for listing, product in session.execute(query).tuples():
        betters = [
            better
            for better in improve(listing, product, limits, rules)
            if not is_restored(restored, listing.id, better.field, better.before)
        ]
        if betters:
            yield listing, product, betters
