"""What coupons will probably have cost by the end of this month."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt
from statistics import pstdev

from sqlalchemy.orm import Session

from backend.coupons.models import Coupon, CouponState
from backend.coupons.outstanding import largest_order, per_use_max
from backend.coupons.schemas import Forecast, ForecastFormula
from backend.coupons.service import effective_state, still_usable, unused
from backend.coupons.usage import Use
from backend.kit import clock

WINDOW_DAYS = 28
RANGE_Z = 1.28  # four in five


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def forecast(session: Session, shop_id: str, coupons: Sequence[Coupon], uses: Sequence[Use]) -> Forecast:
    """`uses` cover the last 28 whole days and this month up to now.

    A coupon goes on at its own daily average until the month or its period ends, and never gives more than it can.
    """
    today = clock.today()
    window = [today - timedelta(days=back) for back in range(1, WINDOW_DAYS + 1)]
    used = sum(use.amount for use in uses if use.day >= month_start(today))
    largest = largest_order(session, shop_id)
    more, average, capped, usable = 0.0, 0.0, False, [c for c in coupons if still_usable(c)]
    for coupon in usable:
        alive = [day for day in window if day >= clock.seoul(coupon.starts_at).date()]
        given = sum(use.amount for use in uses if use.coupon_id == coupon.id and use.day in set(alive))
        daily = given / len(alive) if alive else 0.0
        days = _days_left(coupon, today)
        limit = _can_still_give(coupon) * per_use_max(coupon, largest)
        average += daily
        capped = capped or daily * days > limit
        more += min(daily * days, limit)
    deviation = _deviation(uses, {coupon.id for coupon in usable}, window)
    remaining = (month_end(today) - today).days
    amount = used + round(more)
    spread = round(RANGE_Z * deviation * sqrt(remaining))
    ceiling = used + sum(_can_still_give(coupon) * per_use_max(coupon, largest) for coupon in usable)
    return Forecast(
        month=f"{today:%Y-%m}", amount=amount,
        low=max(used, amount - spread), high=max(amount, min(amount + spread, ceiling)),
        formula=ForecastFormula(
            used_this_month=used, remaining_days=remaining, window_days=WINDOW_DAYS,
            daily_average=round(average), daily_deviation=round(deviation), coupons=len(usable), capped=capped,
        ),
    )  # fmt: skip


def _days_left(coupon: Coupon, today: date) -> int:
    """Whole days after today on which it can still be used this month."""
    last = min(month_end(today), clock.seoul(coupon.ends_at).date())
    return max(0, (last - today).days)


def _can_still_give(coupon: Coupon) -> int:
    """Uses left: those issued, and what a live coupon may still issue."""
    new = coupon.issue_limit - coupon.issued if effective_state(coupon) is CouponState.LIVE else 0
    return unused(coupon) + max(0, new)


def _deviation(uses: Sequence[Use], coupon_ids: set[str], window: list[date]) -> float:
    by_day = dict.fromkeys(window, 0)
    for use in uses:
        if use.day in by_day and use.coupon_id in coupon_ids:
            by_day[use.day] += use.amount
    return pstdev(by_day.values())
