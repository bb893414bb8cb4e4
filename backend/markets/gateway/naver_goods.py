"""Naver Commerce API: products v2 (registration, change), their status, their options' stock; a product is found by the
seller's own management code."""

from collections.abc import Callable

from backend.markets.gateway.contract import Sent, Told
from backend.markets.gateway.reading import Row

V1, V2 = "/external/v1/products", "/external/v2/products"


class NaverGoods:
    def __init__(self, call: Callable[..., Row]) -> None:
        self._call = call

    def stock(self, said: Row) -> Told:
        options = [{"sellerManagerCode": said["item_code"], "stockQuantity": said["quantity"]}]
        body = {"optionInfo": {"optionCombinations": options}}
        self._call("PUT", f"{V1}/origin-products/{said['product_no']}/option-stock", json=body)
        return Sent()

    def find(self, said: Row) -> str | None:
        asked = {"searchKeywordType": "SELLER_CODE", "sellerManagementCode": said["seller_code"]}
        found = self._call("POST", f"{V1}/search", json=asked)
        return str(found["contents"][0]["originProductNo"]) if found.get("contents") else None

    def make(self, said: Row) -> str:
        return str(self._call("POST", V2, json=product_of(said))["originProductNo"])

    def change(self, number: str, said: Row) -> None:
        self._call("PUT", f"{V2}/origin-products/{number}", json=product_of(said))

    def end(self, number: str) -> None:
        self._call("PUT", f"{V1}/origin-products/{number}/change-status", json={"statusType": "SUSPENSION"})


def product_of(said: Row) -> Row:
    notice = said.get("notice") or {}
    detail: Row = {"sellerCodeInfo": {"sellerManagementCode": said["seller_code"]}}
    if notice.get("told"):
        told = {one["key"]: one["text"] for one in notice["told"]}
        detail["productInfoProvidedNotice"] = {
            "productInfoProvidedNoticeType": notice["kind"], _camel(notice["kind"]): told,
        }  # fmt: skip
    options = [option for option in said.get("options") or [] if option["name"]]
    if options:
        detail["optionInfo"] = {
            "optionCombinationGroupNames": {"optionGroupName1": "option"},
            "optionCombinations": [
                {
                    "optionName1": option["name"], "stockQuantity": option["quantity"], "price": 0,
                    "sellerManagerCode": option["code"], "usable": True,
                }
                for option in options
            ],
        }  # fmt: skip
    product = {
        "statusType": "SALE", "saleType": "NEW", "leafCategoryId": said.get("category"), "name": said["title"],
        "salePrice": said["price"], "detailContent": said.get("detail"),
        "stockQuantity": sum(option["quantity"] for option in said.get("options") or []),
        "images": {"representativeImage": {"url": said["image"]}} if said.get("image") else {}, "detailAttribute": detail,
    }  # fmt: skip
    channel = {"naverShoppingRegistration": True, "channelProductDisplayStatusType": "ON"}
    return {"originProduct": product, "smartstoreChannelProduct": channel}


def _camel(kind: str) -> str:
    """GENERAL_FOOD -> generalFood, the key under which the details of that kind stand."""
    first, *rest = kind.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)
