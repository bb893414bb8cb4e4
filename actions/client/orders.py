"""Orders, claims, parcels, purchase orders and shipping abroad as an action asks for them."""

from typing import Any

from actions.client.caller import Caller, Json


class OrdersApi(Caller):
    async def orders(self, **filters: Any) -> Json:
        """A page of orders, newest first, with counts by state."""
        return await self._get("/api/orders", **filters)

    async def find_orders(self, text: str, market: str | None = None) -> list[Json]:
        """{order, by} of every order that a sentence means by number, buyer or product."""
        return await self._get("/api/orders/find", text=text[:2000], market=market)

    async def order(self, order_id: str) -> Json:
        return await self._get(f"/api/orders/{order_id}")

    async def order_blockers(self, order_id: str) -> Json:
        return await self._get(f"/api/orders/{order_id}/explain")

    async def stuck_orders(self, **filters: Any) -> Json:
        return await self._get("/api/orders/stuck", **filters)

    async def unmatched(self, **filters: Any) -> list[Json]:
        return await self._get("/api/orders/unmatched", **filters)

    async def mergeable(self, **filters: Any) -> list[Json]:
        return await self._get("/api/orders/mergeable", **filters)

    async def find_stock_items(self, text: str) -> list[Json]:
        """Stock items that a sentence names, best first."""
        return await self._get("/api/inventory/items/find", text=text[:200])

    async def feeds(self) -> list[Json]:
        return await self._get("/api/markets/feeds")

    async def collections(self, **filters: Any) -> list[Json]:
        return await self._get("/api/markets/collections", **filters)

    # claims
    async def claims(self, **filters: Any) -> Json:
        return await self._get("/api/claims", **filters)

    async def claim(self, claim_id: str) -> Json:
        return await self._get(f"/api/claims/{claim_id}")

    # parcels
    async def labels(self, **filters: Any) -> Json:
        """{link, count, shipment_ids, left_out}: the labels of these orders, or of all that were not printed."""
        return await self._get("/api/shipping/labels", **filters)

    async def delayed(self, **filters: Any) -> Json:
        return await self._get("/api/shipping/delayed", **filters)

    async def couriers(self) -> list[Json]:
        return await self._get("/api/shipping/couriers")

    # suppliers and countries
    async def suppliers(self) -> list[Json]:
        return await self._get("/api/inventory/suppliers")

    async def shortages(self, supplier_id: str | None = None) -> list[Json]:
        return await self._get("/api/purchasing/shortages", supplier_id=supplier_id)

    async def purchase_orders(self, **filters: Any) -> list[Json]:
        return await self._get("/api/purchasing/orders", **filters)

    async def purchase_order(self, purchase_id: str) -> Json:
        return await self._get(f"/api/purchasing/orders/{purchase_id}")

    async def purchase_sheet(self, purchase_id: str, form: str) -> Json:
        """A link to the sheet, `form` pdf or xlsx."""
        return await self._get(f"/api/purchasing/orders/{purchase_id}/sheet", form=form)

    async def countries(self) -> list[Json]:
        return await self._get("/api/overseas/countries")

    async def quote(self, **filters: Any) -> Json:
        return await self._get("/api/overseas/quote", **filters)
