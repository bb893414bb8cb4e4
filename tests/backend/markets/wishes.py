"""What people may wish of markets: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import PRODUCT, SCOPE, Wish, dicts

WISHES: dict[str, Wish] = {
    "orders.collect": dicts({}, {"markets": st.lists(SCOPE["market"], max_size=3, unique=True)}),
    "market_command.retry": dicts({}, {"command_id": st.just("@market_command"), "market": SCOPE["market"]}),
    "listing.export": dicts({"market": SCOPE["market"]}, {"product_ids": st.lists(PRODUCT, max_size=2)}),
}
STAYS = frozenset({"listings"})
OF_A_STRANGER = {
    "orders.collect": None,
    "market_command.retry": [{"command_id": "market_command"}],
    "listing.export": [{"market": "=coupang", "product_ids": "list:product"}],
}
RIGHTS = {
    "orders.collect": ({}, "orders:handle"),
    "market_command.retry": ({}, "orders:handle"),
    "listing.export": ({"market": "coupang"}, "listings:export"),
}
