"""Coupang Open API: seller-products (registration, change) and vendor-items (quantities, sales/stop, sales/resume); a
product is found by the seller's own code of one of its options."""

from collections.abc import Callable
from typing import Any

from backend.markets.gateway.contract import Refused, Sent, Told
from backend.markets.gateway.reading import Row

GOODS = "/v2/providers/seller_api/apis/api/v1/marketplace"


class CoupangGoods:
    def __init__(self, call: Callable[..., Row], seller: str) -> None:
        self._call, self._seller = call, seller

    def stock(self, said: Row) -> Told:
        found = self._by_code(said["item_code"])
        if not found:
            return Refused(f"no option {said['item_code']}")
        self._call("PUT", f"{GOODS}/vendor-items/{found[0]['vendorItemId']}/quantities/{said['quantity']}")
        return Sent()

    def find(self, said: Row) -> str | None:
        for code in _codes(said):
            found = self._by_code(code)
            if found:
                return str(found[0]["sellerProductId"])
        return None

    def make(self, said: Row) -> str:
        return str(self._call("POST", f"{GOODS}/seller-products", body=self._product_of(said))["data"])

    def change(self, number: str, said: Row) -> None:
        body = {**self._product_of(said), "sellerProductId": int(number)}
        self._call("PUT", f"{GOODS}/seller-products", body=body)
        self._each_item(number, "sales/resume")

    def end(self, number: str) -> None:
        self._each_item(number, "sales/stop")

    def _each_item(self, number: str, what: str) -> None:
        for item in self._call("GET", f"{GOODS}/seller-products/{number}")["data"]["items"]:
            self._call("PUT", f"{GOODS}/vendor-items/{item['vendorItemId']}/{what}")

    def _by_code(self, code: str) -> list[Row]:
        found: list[Row] = self._call("GET", f"{GOODS}/seller-products/external-vendor-sku-codes/{code}")["data"]
        return found

    def _product_of(self, said: Row) -> Row:
        options = said.get("options") or [{"code": said["seller_code"], "name": None, "quantity": 0}]
        return {
            "sellerProductName": said["title"], "vendorId": self._seller, "vendorUserId": self._seller,
            "displayCategoryCode": said.get("category"), "brand": said.get("brand"), "displayProductName": said["title"],
            "requested": True, "items": [_item(said, option) for option in options],
        }  # fmt: skip


def _item(said: Row, option: Row) -> Row:
    notice = said.get("notice") or {}
    image: list[Any] = []
    if said.get("image"):
        image = [{"imageOrder": 0, "imageType": "REPRESENTATION", "vendorPath": said["image"]}]
    return {
        "itemName": option["name"] or said["title"], "originalPrice": said["price"], "salePrice": said["price"],
        "maximumBuyCount": option["quantity"], "externalVendorSku": option["code"], "images": image,
        "notices": [
            {"noticeCategoryName": notice["kind"], "noticeCategoryDetailName": one["name"], "content": one["text"]}
            for one in notice.get("told") or []
        ],
        "contents": [{
            "contentsType": "TEXT", "contentDetails": [{"content": said.get("detail") or "", "detailType": "TEXT"}],
        }],
    }  # fmt: skip


def _codes(said: Row) -> list[str]:
    return [option["code"] for option in said.get("options") or []] or [said["seller_code"]]
