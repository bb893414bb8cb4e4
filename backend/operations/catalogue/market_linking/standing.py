"""What stands on one market against the own mall: which listing is which product, and what the market lacks."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.gateway.registry import has_gateway
from backend.markets.limits import limits_of
from backend.markets.models import Listing, ListingState
from backend.markets.put_back import is_restored, restored_creations, restored_values
from backend.operations.catalogue.market_linking.export import fits, listing_columns
from backend.operations.catalogue.market_linking.matching import Match, Rules, match_all, shelf
from backend.operations.looking import seen_once
from backend.products.models import Product, SaleStatus

SHOWN = (ListingState.EXPORTING, ListingState.ON_MARKET)


@dataclass(frozen=True)
class Standing:
    """What stands on one market against the own mall. `unlisted` is what PRO exports by itself: on sale, and put back by
    nobody; `absent` is every product that has no listing there, certain or not."""

    matches: list[Match]
    unlisted: list[Product]
    absent: dict[str, Product]
    listed: frozenset[str]

    @property
    def sure(self) -> list[Match]:
        return [match for match in self.matches if match.product]

    @property
    def unsure(self) -> list[Match]:
        return [match for match in self.matches if not match.product]


def standing(session: Session, shop_id: str, market: Market, rules: Rules) -> Standing:
    return seen_once(session, ("market", shop_id, market), lambda: _against_the_mall(session, shop_id, market, rules))


def _against_the_mall(session: Session, shop_id: str, market: Market, rules: Rules) -> Standing:
    listings = list(session.scalars(
        select(Listing)
        .where(Listing.shop_id == shop_id, Listing.market == market, Listing.state.in_(SHOWN))
        .order_by(Listing.market_product_no, Listing.id)
    ))  # fmt: skip
    products = list(session.scalars(select(Product).where(Product.shop_id == shop_id).order_by(Product.code)))
    listed = frozenset(listing.product_id for listing in listings if listing.product_id)
    alone = [listing for listing in listings if listing.product_id is None]
    matches = match_all(alone, shelf(products, listed, limits_of(market).title), rules) if alone else []
    put_back = restored_values(session, shop_id, "listing")
    unlinked = [match for match in matches if not is_restored(put_back, match.listing.id, "product_id", None)]
    in_doubt = {product.id for match in matches for product in match.candidates}
    absent = {product.id: product for product in products if product.id not in listed | in_doubt}
    return Standing(unlinked, _unlisted(session, shop_id, market, absent), absent, listed)


def _unlisted(session: Session, shop_id: str, market: Market, absent: dict[str, Product]) -> list[Product]:
    """On sale, and not an export the merchant put back; none where nobody could be told (docs/decisions/0014)."""
    if not has_gateway(market):
        return []
    made = restored_creations(session, shop_id, "listing").values()
    held = {columns["product_id"] for columns in made if columns["market"] == market.value}
    return [product for product in absent.values() if product.status is SaleStatus.ON_SALE and product.id not in held]


def sendable(products: list[Product], market: Market) -> Iterator[Product]:
    """Those of whose name the market takes something; asked one by one, for a large shop exports a few a run."""
    return (product for product in products if fits(listing_columns(product, market)["title"], market))
