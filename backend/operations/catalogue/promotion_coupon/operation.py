"""Promotion coupons: made where the orders show a reason, within the merchant's caps; the merchant bears them (source: 000)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change, create
from backend.changes.sentinels import SOURCE_ID
from backend.coupons.models import Coupon, CouponMaker, CouponState, DiscountKind
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.catalogue.promotion_coupon import evidence
from backend.operations.catalogue.promotion_coupon.caps import Caps, read_caps
from backend.operations.catalogue.promotion_coupon.off import when_off, when_on
from backend.operations.catalogue.promotion_coupon.rules import Rules
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.operations.periods import ends_after
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan", "when_off", "when_on"]
ROUND_TO = 1_000  # KRW, of the least order amount


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding for each audience the orders speak of, leaving out those that have a live coupon of PRO."""
    rules = Rules.model_validate(config.rules)
    orders = evidence.first_and_last_orders(session, shop.id, now)
    seen = {
        "first_purchase": ("few_first_buyers", evidence.few_first_buyers(orders, now, rules)),
        "win_back": ("lapsed_buyers", evidence.lapsed_buyers(orders, now, rules)),
        "cart": ("conversion_fell", evidence.conversion_fell(session, shop.id, clock.seoul(now).date(), rules)),
    }
    served = set(session.scalars(
        select(Coupon.audience)
        .where(Coupon.shop_id == shop.id, Coupon.made_by == CouponMaker.PRO)
        .where(Coupon.state == CouponState.LIVE, Coupon.ends_at > now)
    ))  # fmt: skip
    return [
        Finding(code, "audience", audience, audience, numbers)
        for audience, (code, numbers) in seen.items()
        if numbers and audience not in served and audience in rules.audiences
    ]


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """Each new coupon takes its expected cost off the month's budget; what does not fit is left out with its reason."""
    rules = Rules.model_validate(config.rules)
    order_amount = evidence.average_order(session, shop.id, now)
    caps = read_caps(session, shop.id, now, order_amount, rules)
    left, live = caps.left, caps.live
    changes: list[Change] = []
    skipped: list[dict[str, Any]] = []
    for finding in findings:
        coupon, cost = _coupon(finding, order_amount, caps, left, now, rules)
        code = (
            "per_run_limit" if config.per_run_limit and len(changes) >= config.per_run_limit
            else "max_live" if live >= caps.max_live
            else "budget" if coupon is None
            else None
        )  # fmt: skip
        if code or coupon is None:
            skipped.append({"audience": finding.target_id, "code": code})
            continue
        changes.append(create("coupon", coupon, coupon["name"]))
        left, live = left - cost, live + 1
    rule = {
        "code": "within_caps", "max_rate": caps.max_rate, "max_discount": caps.max_discount, "max_live": caps.max_live,
        "monthly_budget": caps.monthly_budget, "used": caps.used, "expected": caps.expected, "live": caps.live,
        "budget_left": caps.left, "expected_cost": caps.left - left, "bearer": "merchant", "skipped": skipped,
    }  # fmt: skip
    return RunPlan(changes, rule)


def _coupon(
    finding: Finding, order_amount: int, caps: Caps, left: int, now: datetime, rules: Rules
) -> tuple[dict[str, Any] | None, int]:
    """The new row's columns and its expected cost (KRW); None when fewer than `min_issue` fit."""
    audience = rules.audiences[finding.target_id]
    rate, most = min(audience.rate, caps.max_rate), min(audience.max_discount, caps.max_discount)
    least = int(order_amount * rules.min_order_share) // ROUND_TO * ROUND_TO
    each = min(max(order_amount, least) * rate // 100, most)
    if each <= 0:
        return None, 0
    affordable = int(max(left, 0) / (audience.use_rate * each))
    issue = min(finding.evidence["size"], affordable)
    if issue < rules.min_issue:
        return None, 0
    last_day = clock.seoul(now).date() + timedelta(days=rules.days_valid - 1)
    columns = {
        "name": audience.name.format(rate=rate), "made_by": CouponMaker.PRO.value, "run_id": SOURCE_ID,
        "audience": finding.target_id, "kind": DiscountKind.RATE.value, "value": rate, "max_discount": most,
        "min_order": least, "state": CouponState.LIVE.value, "starts_at": now.isoformat(),
        "ends_at": ends_after(last_day).isoformat(), "issue_limit": issue,
    }  # fmt: skip
    return columns, round(issue * audience.use_rate * each)
