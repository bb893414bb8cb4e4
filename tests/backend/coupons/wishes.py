"""What people may wish of coupons: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import Wish, dicts

WISHES: dict[str, Wish] = {"coupon.stop": dicts({"coupon_id": st.just("@coupon")})}
OF_A_STRANGER = {"coupon.stop": [{"coupon_id": "coupon"}]}
RIGHTS = {"coupon.stop": ({"coupon_id": "coupon"}, "coupons:stop")}
