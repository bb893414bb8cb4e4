"""What people may wish of parcels: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import Wish, dicts

COURIER = st.sampled_from(["cj", "한진", "로젠택배", "x"])
NUMBER = st.sampled_from(["612345678901", "6123-4567-89", "12345678901", "=1+1", ""])
AN_ORDER = {"order_id": st.sampled_from(["@order", "@labelled_order", "20261118-0000071", "x"])}
PARCELS = {"shipment_id": st.sampled_from(["@parcel", "shp_shop_oneul_71", "x"])}

WISHES: dict[str, Wish] = {
    "invoice.register": dicts({
        "items": st.lists(dicts({"courier": COURIER, "tracking_no": NUMBER}, AN_ORDER | PARCELS), min_size=1, max_size=2),
    }),
    "invoice.change": dicts({}, {"courier": COURIER, "tracking_no": NUMBER} | AN_ORDER | PARCELS),
    "shipment.ship": dicts({}, {
        "shipment_ids": st.just(["@parcel"]), "order_ids": st.just(["@labelled_order"]), "all_labelled": st.booleans(),
    }),
    "shipment.deliver": dicts({"shipment_ids": st.sampled_from([["shp_shop_oneul_73"], ["@parcel"]])}),
    "labels.mark_printed": dicts({"order_ids": st.sampled_from([["@labelled_order"], ["@order"]])}),
}  # fmt: skip
OF_A_STRANGER = {
    "invoice.register": [{"items": "invoice_of_parcel"}, {"items": "invoice_of_order"}],
    "invoice.change": [
        {"shipment_id": "parcel", "tracking_no": "=612345678901"},
        {"order_id": "order", "tracking_no": "=612345678901"},
    ],
    "shipment.ship": [{"shipment_ids": "[parcel]"}, {"order_ids": "[order]"}],
    "shipment.deliver": [{"shipment_ids": "[parcel]"}, {"order_ids": "[order]"}],
    "labels.mark_printed": [{"shipment_ids": "[parcel]"}, {"order_ids": "[order]"}],
}
INVOICE = {"courier": "cj", "tracking_no": "612345678901"}
RIGHTS = {
    "invoice.register": ({"items": [{"order_id": "x", **INVOICE}]}, "orders:handle"),
    "invoice.change": ({"order_id": "order", **INVOICE}, "orders:handle"),
    "shipment.ship": ({"all_labelled": True}, "orders:handle"),
    "shipment.deliver": ({"order_ids": ["x"]}, "orders:handle"),
    "labels.mark_printed": ({"order_ids": ["x"]}, "orders:handle"),
}
