"""What the week cost: coupons, which the merchant bears, and sending credit, which PRO tops up (source: 000)."""

from datetime import date

from sqlalchemy.orm import Session

from backend.coupons.costs import cost_report
from backend.coupons.usage import uses_between
from backend.customers.credit import balances, moved_between
from backend.kit.weeks import Week
from backend.operations.periods import ends_after, starts_on
from backend.reports.schemas import CostOfWeek, CouponOfWeek, CreditOfWeek, DayCost, MonthOutlook


def cost_of(session: Session, shop_id: str, week: Week, today: date) -> CostOfWeek:
    """Used in the week; what is outstanding and the outlook on the month are as of now."""
    last = min(week.sunday, today)
    told = cost_report(session, shop_id, week.monday, last)
    uses = uses_between(session, shop_id, week.monday, last)
    by_day = [[use.amount for use in uses if use.day == day] for day in week.days]
    return CostOfWeek(
        amount=told.used_amount, count=told.used_count,
        by_day=[DayCost(day=day, amount=sum(of), count=len(of)) for day, of in zip(week.days, by_day, strict=True)],
        by_coupon=[
            CouponOfWeek(coupon=row.coupon, made_by=row.made_by, amount=row.used_amount, count=row.used_count)
            for row in told.by_coupon
        ],
        outstanding_expected=told.outstanding.expected_amount, outstanding_max=told.outstanding.max_amount,
        outstanding_bounded=told.outstanding.bounded,
        outlook=MonthOutlook(
            month=told.forecast.month, used=told.forecast.formula.used_this_month, expected=told.forecast.amount,
            low=told.forecast.low, high=told.forecast.high, budget=told.monthly_budget,
        ),
    )  # fmt: skip


def credit_of(session: Session, shop_id: str, week: Week) -> list[CreditOfWeek]:
    moved = moved_between(session, shop_id, starts_on(week.monday), ends_after(week.sunday))
    return [
        CreditOfWeek(kind=kind, topped_up=moved[kind][0], used=moved[kind][1], left=now.balance, reserved=now.reserved)
        for kind, now in balances(session, shop_id).items()
    ]
