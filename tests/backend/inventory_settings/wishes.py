"""What people may wish of stock's settings: see tests/backend/plans/every_wish.py."""

from typing import Any

from hypothesis import strategies as st

from tests.backend.plans.said import SAID, Wish, dicts

RANGE = st.sampled_from(["63000-63644", "12345", "58800-58810 신안"]) | SAID
#: without those whose consequences stay when they are undone (stock promised, lines matched, markets told), as their
#: previews say: tests/backend/inventory_settings/behaviour
SETTINGS: dict[str, dict[str, Any]] = {
    "integrated_orders": {"value": st.booleans()},
    "allocation_basis": {"value": st.sampled_from(["current", "x"]), "reset": st.booleans()},
    "market_stock_basis": {
        "value": st.sampled_from(["mall", "arbitrary"]),
        "also": st.just([{"key": "market_stock_arbitrary", "value": 5}]),
    },
    "market_stock_arbitrary": {"value": st.integers(-1, 100_000)},
    "collection_excluded": {"add": SAID, "remove": SAID},
    "linked_couriers": {"add": st.sampled_from(["hanjin", "한진택배"]), "remove": st.just("cj")},
    "remote_areas": {"add": RANGE, "remove": RANGE},
    "disruption_regions": {"add": RANGE},
    "remote_area_marking": {"value": st.booleans()},
    "label_products": {"add": st.sampled_from(["barcode", "name", "x"]), "remove": st.just("name")},
    "label_forms": {"part": st.just({"cj": {"width": 100}}), "add": SAID},
    "delay_marking": {"part": dicts({}, {"on": st.booleans(), "days": st.integers(-1, 31)})},
    "barcode_form": {"part": dicts({}, {"width": st.floats(0, 300), "symbology": SAID})},
    "exchange_after_shipping": {"part": dicts({}, {"exchange_fee": st.integers(0, 200_000), "hold": st.booleans()})},
}

WISHES: dict[str, Wish] = {
    "inventory_setting.change": st.sampled_from(list(SETTINGS)).flatmap(
        lambda key: dicts({"key": st.just(key)}, dict(SETTINGS[key]))
    ),
    "accounts.refresh": dicts({}),
    "orders.reset": dicts({"phrase": st.sampled_from(["oneul 상점 주문 초기화", "other 상점 주문 초기화"]) | SAID}),
}
STAYS = frozenset({"inventory_settings", "suppliers", "market_accounts", "members"})
OF_A_STRANGER = {"inventory_setting.change": None, "accounts.refresh": None, "orders.reset": None}
RIGHTS = {
    "inventory_setting.change": ({"key": "integrated_orders", "value": False}, "inventory_settings:change"),
    "accounts.refresh": ({}, "inventory_settings:change"),
    # refused in words of its own
    "orders.reset": ({"phrase": "x"}, "reset_owner_only"),
}
