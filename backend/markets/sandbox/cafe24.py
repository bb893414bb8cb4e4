"""Cafe24 Admin API, the part that handles orders (developers.cafe24.com/docs/api/admin: Orders, Orders items, Shipments,
Products variants inventories). Shapes carry the documented keys that an order needs; amounts are text with two decimals.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, HTTPException, Request
from pydantic import BaseModel

from backend.kit import clock
from backend.markets.sandbox import auth, flow, goods, offering
from backend.markets.sandbox.store import Doc, Store, stamp

router = APIRouter(prefix="/cafe24/{mall}/api/v2")
#: which of an order's events each date_type means
DATE_TYPES = {
    "order_date": ["new"], "pay_date": ["pay"], "shipbegin_date": ["ship"], "shipend_date": ["deliver"],
    "purchaseconfirmation_date": ["confirm"], "cancel_request_date": ["claim_cancel"],
    "return_request_date": ["claim_return"], "exchange_request_date": ["claim_exchange"],
    "cancel_date": ["claim_answer"], "return_date": ["claim_answer"], "exchange_date": ["claim_answer"],
}  # fmt: skip
CLAIM_KEYS = {"cancel": "cancel_date", "return": "return_request_date", "exchange": "exchange_request_date"}


def store_of(request: Request) -> Store:
    found: Store = request.app.state.store
    return found


StoreDep = Annotated[Store, Depends(store_of)]


def mall_of(mall: str, request: Request) -> str:
    if auth.seller_of_token(store_of(request), "cafe24", request.headers.get("authorization")) != mall:
        raise auth.NotYou("the token is another mall's")
    return mall


MallDep = Annotated[str, Depends(mall_of)]


@router.post("/oauth/token")
def token(
    mall: str,
    store: StoreDep,
    grant_type: Annotated[str, Form()],
    refresh_token: Annotated[str | None, Form()] = None,
    authorization: Annotated[str | None, Header()] = None,
) -> dict[str, object]:
    return auth.cafe24_tokens(store, mall, authorization, grant_type, refresh_token)


@router.get("/admin/orders")
def orders(
    mall: MallDep, store: StoreDep, request: Request, start_date: str, end_date: str,
    date_type: str = "order_date", limit: int = 10, offset: int = 0, order_status: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    if date_type not in DATE_TYPES or not 1 <= limit <= 1000 or not 0 <= offset <= 15_000:
        raise HTTPException(422, "Invalid parameter")
    found = store.told("cafe24", mall, DATE_TYPES[date_type], moment(start_date), moment(end_date), limit, offset)
    wanted = set(order_status.split(",")) if order_status else None
    told = [doc for doc in found if wanted is None or wanted & {line["raw"] for line in doc["lines"]}]
    return {"orders": request.app.state.faults.page("cafe24", mall, [shown(doc) for doc in told])}


@router.get("/admin/orders/{order_id}")
def order(mall: MallDep, store: StoreDep, order_id: str) -> dict[str, Any]:
    return {"order": shown(_order(store, mall, order_id))}


class StatusBody(BaseModel):
    request: dict[str, Any]


@router.put("/admin/orders/{order_id}")
def change_order(mall: MallDep, store: StoreDep, order_id: str, body: StatusBody) -> dict[str, Any]:
    """process_status prepare: N10 -> N20 (상품준비중 -> 배송준비중)."""
    with store.together():
        doc = _order(store, mall, order_id)
        codes = body.request.get("order_item_code") or [line["line_no"] for line in doc["lines"]]
        if body.request.get("process_status") == "prepare":
            flow.prepare(store, doc, codes)
    return {"order": {"shop_no": 1, "order_id": order_id, **body.request}}


@router.get("/admin/orders/{order_id}/shipments")
def shipments(mall: MallDep, store: StoreDep, order_id: str) -> dict[str, Any]:
    return {"shipments": _shipments(_order(store, mall, order_id))}


@router.post("/admin/orders/{order_id}/shipments", status_code=201)
def ship(mall: MallDep, store: StoreDep, order_id: str, body: StatusBody) -> dict[str, Any]:
    asked = body.request
    with store.together():
        doc = _order(store, mall, order_id)
        codes = asked.get("order_item_code") or [line["line_no"] for line in doc["lines"]]
        flow.ship(store, doc, codes, str(asked["shipping_company_code"]), str(asked["tracking_no"]))
    return {"shipment": {"shop_no": 1, "order_id": order_id, **asked}}


KINDS = {"cancellation": "cancel", "return": "return", "exchange": "exchange"}
CLAIM_STEPS = {
    "withdrawn": "rejected",
    "accepted": "accepted",
    "rejected": "rejected",
    "collected": "collected",
    "canceled": "done",
    "returned": "done",
    "exchanged": "done",
}


@router.put("/admin/products/{product_no}/variants/{variant_code}/inventories")
def set_stock(mall: MallDep, store: StoreDep, product_no: str, variant_code: str, body: StatusBody) -> dict[str, Any]:
    goods.set_quantity(store, "cafe24", mall, product_no, variant_code, int(body.request["quantity"]))
    return {"inventory": {"shop_no": 1, "variant_code": variant_code, **body.request}}


@router.post("/admin/products", status_code=201)
def create_product(mall: MallDep, store: StoreDep, body: StatusBody) -> dict[str, Any]:
    number = str(store.number("product", 5001))
    goods.create(store, "cafe24", mall, number, *offering.of_cafe24(body.request))
    return {"product": {"shop_no": 1, "product_no": int(number), **body.request}}


@router.get("/admin/products")
def products(mall: MallDep, store: StoreDep, custom_product_code: str) -> dict[str, Any]:
    found = goods.by_code(store, "cafe24", mall, custom_product_code)
    return {"products": [{"shop_no": 1, "product_no": int(found["product_no"]), **found["doc"]}] if found else []}


@router.put("/admin/products/{product_no}")
def change_product(mall: MallDep, store: StoreDep, product_no: str, body: StatusBody) -> dict[str, Any]:
    ends = body.request.get("selling") == "F"
    told = {"off": True} if ends else offering.of_cafe24(body.request)[0]
    goods.change(store, "cafe24", mall, product_no, told)
    return {"product": {"shop_no": 1, "product_no": int(product_no), **body.request}}


@router.put("/admin/orders/{order_id}/shipments/{shipping_code}")
def change_shipment(
    mall: MallDep, store: StoreDep, order_id: str, shipping_code: str, body: StatusBody
) -> dict[str, Any]:
    """Another tracking number, or the parcel's arrival (status shipped)."""
    asked, line_no = body.request, shipping_code.removeprefix("D-")
    with store.together():
        doc = _order(store, mall, order_id)
        if asked.get("tracking_no"):
            flow.reinvoice(store, doc, [line_no], str(asked["shipping_company_code"]), str(asked["tracking_no"]))
        if asked.get("status") == "shipped":
            flow.deliver(store, doc, [line_no])
    return {"shipment": {"shop_no": 1, "order_id": order_id, "shipping_code": shipping_code, **asked}}


