"""Listings of a market without a product, linked where it is certain; products the market lacks, exported (source: 000)."""

from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from backend.changes.change import Change, create
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.operations.catalogue.market_linking.export import listing_columns
from backend.operations.catalogue.market_linking.matching import Match, Rules
from backend.operations.catalogue.market_linking.standing import sendable, standing
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan"]


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """Certain matches, the next products to export, then what only the merchant can tell: told, never guessed."""
    if market is None:
        return []
    seen = standing(session, shop.id, market, Rules.model_validate(config.rules))
    exports = [
        Finding(
            "product_not_on_market", "product", product.id, product.name, {"market": market.value, "code": product.code}
        )
        for product in islice(sendable(seen.unlisted, market), config.per_run_limit or None)
    ]
    return [_told(match, market) for match in seen.sure] + exports + [_told(match, market) for match in seen.unsure]


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """Matches first, then exports, at most `per_run_limit` together."""
    if market is None:
        return RunPlan([], {})
    seen = standing(session, shop.id, market, Rules.model_validate(config.rules))
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


def _told(match: Match, market: Market) -> Finding:
    evidence = {"market": market.value, "market_product_no": match.listing.market_product_no, **match.evidence}
    return Finding(match.code, "listing", match.listing.id, match.listing.title, evidence)
