"""Every route of the product, by what a caller can name there; a route that is not listed here fails test_strangers.py."""

import re
from typing import Any

from fastapi.testclient import TestClient

from backend.app import create_app
from backend.kit.weeks import week_of
from tests.backend.conftest import NOW

#: routes that name one thing of a shop: what of the other shop is put there
NAMED = {
    "GET /api/plans/{plan_id}": "plan",
    "POST /api/plans/{plan_id}/confirm": "plan",
    "POST /api/plans/{plan_id}/discard": "plan",
    "GET /api/operations/runs/{run_id}": "run",
    "GET /api/work-requests/{number}": "number",
    "GET /api/inquiries/{inquiry_id}": "inquiry",
    "GET /api/markets/collections/{collection_id}": "collection",
    "POST /api/work-requests/{number}/comments": "number",
    "GET /api/inventory/items/{item_id}": "item",
    "GET /api/inventory/items/{item_id}/movements": "item",
    "GET /api/inventory/imports/{import_id}": "stock_import",
    "GET /api/inventory/imports/{import_id}/rows": "stock_import",
    "GET /api/inventory/imports/{import_id}/results": "stock_import",
    "POST /api/inventory/barcodes": "item",
    "GET /api/orders/{order_id}": "order",
    "GET /api/orders/{order_id}/explain": "order",
    "GET /api/shipping/parcels/{shipment_id}": "parcel",
    "GET /api/claims/{claim_id}": "claim",
    "GET /api/purchasing/orders/{purchase_id}": "purchase",
    "GET /api/purchasing/orders/{purchase_id}/sheet": "purchase",
}
#: routes that tell of the whole shop, with the things of the other shop they can be asked about
WHOLE = {
    "GET /api/me": {},
    "GET /api/operations": {},
    "GET /api/operations/runs": {"product_id": "product"},
    "GET /api/operations/latest-run": {"product_id": "product"},
    "GET /api/operations/explain": {"product_id": "product"},
    "GET /api/operations/gate": {},
    "GET /api/operations/schedule": {},
    "GET /api/operations/off": {"ended": "product"},
    "GET /api/setup": {},
    "POST /api/setup/{key}/check": {},
    "GET /api/display": {},
    "GET /api/display/next": {"group": "group"},
    "GET /api/products": {"query": "product"},
    "GET /api/products/find": {"text": "product"},
    "GET /api/coupons": {},
    "GET /api/coupons/costs": {},
    "GET /api/markets": {},
    "GET /api/markets/listings": {},
    "GET /api/markets/feeds": {},
    "GET /api/markets/collections": {},
    "GET /api/markets/commands": {},
    "GET /api/work-requests/catalog": {},
    "GET /api/work-requests": {},
    "GET /api/deals": {},
    "GET /api/customer-messages": {},
    "GET /api/addon-credit": {},
    "GET /api/inquiries": {},
    "GET /api/reports/weekly": {},
    "GET /api/reports/weekly/{monday}": {},
    "GET /api/reports/weekly/{monday}/page": {},
    "GET /api/inquiries/find": {"text": "product"},
    "GET /api/customer-messages/summary": {},
    "GET /api/inventory/settings": {},
    "GET /api/inventory/settings/find": {"text": "product"},
    "GET /api/inventory/settings/{setting}": {},
    "GET /api/inventory/reset": {},
    "GET /api/inventory/items": {"text": "item", "product_id": "product", "supplier_id": "supplier"},
    "GET /api/inventory/items/find": {"text": "item", "product_id": "product"},
    "GET /api/inventory/low": {},
    "GET /api/inventory/movements": {"product_id": "product"},
    "GET /api/inventory/inbounds": {"item_id": "item", "product_id": "product"},
    "GET /api/inventory/suppliers": {},
    "GET /api/inventory/movement-types": {},
    "GET /api/inventory/imports/template": {},
    "GET /api/orders": {
        "text": "order_number",
        "order_no": "order_number",
        "product": "their_name",
        "buyer": "their_name",
    },
    "GET /api/orders/find": {"text": "order_number"},
    "GET /api/orders/unmatched": {},
    "GET /api/orders/stuck": {},
    "GET /api/orders/mergeable": {},
    "GET /api/orders/gift-rules": {},
    "GET /api/shipping/couriers": {},
    "GET /api/shipping/parcels": {"text": "parcel"},
    "GET /api/shipping/delayed": {},
    "GET /api/shipping/labels": {"unprinted": "=true", "shipment_id": "parcel", "order_id": "order"},
    "GET /api/claims": {"order_id": "order", "text": "order"},
    "GET /api/purchasing/shortages": {"supplier_id": "supplier"},
    "GET /api/purchasing/orders": {"supplier_id": "supplier"},
    "GET /api/overseas/countries": {},
    "GET /api/overseas/quote": {"country": "=JP", "order_id": "order"},
    "GET /api/inventory/imports/page": {},
}
#: lists that are handed in: what stands in them is looked for in the own shop only (tests/backend/shipping/test_pasted.py)
HANDED_IN = {"POST /api/shipping/invoices/read", "POST /api/shipping/invoices/read-file"}
#: of the whole shop as well, but no text: what it says is what the page says
AS_FILE = {"GET /api/reports/weekly/{monday}/pdf", "POST /api/inventory/imports"}
#: routes whose conversation is the token's own: there is nothing to name
OWN_CONVERSATION = {
    "POST /api/conversation/handoff", "GET /api/conversation/queue", "POST /api/conversation/rating",
    "POST /api/conversation/priority", "GET /api/conversation/hours", "POST /chat/messages", "GET /chat/messages",
    "GET /chat/events", "POST /chat/read", "POST /chat/handoff",
}  # fmt: skip
OPEN = {"GET /health", "GET /ready", "POST /chat/sessions", "POST /desk/login", "POST /desk/logout"}
PLAN = "POST /api/plans"
THIS_MONDAY = week_of(NOW.date()).monday.isoformat()

DESCRIBED = create_app().openapi()
ROUTES = {
    f"{method.upper()} {path}": op for path, methods in DESCRIBED["paths"].items() for method, op in methods.items()
}
DESK = {route for route in ROUTES if " /desk/" in route} - OPEN
CLOSED = sorted(ROUTES.keys() - OPEN)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(http: TestClient, route: str, token: str | None, path_value: str = "x", **given: Any) -> Any:
    method, path = route.split(" ")
    path = path.replace("{monday}", THIS_MONDAY).replace("{setting}", "allocation_basis")
    path = re.sub(r"\{\w+\}", path_value, path)
    assert "{" not in path
    headers = {"Idempotency-Key": "k", **(bearer(token) if token else {})}
    if route in ("GET /api/inventory/imports/template", "POST /api/inventory/imports"):
        given = {"params": {"kind": "receive"}}
    if route == "POST /api/inventory/barcodes":
        given = {"json": {"items": [{"item_id": path_value}]}}
    return http.request(method, path, headers=headers, **given)