@router.post("/admin/{kind}", status_code=201)
def begin_claim(mall: MallDep, store: StoreDep, kind: str, body: StatusBody) -> dict[str, Any]:
    """cancellation | return | exchange begun by the merchant."""
    if kind not in KINDS:
        raise HTTPException(404, "No API found")
    asked = body.request
    with store.together():
        doc = _order(store, mall, str(asked["order_id"]))
        made = [
            flow.begin(
                store, doc, str(item["order_item_code"]), KINDS[kind], int(item["quantity"]), asked.get("reason")
            )
            for item in asked["items"]
        ]
    return {kind: {"shop_no": 1, "order_id": doc["order_no"], "claim_code": made[0]["no"]}}


@router.put("/admin/{kind}/{claim_code}")
def answer_claim(mall: MallDep, store: StoreDep, kind: str, claim_code: str, body: StatusBody) -> dict[str, Any]:
    """cancellation | return | exchange by claim code; `status` of the request says how it goes on."""
    if kind not in ("cancellation", "return", "exchange"):
        raise HTTPException(404, "No API found")
    with store.together():
        doc = _order(store, mall, str(body.request.get("order_id")))
        line = next((one for one in doc["lines"] if (one["claim"] or {}).get("no") == claim_code), None)
        if line is None:
            raise HTTPException(404, "The claim is not found")
        flow.answer(store, doc, line["line_no"], CLAIM_STEPS[str(body.request["status"])])
    return {kind: {"shop_no": 1, "claim_code": claim_code, **body.request}}


