"""What people may wish of claims: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import SAID, Wish, dicts
from tests.backend.shipping.wishes import AN_ORDER

A_LINE = st.sampled_from(["@line", "@sent_line", "x"])
CLAIM = {"claim_id": st.just("@claim")}
OUTCOMES = dicts({}, {k: st.integers(-1, 2) for k in ("restock", "defective", "quarantine")})

WISHES: dict[str, Wish] = {
    "order.cancel": dicts({"line_id": A_LINE}, {"quantity": st.integers(0, 3), "reason": SAID}) | dicts(AN_ORDER),
    "order.return": dicts({"line_id": A_LINE}, {"quantity": st.integers(0, 3), "reason": SAID}),
    "order.exchange": dicts(
        {"line_id": A_LINE, "item_id": st.sampled_from(["@goods", "@other_goods"])}, {"quantity": st.integers(0, 3)}
    ),
    "claim.accept": dicts(CLAIM),
    "claim.reject": dicts(CLAIM, {"reason": SAID}),
    "claim.withdraw": dicts(CLAIM, {"reason": SAID}),
    "claim.collect": dicts(CLAIM, {"pickup_courier": SAID, "pickup_tracking_no": SAID}),
    "claim.inspect": dicts(CLAIM | {"outcomes": OUTCOMES}),
    "claim.finish": dicts(CLAIM),
}
STAYS = frozenset({"claims"})
OF_A_STRANGER = {
    "order.cancel": [{"order_id": "order"}, {"line_id": "line"}],
    "order.return": [{"line_id": "line"}],
    "order.exchange": [{"line_id": "line", "item_id": "own:goods"}, {"line_id": "own:line", "item_id": "goods"}],
    "claim.accept": [{"claim_id": "claim"}],
    "claim.reject": [{"claim_id": "claim"}],
    "claim.withdraw": [{"claim_id": "claim"}],
    "claim.collect": [{"claim_id": "claim"}],
    "claim.inspect": [{"claim_id": "claim", "outcomes": "no_outcomes"}],
    "claim.finish": [{"claim_id": "claim"}],
}
RIGHTS = {
    "order.cancel": ({"order_id": "order"}, "orders:claim"),
    "order.return": ({"line_id": "line"}, "orders:claim"),
    "order.exchange": ({"line_id": "line", "item_id": "goods"}, "orders:claim"),
    "claim.accept": ({"claim_id": "claim"}, "orders:claim"),
    "claim.reject": ({"claim_id": "claim"}, "orders:claim"),
    "claim.withdraw": ({"claim_id": "claim"}, "orders:claim"),
    "claim.collect": ({"claim_id": "claim"}, "orders:claim"),
    "claim.inspect": ({"claim_id": "claim", "outcomes": {}}, "orders:claim"),
    "claim.finish": ({"claim_id": "claim"}, "orders:claim"),
}
