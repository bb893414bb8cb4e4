"""Cafe24 Admin API: Products and Products variants inventories; a product is found by the seller's own code."""

from collections.abc import Callable

from backend.markets.gateway.contract import Sent, Told
from backend.markets.gateway.http import Rejection
from backend.markets.gateway.reading import Row

PRODUCTS = "/api/v2/admin/products"


class Cafe24Goods:
    def __init__(self, call: Callable[..., Row]) -> None:
        self._call = call

    def stock(self, said: Row) -> Told:
        """The mall's own number of a product with this code is all that we may not know of it."""
        number = str(said["product_no"])
        if not number.isdigit():
            found = self.find({"seller_code": said["item_code"]})
            if found is None:
                raise Rejection(404, "NOT_FOUND", f"no product {said['item_code']}")
            number = found
        self._put(f"{PRODUCTS}/{number}/variants/{said['item_code']}/inventories", {"quantity": said["quantity"]})
        return Sent()

    def find(self, said: Row) -> str | None:
        found = self._call("GET", PRODUCTS, params={"custom_product_code": said["seller_code"]})["products"]
        return str(found[0]["product_no"]) if found else None

    def make(self, said: Row) -> str:
        made = self._call("POST", PRODUCTS, json={"shop_no": 1, "request": product_of(said)})
        return str(made["product"]["product_no"])

    def change(self, number: str, said: Row) -> None:
        self._put(f"{PRODUCTS}/{number}", product_of(said))

    def end(self, number: str) -> None:
        self._put(f"{PRODUCTS}/{number}", {"display": "F", "selling": "F"})

    def _put(self, path: str, request: Row) -> None:
        self._call("PUT", path, json={"shop_no": 1, "request": request})


def product_of(said: Row) -> Row:
    return {
        "product_name": said["title"], "custom_product_code": said["seller_code"], "price": str(said["price"]),
        "supply_price": "0", "display": "T", "selling": "T", "description": said.get("detail"),
        "detail_image": said.get("image"),
    }  # fmt: skip