def moment(text: str) -> str:
    """ "2026-11-18" or "2026-11-18 12:00:00", in Seoul."""
    at = datetime.fromisoformat(text)
    return stamp(at if at.tzinfo else at.replace(tzinfo=clock.SEOUL))


def _order(store: Store, mall: str, order_id: str) -> Doc:
    doc = store.order("cafe24", mall, order_id)
    if doc is None:
        raise HTTPException(404, "The order is not found")
    return doc


def shown(doc: Doc) -> Doc:
    """An order with items, buyer and receivers embedded."""
    total = sum(line["price"] * line["quantity"] - line["discount"] for line in doc["lines"])
    to = doc["receiver"]
    return {
        "shop_no": 1, "currency": "KRW", "order_id": doc["order_no"], "market_id": "self",
        "order_date": doc["ordered_at"], "payment_date": doc["paid_at"], "paid": "T" if doc["paid_at"] else "F",
        "payment_amount": _money(total + doc["shipping_fee"]), "order_place_id": "self",
        "actual_order_amount": {
            "order_price_amount": _money(sum(line["price"] * line["quantity"] for line in doc["lines"])),
            "shipping_fee": _money(doc["shipping_fee"]), "total_amount_due": _money(total + doc["shipping_fee"]),
        },
        "items": [_item(doc, line) for line in doc["lines"]],
        "buyer": {"name": doc["buyer"]["name"], "cellphone": doc["buyer"]["phone"]},
        "receivers": [{
            "name": to["name"], "cellphone": to["phone"], "zipcode": to["postcode"], "address1": to["address1"],
            "address2": to["address2"], "country_code": to["country"], "shipping_message": doc["message"],
        }],
    }  # fmt: skip


def _item(doc: Doc, line: Doc) -> Doc:
    found, invoice = line["claim"] or {}, line["invoice"] or {}
    return {
        "order_item_code": line["line_no"], "shipping_code": f"D-{line['line_no']}", "product_no": int(line["product_no"]), "variant_code": line["variant"],
        "custom_variant_code": line["code"], "product_name": line["name"], "option_value": line["option"],
        "quantity": line["quantity"], "product_price": _money(line["price"]), "coupon_discount_price": _money(line["discount"]),
        "order_status": line["raw"], "claim_type": {"cancel": "C", "return": "R", "exchange": "E"}.get(found.get("kind", "")),
        "claim_code": found.get("no"), "claim_quantity": found.get("quantity", 0), "claim_reason": found.get("reason"),
        "claim_request_date": found.get("at"),
        "tracking_no": invoice.get("no"), "shipping_company_code": invoice.get("courier"),
        "shipped_date": line["shipped_at"], "delivered_date": line["delivered_at"],
        "ordered_date": doc["ordered_at"], "status_changed_date": line.get("changed_at"),
    }  # fmt: skip


def _shipments(doc: Doc) -> list[Doc]:
    parcels: dict[tuple[str, str], list[str]] = {}
    for line in doc["lines"]:
        if line["invoice"]:
            parcels.setdefault((line["invoice"]["courier"], line["invoice"]["no"]), []).append(line["line_no"])
    return [
        {
            "shop_no": 1,
            "order_id": doc["order_no"],
            "tracking_no": number,
            "shipping_company_code": courier,
            "items": [{"order_item_code": code} for code in codes],
        }
        for (courier, number), codes in parcels.items()
    ]


def _money(amount: int) -> str:
    return f"{amount}.00"
