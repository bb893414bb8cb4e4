"""Representative pictures a market refuses or shows badly, drawn anew at its size on white; originals stay untouched."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.images.canvas import draw
from backend.images.look import UNREADABLE
from backend.images.store import is_kept, original_of, put
from backend.markets.codes import Market
from backend.markets.limits import ImageLimits, limits_of
from backend.operations.catalogue.thumbnail.examine import Rules, canvas_of, examine
from backend.operations.contract import Finding, OperationConfig, RunPlan, place
from backend.operations.listing_work import Improvable, choose, findings_of, improvable
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan", "prepare"]

log = logging.getLogger(__name__)


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding for each fault; a picture the merchant put back is left as it is."""
    return findings_of(_improvable(session, shop, place(market), config))


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """At most `per_run_limit` pictures; their files are drawn by `prepare`, under names that are known before."""
    where = place(market)
    limits = _limits(where)
    chosen = choose(_improvable(session, shop, where, config), findings, config.per_run_limit)
    return RunPlan(
        chosen.changes,
        {
            "code": "market_picture_size", "market": where.value, "side": limits.advised_px, "min_px": limits.min_px,
            "max_mb": limits.max_mb, "rules_version": limits_of(where).version, **chosen.counts,
        },
    )  # fmt: skip


def prepare(market: Market | None, changes: Sequence[Change], config: OperationConfig) -> list[Change]:
    """Draw what the changes will point to, and return those that could be drawn; a broken original holds up no other."""
    canvas = canvas_of(_limits(place(market)), Rules.model_validate(config.rules))
    ready = []
    for change in changes:
        if not is_kept(change.after):
            try:
                drawn = draw(original_of(change.after), canvas)
            except UNREADABLE:
                log.warning("the original of %s cannot be drawn", change.after)
                continue
            put(change.after, drawn)
        ready.append(change)
    return ready


def _improvable(session: Session, shop: Shop, market: Market, config: OperationConfig) -> list[Improvable]:
    limits, rules = _limits(market), Rules.model_validate(config.rules)
    return improvable(session, shop.id, market, lambda listing, product: examine(listing, product, limits, rules))


def _limits(market: Market) -> ImageLimits:
    limits = limits_of(market).image
    assert limits is not None
    return limits
