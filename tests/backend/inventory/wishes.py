"""What people may wish of stock: see tests/backend/plans/every_wish.py."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.backend.plans.said import Wish, dicts

ITEMS = st.sampled_from(["@item", "@item_2", "@item_3"])
PIECES = st.integers(1, 12)
DAYS = st.integers(-1, 40).map(lambda n: (date(2026, 11, 18) + timedelta(days=n)).isoformat())
NAMES = st.sampled_from(["샘플", "촬영용", "$now", "위탁 입고"])


def _lines(**numbers: st.SearchStrategy[int]) -> st.SearchStrategy[list[dict[str, Any]]]:
    line = st.one_of(*(dicts({"item_id": ITEMS, name: number}) for name, number in numbers.items()))
    return st.lists(line, min_size=1, max_size=3)


#: "@name" stands for the id of that thing of the shop
WISHES: dict[str, Wish] = {
    "stock.adjust": dicts({"way": st.sampled_from(["receive", "issue"]), "lines": _lines(quantity=PIECES)}, {"note": NAMES})
    | dicts({"way": st.just("issue"), "lines": _lines(quantity=PIECES), "type_id": st.just("@movement_type")})
    | dicts({"way": st.just("correct"), "lines": _lines(to=st.integers(0, 30), by=st.integers(-12, 12))}),
    "stock.import": dicts({"import_id": st.just("@stock_import")}, {"skip_bad": st.booleans()}),
    "inbound.create": dicts({"lines": _lines(quantity=PIECES), "due_on": DAYS}, {"supplier_id": st.just("@supplier"), "note": NAMES}),
    "inbound.receive": dicts({"inbound_id": st.just("@inbound")}, {"quantity": st.integers(1, 25)}),
    "inbound.change": dicts(
        {"inbound_id": st.just("@inbound")},
        {"due_on": DAYS, "quantity": st.integers(1, 30), "cancel": st.booleans(), "note": NAMES},
    ),
    "item.update": dicts({"item_ids": st.lists(ITEMS, min_size=1, max_size=3)}, {
        "safety": st.integers(0, 9), "location": st.sampled_from(["", "A-1-1"]), "cost": st.integers(0, 9000),
        "barcode": st.sampled_from(["", "2000000000015", "2000000000016", "ABC-1"]), "hs_code": st.sampled_from(["", "6110.20", "x"]),
        "origin_country": st.sampled_from(["", "kr", "KOR"]), "english_name": NAMES, "weight_g": st.integers(0, 900),
        "tags": st.sampled_from([[], ["신상"]]), "supplier_id": st.sampled_from(["", "@supplier"]),
    }),
    "item.remove": dicts({"item_ids": st.lists(ITEMS, min_size=1, max_size=3)}),
    "items.sync": dicts({}, {"product_ids": st.sampled_from([["@product"], ["prd_oneul_02", "prd_oneul_03"]])}),
    "barcode.assign": dicts({}, {"item_ids": st.lists(ITEMS, min_size=1, max_size=3)}),
    "movement_type.create": dicts({"name": NAMES, "direction": st.sampled_from(["in", "out"])}),
    "movement_type.change": dicts({"type_id": st.just("@movement_type")}, {"name": NAMES, "active": st.booleans()}),
}  # fmt: skip
LEDGER = "stock_movements"
#: lines of the ledger, and what stays in the books out of service
STAYS = frozenset({LEDGER, "stock_items", "inbounds", "movement_types"})
OF_A_STRANGER = {
    "stock.adjust": [
        {"way": "=receive", "lines": "lines:quantity:item"},
        {"way": "=correct", "lines": "lines:to:item"},
        {"way": "=issue", "lines": "lines:quantity:own:item", "type_id": "movement_type"},
    ],
    "stock.import": [{"import_id": "stock_import"}],
    "inbound.create": [
        {"lines": "lines:quantity:item", "due_on": "=2026-12-01"},
        {"lines": "lines:quantity:own:item", "due_on": "=2026-12-01", "supplier_id": "supplier"},
    ],
    "inbound.receive": [{"inbound_id": "inbound"}],
    "inbound.change": [{"inbound_id": "inbound", "cancel": "=true"}],
    "item.update": [
        {"item_ids": "list:item", "safety": "=1"},
        {"item_ids": "list:own:item", "supplier_id": "supplier"},
    ],
    "item.remove": [{"item_ids": "list:item"}],
    "items.sync": [{"product_ids": "list:product"}],
    "movement_type.create": None,
    "movement_type.change": [{"type_id": "movement_type", "active": "=false"}],
    "barcode.assign": [{"item_ids": "list:item"}],
}
ONE_LINE = [{"item_id": "itm_oneul_1", "quantity": 1}]
RIGHTS = {
    "stock.adjust": ({"way": "receive", "lines": ONE_LINE}, "stock:move"),
    "stock.import": ({"import_id": "stock_import"}, "stock:move"),
    "inbound.create": ({"lines": ONE_LINE, "due_on": "2026-12-01"}, "stock:move"),
    "inbound.receive": ({"inbound_id": "inbound"}, "stock:move"),
    "inbound.change": ({"inbound_id": "inbound", "cancel": True}, "stock:move"),
    "item.update": ({"item_ids": ["itm_oneul_1"], "safety": 9}, "stock:move"),
    "item.remove": ({"item_ids": ["itm_oneul_1"]}, "stock:move"),
    "items.sync": ({}, "stock:move"),
    "barcode.assign": ({}, "stock:move"),
    "movement_type.create": ({"name": "x", "direction": "in"}, "inventory_settings:change"),
    "movement_type.change": ({"type_id": "movement_type", "active": False}, "inventory_settings:change"),
}
