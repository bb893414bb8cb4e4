"""What people may wish of stock, for the laws that hold for every plan kind."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

ITEMS = st.sampled_from(["@item", "@item_2", "@item_3"])
PIECES = st.integers(1, 12)
DAYS = st.integers(-1, 40).map(lambda n: (date(2026, 11, 18) + timedelta(days=n)).isoformat())
NAMES = st.sampled_from(["샘플", "촬영용", "$now", "위탁 입고"])


def _dicts(required: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional or {})


def _lines(**numbers: st.SearchStrategy[int]) -> st.SearchStrategy[list[dict[str, Any]]]:
    line = st.one_of(*(_dicts({"item_id": ITEMS, name: number}) for name, number in numbers.items()))
    return st.lists(line, min_size=1, max_size=3)


#: "@name" stands for the id of that thing of the shop
STOCK_WISHES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "stock.adjust": _dicts({"way": st.sampled_from(["receive", "issue"]), "lines": _lines(quantity=PIECES)}, {"note": NAMES})
    | _dicts({"way": st.just("issue"), "lines": _lines(quantity=PIECES), "type_id": st.just("@movement_type")})
    | _dicts({"way": st.just("correct"), "lines": _lines(to=st.integers(0, 30), by=st.integers(-12, 12))}),
    "stock.import": _dicts({"import_id": st.just("@stock_import")}, {"skip_bad": st.booleans()}),
    "inbound.create": _dicts({"lines": _lines(quantity=PIECES), "due_on": DAYS}, {"supplier_id": st.just("@supplier"), "note": NAMES}),
    "inbound.receive": _dicts({"inbound_id": st.just("@inbound")}, {"quantity": st.integers(1, 25)}),
    "inbound.change": _dicts(
        {"inbound_id": st.just("@inbound")},
        {"due_on": DAYS, "quantity": st.integers(1, 30), "cancel": st.booleans(), "note": NAMES},
    ),
    "item.update": _dicts({"item_ids": st.lists(ITEMS, min_size=1, max_size=3)}, {
        "safety": st.integers(0, 9), "location": st.sampled_from(["", "A-1-1"]), "cost": st.integers(0, 9000),
        "barcode": st.sampled_from(["", "2000000000015", "2000000000016", "ABC-1"]), "hs_code": st.sampled_from(["", "6110.20", "x"]),
        "origin_country": st.sampled_from(["", "kr", "KOR"]), "english_name": NAMES, "weight_g": st.integers(0, 900),
        "tags": st.sampled_from([[], ["신상"]]), "supplier_id": st.sampled_from(["", "@supplier"]),
    }),
    "item.remove": _dicts({"item_ids": st.lists(ITEMS, min_size=1, max_size=3)}),
    "items.sync": _dicts({}, {"product_ids": st.sampled_from([["@product"], ["prd_oneul_02", "prd_oneul_03"]])}),
    "barcode.assign": _dicts({}, {"item_ids": st.lists(ITEMS, min_size=1, max_size=3)}),
    "movement_type.create": _dicts({"name": NAMES, "direction": st.sampled_from(["in", "out"])}),
    "movement_type.change": _dicts({"type_id": st.just("@movement_type")}, {"name": NAMES, "active": st.booleans()}),
}  # fmt: skip
LEDGER = "stock_movements"
#: lines of the ledger, and what stays in the books out of service
STOCK_STAYS = frozenset({LEDGER, "stock_items", "inbounds", "movement_types"})
