"""What a market wants to know of a product before anybody can order it, and the first thing it misses."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from backend.markets.sandbox.flow import Refused
from backend.markets.sandbox.store import Doc


@lru_cache
def _sentences() -> dict[str, str]:
    read: dict[str, str] = yaml.safe_load((Path(__file__).parent / "refusals.yml").read_text(encoding="utf-8"))
    return read


def check(**told: Any) -> None:
    """Raises Refused MISSING_… with the market's sentence for the first of these that is empty."""
    for what, value in told.items():
        if not value:
            code = f"MISSING_{what.upper()}"
            raise Refused(code, _sentences()[code])


def of_naver(body: Doc) -> tuple[Doc, list[Doc]]:
    """The product as it is kept, and its options; raises Refused."""
    origin = body["originProduct"]
    if origin.get("statusType") not in ("SALE", "OUTOFSTOCK", "SUSPENSION"):
        raise Refused("INVALID_STATUS", "only SALE, OUTOFSTOCK and SUSPENSION can be set")
    detail = origin.get("detailAttribute") or {}
    picture = ((origin.get("images") or {}).get("representativeImage") or {}).get("url")
    check(
        name=origin.get("name"), price=origin.get("salePrice"), category=origin.get("leafCategoryId"), image=picture,
        notice=_noticed(detail.get("productInfoProvidedNotice") or {}),
    )  # fmt: skip
    code = str((detail.get("sellerCodeInfo") or {}).get("sellerManagementCode") or "")
    options = [
        {"code": row["sellerManagerCode"], "option": row["optionName1"], "quantity": row["stockQuantity"]}
        for row in (detail.get("optionInfo") or {}).get("optionCombinations") or []
    ]
    kept = {
        "name": origin["name"],
        "price": origin["salePrice"],
        "seller_code": code,
        "off": origin["statusType"] != "SALE",
    }
    return kept, options or [{"code": code, "option": None, "quantity": origin.get("stockQuantity") or 0}]


def _noticed(notice: Doc) -> Any:
    return next((value for key, value in notice.items() if key != "productInfoProvidedNoticeType"), None)


def of_coupang(body: Doc) -> tuple[Doc, list[Doc]]:
    """The same of a seller product, whose options are its items."""
    items = body["items"]
    check(
        name=body.get("sellerProductName"), price=all(item.get("salePrice") for item in items),
        category=body.get("displayCategoryCode"), image=all(item.get("images") for item in items),
        notice=all(item.get("notices") for item in items),
    )  # fmt: skip
    options = [
        {"code": str(item.get("externalVendorSku") or ""), "option": item["itemName"], "quantity": item.get("maximumBuyCount") or 0}
        for item in items
    ]  # fmt: skip
    return {"name": body["sellerProductName"], "price": items[0]["salePrice"], "off": False}, options


def of_cafe24(request: Doc) -> tuple[Doc, list[Doc]]:
    """The own mall wants a name and a price only."""
    check(name=request.get("product_name"), price=float(request.get("price") or 0))
    code = str(request.get("custom_product_code") or "")
    kept = {
        "name": request["product_name"], "price": round(float(request["price"])), "seller_code": code,
        "off": request.get("selling") == "F",
    }  # fmt: skip
    return kept, [{"code": code, "option": None, "quantity": 0}]
