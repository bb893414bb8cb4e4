"""What coupons cost: used so far, still open, and by the end of the month (source: 000, the merchant bears it)."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from backend.coupons.forecast import WINDOW_DAYS, forecast, month_start
from backend.coupons.models import CouponMaker, CouponPolicy
from backend.coupons.outstanding import outstanding
from backend.coupons.schemas import CostReport, CouponCost, MakerCost
from backend.coupons.service import coupons_of, effective_state
from backend.coupons.usage import uses_between
from backend.errors import InvalidInput
from backend.kit import clock

LONGEST_PERIOD = timedelta(days=366)
YEARS = (2000, 2100)


def cost_report(session: Session, shop_id: str, first: date | None = None, last: date | None = None) -> CostReport:
    """Used between two Seoul days, both inclusive (this month so far by default); the rest as of now.

    Raises InvalidInput `period_invalid` when the days are reversed, more than a year apart or of another age.
    """
    today = clock.today()
    last = last or (first and max(first, today)) or today
    first = first or month_start(last)
    if last < first or last - first > LONGEST_PERIOD or not (YEARS[0] <= first.year <= last.year <= YEARS[1]):
        raise InvalidInput(
            "the period is reversed or too long",
            code="period_invalid", **{"from": first.isoformat(), "to": last.isoformat()},
        )  # fmt: skip
    coupons = coupons_of(session, shop_id)
    uses = uses_between(session, shop_id, first, last)
    amounts: dict[str, int] = {}
    counts: dict[str, int] = {}
    for use in uses:
        amounts[use.coupon_id] = amounts.get(use.coupon_id, 0) + use.amount
        counts[use.coupon_id] = counts.get(use.coupon_id, 0) + 1
    by_coupon = [
        CouponCost(
            coupon_id=coupon.id, coupon=coupon.name, made_by=coupon.made_by, state=effective_state(coupon),
            used_amount=amounts[coupon.id], used_count=counts[coupon.id],
        )
        for coupon in coupons
        if coupon.id in amounts
    ]  # fmt: skip
    recent_from = min(month_start(today), today - timedelta(days=WINDOW_DAYS))
    policy = session.get(CouponPolicy, shop_id)
    return CostReport(
        first=first, to=last, used_amount=sum(amounts.values()), used_count=len(uses),
        by_maker={maker: _of_maker(by_coupon, maker) for maker in CouponMaker},
        monthly_budget=policy.monthly_budget if policy else None,
        by_coupon=sorted(by_coupon, key=lambda row: (-row.used_amount, row.coupon_id)),
        outstanding=outstanding(session, shop_id, coupons),
        forecast=forecast(session, shop_id, coupons, uses_between(session, shop_id, recent_from, today)),
    )  # fmt: skip


def _of_maker(rows: list[CouponCost], maker: CouponMaker) -> MakerCost:
    own = [row for row in rows if row.made_by is maker]
    return MakerCost(amount=sum(row.used_amount for row in own), count=sum(row.used_count for row in own))
