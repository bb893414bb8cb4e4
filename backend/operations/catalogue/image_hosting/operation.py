"""Markets whose listings show no pictures because the exposure service is not granted there; PRO grants it, free (source: 000)."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.changes.change import Change, create
from backend.changes.registry import to_json
from backend.changes.sentinels import NOW
from backend.kit.wording import wording
from backend.markets.codes import OPEN_MARKETS, Market
from backend.markets.hosting import HostingState, ImageHosting, hostings
from backend.markets.models import Listing, ListingState
from backend.markets.put_back import is_restored, restored_values
from backend.operations.catalogue.image_hosting.off import when_off
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan", "when_off"]


class Rules(BaseModel):
    """`monthly_fee`: KRW by market."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    monthly_fee: dict[Market, int] = Field(min_length=len(OPEN_MARKETS))


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding for the market; none without listings, and none where the merchant put the grant back."""
    if market is None or not (listings := _listings(session, shop.id, market)):
        return []
    row = hostings(session, shop.id, [market]).get(market)
    if row is not None and (row.state is not HostingState.ENDED or _left_to_the_merchant(session, row)):
        return []
    evidence: dict[str, Any] = {
        "market": market.value, "listings": listings,
        "monthly_fee": Rules.model_validate(config.rules).monthly_fee[market],
    }  # fmt: skip
    name = wording().name("market", market.value)
    if row is None:
        return [Finding("hosting_not_granted", "image_hosting", market.value, name, evidence)]
    evidence["ended_at"] = to_json(row.covers_until)
    return [Finding("hosting_ended", "image_hosting", row.id, name, evidence)]


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """One grant a finding; it holds as long as the market service is used."""
    changes = [change for finding in findings for change in _grant(session, finding)]
    saved = sum(finding.evidence["monthly_fee"] for finding in findings)
    return RunPlan(changes, {
        "code": "free_with_market_service", "market": market.value if market else None,
        "monthly_fee": saved, "listings": sum(finding.evidence["listings"] for finding in findings), "bearer": "pro",
    })  # fmt: skip


def _grant(session: Session, finding: Finding) -> list[Change]:
    fee, granted = finding.evidence["monthly_fee"], HostingState.GRANTED.value
    row = session.get(ImageHosting, finding.target_id)
    if row is None:
        columns = {
            "market": finding.evidence["market"], "state": granted, "granted_at": NOW,
            "covers_until": None, "monthly_fee_saved": fee,
        }  # fmt: skip
        return [create("image_hosting", columns, finding.label)]
    wished = {"state": granted, "granted_at": NOW, "covers_until": None, "monthly_fee_saved": fee}
    return [
        Change("image_hosting", row.id, name, before, after, finding.label)
        for name, after in wished.items()
        if (before := to_json(getattr(row, name))) != after
    ]


def _left_to_the_merchant(session: Session, row: ImageHosting) -> bool:
    restored = restored_values(session, row.shop_id, "image_hosting")
    return is_restored(restored, row.id, "state", row.state.value)


def _listings(session: Session, shop_id: str, market: Market) -> int:
    """Everything shown on the market, also what was registered there separately."""
    query = select(func.count()).where(
        Listing.shop_id == shop_id, Listing.market == market, Listing.state == ListingState.ON_MARKET
    )
    return session.scalar(query) or 0
