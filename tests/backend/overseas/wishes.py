"""What people may wish of overseas rates: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import Wish, dicts

WISHES: dict[str, Wish] = {
    "overseas_rate.change": dicts({"country": st.sampled_from(["JP", "미국", "x"])}, {
        "served": st.booleans(), "days_min": st.integers(-1, 9), "days_max": st.integers(0, 9),
        "fees": st.lists(st.tuples(st.integers(0, 900), st.integers(0, 9)), max_size=2), "reset": st.booleans(),
    }),
}  # fmt: skip
STAYS = frozenset({"overseas_rates"})
OF_A_STRANGER = {"overseas_rate.change": None}
RIGHTS = {"overseas_rate.change": ({"country": "JP", "served": False}, "inventory_settings:change")}
