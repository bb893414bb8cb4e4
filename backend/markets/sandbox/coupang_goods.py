"""Coupang Open API, the part that handles products: seller-products and vendor-items. What is registered is approved at once."""

from typing import Any

from fastapi import APIRouter, HTTPException

from backend.markets.sandbox import goods, offering
from backend.markets.sandbox.cafe24 import StoreDep
from backend.markets.sandbox.coupang import PREFIX, SellerDep
from backend.markets.sandbox.store import Doc

router = APIRouter(prefix=PREFIX + "/v2/providers/seller_api/apis/api/v1/marketplace")


@router.put("/vendor-items/{item}/quantities/{quantity}")
def set_stock(seller: SellerDep, store: StoreDep, item: str, quantity: int) -> dict[str, Any]:
    found = goods.by_variant(store, "coupang", seller, item)
    goods.set_quantity(store, "coupang", seller, found["product_no"], found["code"], quantity)
    return {"code": "SUCCESS", "message": "OK"}


@router.put("/vendor-items/{item}/sales/{what}")
def sell(seller: SellerDep, store: StoreDep, item: str, what: str) -> dict[str, Any]:
    """stop | resume."""
    if what not in ("stop", "resume"):
        raise HTTPException(404, "no such API")
    found = goods.by_variant(store, "coupang", seller, item)
    goods.change(store, "coupang", seller, found["product_no"], {"off": what == "stop"})
    return {"code": "SUCCESS", "message": "OK"}


@router.get("/seller-products/external-vendor-sku-codes/{code}")
def product_by_code(seller: SellerDep, store: StoreDep, code: str) -> dict[str, Any]:
    found = goods.by_code(store, "coupang", seller, code)
    data = [{"sellerProductId": int(found["product_no"]), "vendorItemId": _item_of(found)}] if found else []
    return {"code": "SUCCESS", "message": "", "data": data}


@router.get("/seller-products/{number}")
def product(seller: SellerDep, store: StoreDep, number: str) -> dict[str, Any]:
    rows = goods.of_product(store, "coupang", seller, number)
    items = [
        {"vendorItemId": _item_of(row), "externalVendorSku": row["code"], "itemName": row["doc"].get("option")}
        for row in rows
    ]
    name = rows[0]["doc"]["name"]
    return {
        "code": "SUCCESS",
        "message": "",
        "data": {"sellerProductId": int(number), "sellerProductName": name, "items": items},
    }


@router.post("/seller-products")
def create_product(seller: SellerDep, store: StoreDep, body: dict[str, Any]) -> dict[str, Any]:
    number = goods.create(store, "coupang", seller, str(store.number("product", 5001)), *offering.of_coupang(body))
    return {"code": "SUCCESS", "message": "", "data": int(number)}


@router.put("/seller-products")
def change_product(seller: SellerDep, store: StoreDep, body: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in offering.of_coupang(body)[0].items() if key != "off"}
    goods.change(store, "coupang", seller, str(body["sellerProductId"]), kept)
    return {"code": "SUCCESS", "message": "", "data": int(body["sellerProductId"])}


def _item_of(row: Doc) -> int:
    return int(row["doc"].get("variant") or f"7{row['product_no']}")
