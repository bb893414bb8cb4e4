"""Listings of a market without a product, linked where it is certain; products the market lacks, exported (source: 000)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change, create
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing, ListingState
from backend.markets.put_back import is_restored, restored_creations, restored_values
from backend.operations.catalogue.market_linking.export import fits, listing_columns
from backend.operations.catalogue.market_linking.matching import Match, Rules, match_all, shelf
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.operations.looking import seen_once
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan"]


@dataclass(frozen=True)
class _Market:
    """What stands on one market against the own mall."""

    matches: list[Match]
    unlisted: list[Product]

    @property
    def sure(self) -> list[Match]:
        return [match for match in self.matches if match.product]

    @property
    def unsure(self) -> list[Match]:
        return [match for match in self.matches if not match.product]


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """Certain matches, the next products to export, then what only the merchant can tell: told, never guessed."""
    if market is None:
        return []
    seen = _look(session, shop.id, market, Rules.model_validate(config.rules))
    exports = [
        Finding(
            "product_not_on_market", "product", product.id, product.name, {"market": market.value, "code": product.code}
        )
        for product in islice(_sendable(seen.unlisted, market), config.per_run_limit or None)
    ]
    return [_told(match, market) for match in seen.sure] + exports + [_told(match, market) for match in seen.unsure]


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """Matches first, then exports, at most `per_run_limit` together."""
    if market is None:
        return RunPlan([], {})
    seen = _look(session, shop.id, market, Rules.model_validate(config.rules))
    wanted = {(finding.target_type, finding.target_id) for finding in findings}
    links = [
        Change("listing", match.listing.id, "product_id", None, match.product.id, match.listing.title)
        for match in seen.sure
        if match.product and ("listing", match.listing.id) in wanted
    ]
    exports = [
        create("listing", listing_columns(product, market), product.name)
        for product in seen.unlisted
        if ("product", product.id) in wanted
    ]
    changes = [*links, *exports][: config.per_run_limit or None]
    linked = min(len(links), len(changes))
    return RunPlan(changes, {
        "code": "linked_when_certain", "market": market.value, "linked": linked, "exported": len(changes) - linked,
        "left": len(seen.sure) + len(seen.unlisted) - len(changes), "unsure": len(seen.unsure),
        "rules_version": limits_of(market).version,
    })  # fmt: skip


def _look(session: Session, shop_id: str, market: Market, rules: Rules) -> _Market:
    return seen_once(session, ("market", shop_id, market), lambda: _against_the_mall(session, shop_id, market, rules))


def _against_the_mall(session: Session, shop_id: str, market: Market, rules: Rules) -> _Market:
    listings = list(session.scalars(
        select(Listing)
        .where(Listing.shop_id == shop_id, Listing.market == market, Listing.state == ListingState.ON_MARKET)
        .order_by(Listing.market_product_no, Listing.id)
    ))  # fmt: skip
    products = list(session.scalars(select(Product).where(Product.shop_id == shop_id).order_by(Product.code)))
    listed = frozenset(listing.product_id for listing in listings if listing.product_id)
    alone = [listing for listing in listings if listing.product_id is None]
    matches = match_all(alone, shelf(products, listed, limits_of(market).title), rules) if alone else []
    put_back = restored_values(session, shop_id, "listing")
    unlinked = [match for match in matches if not is_restored(put_back, match.listing.id, "product_id", None)]
    return _Market(unlinked, _unlisted(session, shop_id, market, products, listed, matches))


def _unlisted(
    session: Session,
    shop_id: str,
    market: Market,
    products: list[Product],
    listed: frozenset[str],
    matches: list[Match],
) -> list[Product]:
    """On sale, not on the market under any listing, certain or not, and not an export the merchant put back."""
    made = restored_creations(session, shop_id, "listing").values()
    held = {columns["product_id"] for columns in made if columns["market"] == market.value}
    held |= {product.id for match in matches for product in match.candidates} | listed
    return [product for product in products if product.status is SaleStatus.ON_SALE and product.id not in held]


def _sendable(products: list[Product], market: Market) -> Iterator[Product]:
    """Those of whose name the market takes something; asked one by one, for a large shop exports a few a run."""
    return (product for product in products if fits(listing_columns(product, market)["title"], market))


def _told(match: Match, market: Market) -> Finding:
    evidence = {"market": market.value, "market_product_no": match.listing.market_product_no, **match.evidence}
    return Finding(match.code, "listing", match.listing.id, match.listing.title, evidence)
