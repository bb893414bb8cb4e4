"""The backend as an action sees it: one method a question, plans for every change.

The shapes are the backend's own (`backend.*.schemas`); the contract test compares paths and methods with its OpenAPI.
"""

from typing import Any

from actions.client.caller import Json
from actions.client.http import call
from actions.client.orders import OrdersApi


class Backend(OrdersApi):
    """Acts as the member of one conversation, for the length of one turn."""

    async def me(self) -> Json:
        return await self._get("/api/me")

    # plans
    async def preview(self, kind: str, params: Json) -> Json:
        return await self._post(
            "/api/plans", {"kind": kind, "params": {k: v for k, v in params.items() if v is not None}}
        )

    async def confirm(self, plan_id: str, key: str) -> Json:
        return await call(self._token, "POST", f"/api/plans/{plan_id}/confirm", headers={"Idempotency-Key": key})

    async def discard(self, plan_id: str) -> Json:
        return await self._post(f"/api/plans/{plan_id}/discard")

    # operations
    async def operations(self) -> list[Json]:
        return await self._get("/api/operations")

    async def runs(self, **filters: Any) -> Json:
        return await self._get("/api/operations/runs", **filters)

    async def run(self, run_id: str) -> Json:
        return await self._get(f"/api/operations/runs/{run_id}")

    async def latest_run(self, **filters: Any) -> Json:
        return await self._get("/api/operations/latest-run", **filters)

    async def explain(self, **filters: Any) -> list[Json]:
        return await self._get("/api/operations/explain", **filters)

    async def gate(self, **filters: Any) -> list[Json]:
        return await self._get("/api/operations/gate", **filters)

    async def schedule(self, **filters: Any) -> Any:
        return await self._get("/api/operations/schedule", **filters)

    async def off_list(self) -> list[Json]:
        return await self._get("/api/operations/off")

    # the shop
    async def setup(self) -> list[Json]:
        return await self._get("/api/setup")

    async def check_setup(self, key: str) -> Json:
        return await self._post(f"/api/setup/{key}/check")

    async def display(self) -> Any:
        return await self._get("/api/display")

    async def next_display(self, **filters: Any) -> Any:
        return await self._get("/api/display/next", **filters)

    async def find_products(self, text: str) -> list[Json]:
        return await self._get("/api/products/find", text=text)

    async def coupons(self, **filters: Any) -> Any:
        return await self._get("/api/coupons", **filters)

    async def coupon_costs(self, **filters: Any) -> Json:
        return await self._get("/api/coupons/costs", **filters)

    async def deals(self, **filters: Any) -> list[Json]:
        return await self._get("/api/deals", **filters)

    async def addon_credit(self) -> Json:
        return await self._get("/api/addon-credit")

    async def message_summary(self, **filters: Any) -> Json:
        return await self._get("/api/customer-messages/summary", **filters)

    async def customer_messages(self, **filters: Any) -> Json:
        return await self._get("/api/customer-messages", **filters)

    async def inquiries(self, **filters: Any) -> Json:
        return await self._get("/api/inquiries", **filters)

    async def find_inquiries(self, text: str, market: str | None = None) -> list[Json]:
        return await self._get("/api/inquiries/find", text=text, market=market)

    async def inquiry(self, inquiry_id: str) -> Json:
        return await self._get(f"/api/inquiries/{inquiry_id}")

    async def markets(self) -> list[Json]:
        return await self._get("/api/markets")

    async def weekly_reports(self, **page: Any) -> Json:
        return await self._get("/api/reports/weekly", **page)

    async def weekly_report(self, monday: str) -> Json:
        return await self._get(f"/api/reports/weekly/{monday}")

    # stock
    async def stock_items(self, **filters: Any) -> Json:
        return await self._get("/api/inventory/items", **filters)

    async def find_stock_items(self, text: str, product_id: str | None = None) -> list[Json]:
        return await self._get("/api/inventory/items/find", text=text, product_id=product_id)

    async def stock_item(self, item_id: str) -> Json:
        return await self._get(f"/api/inventory/items/{item_id}")

    async def low_stock(self, **filters: Any) -> Json:
        return await self._get("/api/inventory/low", **filters)

    async def stock_movements(self, item_id: str | None = None, **filters: Any) -> Json:
        path = f"/api/inventory/items/{item_id}/movements" if item_id else "/api/inventory/movements"
        return await self._get(path, **filters)

    async def inbounds(self, **filters: Any) -> Json:
        return await self._get("/api/inventory/inbounds", **filters)

    async def movement_types(self) -> list[Json]:
        return await self._get("/api/inventory/movement-types")

    async def barcodes(self, items: list[Json]) -> Json:
        return await self._post("/api/inventory/barcodes", {"items": items})

    async def import_results(self, import_id: str) -> Json:
        return await self._get(f"/api/inventory/imports/{import_id}/results")

    async def import_page(self) -> Json:
        return await self._get("/api/inventory/imports/page")

    # settings of stock, orders and CS
    async def inventory_settings(self, **filters: Any) -> list[Json]:
        return await self._get("/api/inventory/settings", **filters)

    async def inventory_setting(self, key: str) -> Json:
        return await self._get(f"/api/inventory/settings/{key}")

    async def find_settings(self, text: str, key: str | None = None) -> Json:
        return await self._get("/api/inventory/settings/find", text=text[:500], key=key)

    async def order_reset(self) -> Json:
        return await self._get("/api/inventory/reset")

    # work requests
    async def request_catalogue(self) -> list[Json]:
        return await self._get("/api/work-requests/catalog")

    async def requests(self, **filters: Any) -> Any:
        return await self._get("/api/work-requests", **filters)

    async def request(self, number: int) -> Json:
        return await self._get(f"/api/work-requests/{number}")

    # this conversation
    async def hand_off(self, reason: str, summary: Json) -> Json:
        return await self._post("/api/conversation/handoff", {"reason": reason, "summary": summary})

    async def queue(self) -> Json:
        return await self._get("/api/conversation/queue")

    async def hours(self) -> Json:
        return await self._get("/api/conversation/hours")

    async def rate(self, rating: int) -> Json:
        return await self._post("/api/conversation/rating", {"rating": rating})

    async def raise_priority(self) -> Json:
        return await self._post("/api/conversation/priority", {"level": "high"})
