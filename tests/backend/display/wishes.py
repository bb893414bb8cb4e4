"""What people may wish of the display: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import PRODUCT, Wish, dicts

WISHES: dict[str, Wish] = {
    "display.pin": dicts(
        {"product_id": PRODUCT, "position": st.integers(-1, 3)}, {"group": st.sampled_from([2, "2", "@group"])}
    ),
    "display.unpin": dicts({"product_id": PRODUCT}),
}
OF_A_STRANGER = {
    "display.pin": [
        {"product_id": "product", "position": "=1"},
        {"product_id": "own:product", "position": "=1", "group": "group"},
    ],
    "display.unpin": [{"product_id": "product"}, {"product_id": "own:product", "group": "group"}],
}
RIGHTS = {
    "display.pin": ({"product_id": "product", "position": 1}, "display:pin"),
    "display.unpin": ({"product_id": "product"}, "display:pin"),
}
