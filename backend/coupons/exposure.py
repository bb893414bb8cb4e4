"""The most a coupon can take off, in KRW; None when a percentage has no upper limit and no order says how much."""

from backend.coupons.models import Coupon, DiscountKind


def most_per_use(coupon: Coupon, order_amount: int | None = None) -> int | None:
    """One use; on an order of `order_amount` when that is known."""
    if coupon.kind is DiscountKind.AMOUNT:
        return coupon.value if order_amount is None else min(coupon.value, order_amount)
    if order_amount is None:
        return coupon.max_discount
    share = order_amount * coupon.value // 100
    return share if coupon.max_discount is None else min(share, coupon.max_discount)


def most_still_costs(coupon: Coupon) -> int | None:
    """All issued and unused ones together: they stay valid until the coupon's end (source: 000)."""
    each = most_per_use(coupon)
    return None if each is None else each * max(0, coupon.issued - coupon.used)
