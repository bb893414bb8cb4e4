"""What people may wish of markets: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import SCOPE, Wish, dicts

WISHES: dict[str, Wish] = {
    "orders.collect": dicts({}, {"markets": st.lists(SCOPE["market"], max_size=3, unique=True)}),
    "market_command.retry": dicts({}, {"command_id": st.just("@market_command"), "market": SCOPE["market"]}),
}
OF_A_STRANGER = {"orders.collect": None, "market_command.retry": [{"command_id": "market_command"}]}
RIGHTS = {"orders.collect": ({}, "orders:handle"), "market_command.retry": ({}, "orders:handle")}
