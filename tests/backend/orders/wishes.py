"""What people may wish of orders: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import DAYS, PRODUCT, SAID, Wish, dicts

ORDER = st.sampled_from(["@order", "@order_beside", "@order_held", "@order_number", "ord_none"])
ORDERS = st.lists(ORDER, min_size=1, max_size=3, unique=True)
ITEM = st.sampled_from(["@order_item", "@gift_item"])
LINES = st.lists(
    st.sampled_from(["@order_line", "@order_line_beside", "@unmatched_line"]), min_size=1, max_size=3, unique=True
)
PIECE = dicts({"line_id": st.sampled_from(["@order_line", "@order_line_beside"])}, {"quantity": st.integers(1, 4)})

WISHES: dict[str, Wish] = {
    "order.match": dicts({"item_id": ITEM}, {"line_ids": LINES, "remember": st.booleans()}),
    "orders.rematch": dicts({}),
    "order.allocate": dicts({"order_ids": ORDERS}) | dicts({"all": st.just(True)}),
    "order.deallocate": dicts({"order_ids": ORDERS}, {"hold": st.booleans()}) | dicts({"shipment_id": st.just("@parcel")}),
    "order.hold": dicts({"order_id": ORDER}, {"reason": SAID}) | dicts({"shipment_id": st.just("@parcel")}),
    "order.release": dicts({"order_id": ORDER}),
    "order.merge_lock": dicts({"order_id": ORDER, "forbidden": st.booleans()}),
    "order.merge": dicts({"order_ids": ORDERS}, {"shipment_ids": st.just(["@parcel"])}),
    "order.split": dicts({"lines": st.lists(PIECE, min_size=1, max_size=2)}),
    "order.remove": dicts({"order_id": ORDER}),
    "order.restore": dicts({"order_id": ORDER}),
    "order.note": dicts({"order_id": ORDER, "text": SAID}),
    "gift_rule.create": dicts({"name": SAID, "item_id": ITEM}, {
        "quantity": st.integers(0, 3), "min_amount": st.integers(-1, 99_999), "product_ids": st.lists(PRODUCT, max_size=2),
        "starts_on": DAYS, "ends_on": DAYS,
    }),
    "gift_rule.stop": dicts({"rule_id": st.just("@gift_rule")}),
}  # fmt: skip
STAYS = frozenset({"order_lines", "shipments", "line_matches", "gift_rules", "order_notes"})
OF_A_STRANGER = {
    "order.match": [
        {"line_ids": "[order_line]", "item_id": "own:order_item"},
        {"line_ids": "[own:order_line]", "item_id": "order_item"},
    ],
    "orders.rematch": None,
    "order.allocate": [{"order_ids": "[order]"}],
    "order.deallocate": [{"order_ids": "[order]"}, {"shipment_id": "parcel"}],
    "order.hold": [{"order_id": "order"}, {"shipment_id": "parcel"}],
    "order.release": [{"order_id": "order_held"}, {"shipment_id": "parcel"}],
    "order.merge_lock": [{"order_id": "order", "forbidden": "=true"}],
    "order.merge": [{"order_ids": "[own:order,order]"}, {"shipment_ids": "[own:parcel,parcel]"}],
    "order.split": [{"lines": "pieces"}],
    "order.remove": [{"order_id": "order"}],
    "order.restore": [{"order_id": "order"}],
    "order.note": [{"order_id": "order", "text": "=x"}],
    "gift_rule.create": [
        {"name": "=x", "item_id": "gift_item"},
        {"name": "=x", "item_id": "own:gift_item", "product_ids": "[product]"},
    ],
    "gift_rule.stop": [{"rule_id": "gift_rule"}],
}
RIGHTS = {
    "order.match": ({"item_id": "order_item", "line_ids": ["x"]}, "orders:handle"),
    "orders.rematch": ({}, "orders:handle"),
    "order.allocate": ({"all": True}, "orders:handle"),
    "order.deallocate": ({"shipment_id": "parcel"}, "orders:handle"),
    "order.hold": ({"order_id": "order"}, "orders:handle"),
    "order.release": ({"order_id": "order_held"}, "orders:handle"),
    "order.merge_lock": ({"order_id": "order", "forbidden": True}, "orders:handle"),
    "order.merge": ({"order_ids": ["x"]}, "orders:handle"),
    "order.split": ({"lines": [{"line_id": "x"}]}, "orders:handle"),
    "order.remove": ({"order_id": "order"}, "orders:handle"),
    "order.restore": ({"order_id": "order"}, "orders:handle"),
    "order.note": ({"order_id": "order", "text": "x"}, "orders:handle"),
    "gift_rule.create": ({"name": "x", "item_id": "gift_item"}, "orders:handle"),
    "gift_rule.stop": ({"rule_id": "gift_rule"}, "orders:handle"),
}
