"""What people may wish of messages to customers: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import Wish, dicts

WISHES: dict[str, Wish] = {
    "customer_messages.stop": dicts({}, {"audience": st.sampled_from(["first_purchase", "win_back"])}),
}
OF_A_STRANGER = {"customer_messages.stop": None}
RIGHTS = {"customer_messages.stop": ({"audience": "win_back"}, "customer_messages:stop")}
