"""What people may wish of what is bought: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import DAYS, SAID, Wish, dicts

PURCHASE = {"purchase_order_id": st.sampled_from(["@purchase", "@draft_purchase", "PO20261118-01"])}
GOODS = st.sampled_from(["@goods", "@other_goods"])
ARRIVED = dicts({"item_id": st.just("@other_goods"), "quantity": st.integers(0, 20)})

WISHES: dict[str, Wish] = {
    "purchase_order.create": dicts({"supplier_id": st.just("@goods_supplier")}, {
        "due_on": DAYS, "note": SAID,
        "lines": st.lists(dicts({"item_id": GOODS, "quantity": st.integers(0, 9)}), max_size=2),
    }),
    "purchase_order.place": dicts(PURCHASE),
    "purchase_order.receive": dicts(PURCHASE, {"lines": st.lists(ARRIVED, max_size=1)}),
    "purchase_order.cancel": dicts(PURCHASE),
}  # fmt: skip
STAYS = frozenset({"purchase_orders", "purchase_order_lines"})
OF_A_STRANGER = {
    "purchase_order.create": [
        {"supplier_id": "supplier"},
        {"supplier_id": "own:goods_supplier", "lines": "line_of_item"},
    ],
    "purchase_order.place": [{"purchase_order_id": "purchase"}],
    "purchase_order.receive": [{"purchase_order_id": "purchase"}],
    "purchase_order.cancel": [{"purchase_order_id": "purchase"}],
}
RIGHTS = {
    "purchase_order.create": ({"supplier_id": "goods_supplier"}, "purchasing:write"),
    "purchase_order.place": ({"purchase_order_id": "purchase"}, "purchasing:write"),
    "purchase_order.receive": ({"purchase_order_id": "purchase"}, "purchasing:write"),
    "purchase_order.cancel": ({"purchase_order_id": "purchase"}, "purchasing:write"),
}
