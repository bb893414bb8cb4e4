"""The plan kind `listing.export`: products of the own mall put on a market, by the same path as PRO's own exports (source:
000, "[마켓 공통] 마켓 상품 연동")."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import NOW
from backend.errors import InvalidInput, NotFound, NothingToChange
from backend.markets.codes import Market
from backend.markets.feed_models import CommandState, MarketCommand
from backend.markets.gateway.registry import has_gateway
from backend.markets.linked import linked
from backend.markets.listed import newest_word
from backend.markets.models import AccountState, Listing, ListingState, MarketAccount
from backend.markets.notices import notice_of
from backend.markets.service import state_of
from backend.operations.catalogue.loader import operation_named
from backend.operations.catalogue.market_linking.export import fits, listing_columns
from backend.operations.catalogue.market_linking.matching import Rules
from backend.operations.catalogue.market_linking.standing import Standing, standing
from backend.plans.kinds import PlanKind, Proposal, register
from backend.products.models import Product, SaleStatus
from backend.products.service import product_named
from backend.shops.models import Shop

AT_ONCE = 50  # products of one wish; the rest with the next
NAMED = 5
Wanted = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Row = dict[str, Any]


class ExportParams(BaseModel):
    """`product_ids` are ids or codes; none: whatever is on sale and not on that market."""

    market: Market
    product_ids: Annotated[list[Wanted], Field(max_length=100)] = []


def propose(session: Session, actor: Actor, params: ExportParams) -> Proposal:
    """Raises InvalidInput `export_not_possible` (a market we cannot talk to) and `export_not_linked`, NotFound
    `product_not_found`, NothingToChange `nothing_to_export` with what stands in the way of how many."""
    actor.require(Permission.LISTINGS_EXPORT)
    market = params.market
    account = _account(session, actor, market)
    seen = standing(
        session, actor.shop_id, market, Rules.model_validate(operation_named("market_linking").config.rules)
    )
    chosen = _chosen(session, actor, params) or [*seen.unlisted, *_waiting(session, actor.shop_id, market)]
    again = _refused(session, actor.shop_id, market, chosen)
    ready = [product for product in chosen if _may_go(product, seen, market)]
    taken = ready[:AT_ONCE]
    if not taken and not again:
        raise NothingToChange("all of it is there", code="nothing_to_export", market=market.value, **_why(chosen, seen))
    changes = [create("listing", listing_columns(product, market), product.name) for product in taken]
    for command, product in again:
        changes += [
            Change("market_command", command.id, "state", command.state.value, CommandState.QUEUED.value, product.name),
            Change("market_command", command.id, "not_before", command.not_before.isoformat(), NOW, product.name),
        ]
    effects = _effects(market, taken, [product for _, product in again], len(ready) - len(taken))
    if state_of(account) is not AccountState.CONNECTED:
        effects.append(Effect("export_waits", {"market": market.value}))
    return Proposal(changes, effects)


def _account(session: Session, actor: Actor, market: Market) -> MarketAccount:
    fields = [{"field": "market", "problem": market.value}]
    if market is Market.MALL or not has_gateway(market):
        raise InvalidInput("nobody to talk to there", code="export_not_possible", market=market.value, fields=fields)
    shop = session.get_one(Shop, actor.shop_id)
    found = next((place.account for place in linked(session, shop) if place.market is market), None)
    if found is None:
        raise InvalidInput("not linked", code="export_not_linked", market=market.value, fields=fields)
    return found


def _chosen(session: Session, actor: Actor, params: ExportParams) -> list[Product]:
    found: dict[str, Product] = {}
    for wanted in params.product_ids:
        product = product_named(session, actor.shop_id, wanted)
        if product is None:
            raise NotFound("no such product in this shop", code="product_not_found", product=wanted)
        found[product.id] = product
    return list(found.values())


def _waiting(session: Session, shop_id: str, market: Market) -> Sequence[Product]:
    """Products of which the market has said nothing yet, or no."""
    query = select(Product).join(Listing, Listing.product_id == Product.id).where(
        Listing.shop_id == shop_id, Listing.market == market, Listing.state == ListingState.EXPORTING
    )  # fmt: skip
    return session.scalars(query.order_by(Product.code)).all()


def _refused(
    session: Session, shop_id: str, market: Market, chosen: Sequence[Product]
) -> list[tuple[MarketCommand, Product]]:
    """What the market would not take is told again, as the product is by now."""
    query = select(Listing).where(
        Listing.shop_id == shop_id, Listing.market == market, Listing.state == ListingState.EXPORTING,
        Listing.product_id.in_([product.id for product in chosen]),
    )  # fmt: skip
    words = {listing.product_id: newest_word(session, listing) for listing in session.scalars(query)}
    found = [(words.get(product.id), product) for product in chosen]
    return [(word, product) for word, product in found if word and word.state is CommandState.FAILED][:AT_ONCE]


def _may_go(product: Product, seen: Standing, market: Market) -> bool:
    free = product.id in seen.absent and product.status is SaleStatus.ON_SALE
    return free and fits(listing_columns(product, market)["title"], market)


def _why(chosen: Sequence[Product], seen: Standing) -> Row:
    """How many of those that were named are there already, not on sale, or perhaps there under another name."""
    left = [product for product in chosen if product.id not in seen.listed]
    return {
        "listed": len(chosen) - len(left), "off_sale": sum(product.status is not SaleStatus.ON_SALE for product in left),
        "in_doubt": sum(product.id not in seen.absent for product in left),
    }  # fmt: skip


def _effects(market: Market, taken: Sequence[Product], again: Sequence[Product], left: int) -> list[Effect]:
    effects = []
    if taken:
        told = {"names": [product.name for product in taken[:NAMED]], "count": len(taken), "left": left}
        effects.append(Effect("listings_exported", {"market": market.value, **told}))
    if again:
        told = {"names": [product.name for product in again[:NAMED]], "count": len(again)}
        effects.append(Effect("listings_told_again", {"market": market.value, **told}))
    lacking = [row for product in [*taken, *again] if (row := _lacks(product, market))["lacks"]]
    if lacking:
        effects.append(
            Effect("listings_lack", {"market": market.value, "rows": lacking[:NAMED], "count": len(lacking)})
        )
    return effects


def _lacks(product: Product, market: Market) -> Row:
    """What the market asks for and the own mall does not know of it."""
    held = {
        "category": listing_columns(product, market)["category_code"], "image": product.image,
        "notice": notice_of(product.category, product.attributes, market).told,
    }  # fmt: skip
    return {"product": product.name, "lacks": [name for name, value in held.items() if not value]}


register(PlanKind("listing.export", ExportParams, propose))
