"""Product names that break a market's limits, and the exact name each gets instead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing
from backend.markets.put_back import is_restored, restored_values
from backend.operations.catalogue.product_name.improve import Improved, ProductFacts, improve
from backend.operations.contract import Finding, OperationConfig, RunPlan, place
from backend.operations.looking import seen_once
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop


class Rules(BaseModel):
    """`severity`: finding codes, the gravest first."""

    model_config = ConfigDict(extra="forbid")

    severity: tuple[str, ...]


@dataclass(frozen=True)
class _Name:
    target_type: str
    target_id: str
    field: str
    title: str
    product: Product


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding for each limit a name breaks; a name the merchant put back is not touched again."""
    rank = {code: index for index, code in enumerate(Rules.model_validate(config.rules).severity)}
    found: list[tuple[int, str, Finding]] = []
    for name, better in _improvable(session, shop, place(market)):
        weight = min(rank[code] for code, _ in better.reasons)
        for code, evidence in better.reasons:
            shared = {"market": place(market).value, "before": name.title, "after": better.title}
            finding = Finding(code, name.target_type, name.target_id, name.product.name, {**shared, **evidence})
            found.append((weight, name.product.code, finding))
    return [finding for _, _, finding in sorted(found, key=lambda one: one[:2])]


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """The new names in the findings' order, at most `per_run_limit` of them."""
    wanted = list(dict.fromkeys(finding.target_id for finding in findings))
    current = {name.target_id: (name, better) for name, better in _improvable(session, shop, place(market))}
    changes = [
        Change(name.target_type, name.target_id, name.field, name.title, better.title, name.product.name)
        for name, better in (current[target_id] for target_id in wanted if target_id in current)
    ]
    chosen = changes[: config.per_run_limit or None]
    limits = limits_of(place(market))
    return RunPlan(
        chosen,
        {
            "code": "market_name_rules", "market": limits.market.value, "limit": limits.title.max,
            "unit": limits.title.unit, "rules_version": limits.version,
            "products": len(chosen), "left": len(changes) - len(chosen),
        },
    )  # fmt: skip


def _improvable(session: Session, shop: Shop, market: Market) -> list[tuple[_Name, Improved]]:
    return seen_once(session, ("names", shop.id, market), lambda: list(_improved(session, shop, market)))


def _improved(session: Session, shop: Shop, market: Market) -> Iterator[tuple[_Name, Improved]]:
    limits = limits_of(market).title
    names = list(_names(session, shop, market))
    restored = restored_values(session, shop.id, "product" if market is Market.MALL else "listing")
    for name in names:
        if is_restored(restored, name.target_id, name.field, name.title):
            continue
        product = name.product
        better = improve(name.title, ProductFacts(product.brand, product.category, product.attributes), limits)
        if better.reasons:
            yield name, better


def _names(session: Session, shop: Shop, market: Market) -> Iterator[_Name]:
    """Names buyers can see: of products that are not hidden."""
    shown = (Product.shop_id == shop.id, Product.status != SaleStatus.HIDDEN)
    if market is Market.MALL:
        for product in session.scalars(select(Product).where(*shown).order_by(Product.code)):
            yield _Name("product", product.id, "name", product.name, product)
        return
    query = (
        select(Listing, Product)
        .join(Product, Product.id == Listing.product_id)
        .where(*shown, Listing.shop_id == shop.id, Listing.market == market)
        .order_by(Product.code)
    )
    for listing, product in session.execute(query).tuples():
        yield _Name("listing", listing.id, "title", listing.title, product)
