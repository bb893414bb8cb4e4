"""Naver Commerce API, the part that handles orders (apicenter.commerce.naver.com: pay-order-seller and products).

GET …/product-orders/last-changed-statuses (24 hours at most, 300 rows, `more{moreFrom, moreSequence}`), POST
…/product-orders/query (300 numbers at most), POST …/confirm, POST …/dispatch (30 at most, told apart one by one in
successProductOrderIds and failProductOrderInfos), claims by product order, stock and products.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel

from backend.kit import clock
from backend.markets.sandbox import auth, flow, goods, offering
from backend.markets.sandbox.cafe24 import StoreDep, store_of
from backend.markets.sandbox.store import Doc, stamp

router = APIRouter(prefix="/naver/external")
DAY = timedelta(hours=24)
LINE = "/v1/pay-order/seller/product-orders"
CHANGED = {
    "new": "PAYED", "pay": "PAYED", "prepare": "PAYED", "ship": "DISPATCHED", "deliver": "DISPATCHED",
    "confirm": "PURCHASE_DECIDED", "claim_answer": "CLAIM_COMPLETED",
}  # fmt: skip
CLAIM_WORD = {"cancel": "CANCEL", "return": "RETURN", "exchange": "EXCHANGE"}
REASONS = {"cancel": "INTENT_CHANGED", "return": "WRONG_OPTION", "exchange": "COLOR_AND_SIZE"}


def seller_of(request: Request) -> str:
    return auth.seller_of_token(store_of(request), "naver", request.headers.get("authorization"))


SellerDep = Annotated[str, Depends(seller_of)]


@router.post("/v1/oauth2/token")
async def token(request: Request) -> dict[str, object]:
    form = {key: str(value) for key, value in (await request.form()).items()}
    return auth.naver_token(store_of(request), form)


@router.get(LINE + "/last-changed-statuses")
def changed(
    seller: SellerDep, store: StoreDep, request: Request, lastChangedFrom: datetime,
    lastChangedTo: datetime | None = None, moreSequence: str | None = None, limitCount: int = 300,
) -> dict[str, Any]:  # fmt: skip
    end = lastChangedTo or lastChangedFrom + DAY
    if end - lastChangedFrom > DAY:
        raise HTTPException(400, "lastChangedTo is more than 24 hours later")
    size = max(1, min(300, limitCount))
    found = store.rows(
        "select * from changes where market = 'naver' and seller = ? and at >= ? and at <= ? and (at > ? or seq > ?)"
        " order by at, seq limit ?",
        seller, stamp(lastChangedFrom), stamp(end), stamp(lastChangedFrom), int(moreSequence or 0), size + 1,
    )  # fmt: skip
    rows, rest = found[:size], found[size:]
    told = []
    for row in rows:
        doc = store.order("naver", seller, row["order_no"])
        line = flow.line_of(doc, row["line_no"]) if doc else None
        if doc and line:
            told.append({
                "orderId": row["order_no"], "productOrderId": row["line_no"], "lastChangedDate": row["at"],
                "lastChangedType": CHANGED.get(row["kind"], "CLAIM_REQUESTED"), "paymentDate": doc["paid_at"],
                "productOrderStatus": line["raw"], **_claim_words(line),
            })  # fmt: skip
    data: Doc = {"lastChangeStatuses": request.app.state.faults.page("naver", seller, told), "count": len(told)}
    if rest:
        data["more"] = {"moreFrom": rows[-1]["at"], "moreSequence": str(rows[-1]["seq"])}
    return {"timestamp": stamp(clock.now()), "traceId": "sandbox", "data": data}


class Numbers(BaseModel):
    productOrderIds: list[str]
    quantityClaimCompatibility: bool = True


@router.post(LINE + "/query")
def query(seller: SellerDep, store: StoreDep, request: Request, body: Numbers) -> dict[str, Any]:
    if len(body.productOrderIds) > 300:
        raise HTTPException(400, "at most 300 product orders")
    data = []
    for number in body.productOrderIds:
        doc = store.order_of_line("naver", seller, number)
        if doc:
            data.append(shown(doc, flow.line_of(doc, number)))
    data = request.app.state.faults.page("naver", seller, data)
    return {"timestamp": stamp(clock.now()), "traceId": "sandbox", "data": data}


@router.post(LINE + "/confirm")
def confirm(seller: SellerDep, store: StoreDep, body: Numbers) -> dict[str, Any]:
    return _each(body.productOrderIds, lambda number: flow.prepare(store, _doc(store, seller, number), [number]))


class Dispatches(BaseModel):
    dispatchProductOrders: list[dict[str, Any]]


@router.post(LINE + "/dispatch")
def dispatch(seller: SellerDep, store: StoreDep, body: Dispatches) -> dict[str, Any]:
    if len(body.dispatchProductOrders) > 30:
        raise HTTPException(400, "at most 30 product orders")
    asked = {str(one["productOrderId"]): one for one in body.dispatchProductOrders}

    def one(number: str) -> None:
        told = asked[number]
        with store.together():
            flow.ship(store, _doc(store, seller, number), [number], told["deliveryCompanyCode"], told["trackingNumber"])

    return _each(list(asked), one)


@router.post(LINE + "/{number}/claim/{kind}/{step}")
def answer_claim(seller: SellerDep, store: StoreDep, number: str, kind: str, step: str) -> dict[str, Any]:
    """claim/cancel/approve, claim/return/approve|reject, claim/exchange/collect/approve is `collect` here, …/dispatch."""
    steps = {
        "approve": "accepted",
        "reject": "rejected",
        "collect": "collected",
        "complete": "done",
        "dispatch": "done",
        "request": "",
    }
    if kind not in CLAIM_WORD or step not in steps or (kind, step) == ("exchange", "request"):
        raise HTTPException(404, "no such API")

    def one(line_no: str) -> None:
        with store.together():
            doc = _doc(store, seller, line_no)
            if step == "request":
                flow.begin(store, doc, line_no, kind, None, None)
            else:
                flow.answer(store, doc, line_no, steps[step])

    return _each([number], one)


@router.put("/v1/products/origin-products/{number}/option-stock")
def option_stock(seller: SellerDep, store: StoreDep, number: str, body: dict[str, Any]) -> dict[str, Any]:
    """optionInfo.optionCombinations [{sellerManagerCode, stockQuantity}]."""
    for one in body["optionInfo"]["optionCombinations"]:
        goods.set_quantity(store, "naver", seller, number, one["sellerManagerCode"], int(one["stockQuantity"]))
    return {"originProductNo": int(number)}


@router.post("/v2/products")
def create_product(seller: SellerDep, store: StoreDep, body: dict[str, Any]) -> dict[str, Any]:
    number = goods.create(store, "naver", seller, str(store.number("product", 5001)), *offering.of_naver(body))
    return {"originProductNo": int(number), "smartstoreChannelProductNo": int(number)}


@router.put("/v2/products/origin-products/{number}")
def change_product(seller: SellerDep, store: StoreDep, number: str, body: dict[str, Any]) -> dict[str, Any]:
    goods.change(store, "naver", seller, number, offering.of_naver(body)[0])
    return {"originProductNo": int(number)}


@router.put("/v1/products/origin-products/{number}/change-status")
def change_status(seller: SellerDep, store: StoreDep, number: str, body: dict[str, Any]) -> dict[str, Any]:
    goods.change(store, "naver", seller, number, {"off": body["statusType"] != "SALE"})
    return {"originProductNo": int(number)}


@router.post("/v1/products/search")
def search_products(seller: SellerDep, store: StoreDep, body: dict[str, Any]) -> dict[str, Any]:
    found = goods.by_code(store, "naver", seller, str(body.get("sellerManagementCode")))
    return {"contents": [{"originProductNo": int(found["product_no"])}] if found else []}


def _doc(store: Any, seller: str, number: str) -> Doc:
    doc: Doc | None = store.order_of_line("naver", seller, number)
    if doc is None:
        raise flow.Refused("104116", "no such product order")
    return doc


def _each(numbers: list[str], work: Any) -> dict[str, Any]:
    good: list[str] = []
    bad: list[Doc] = []
    for number in numbers:
        try:
            work(number)
            good.append(number)
        except flow.Refused as no:
            bad.append({"productOrderId": number, "code": no.code, "message": no.message})
    return {
        "timestamp": stamp(clock.now()),
        "traceId": "sandbox",
        "data": {"successProductOrderIds": good, "failProductOrderInfos": bad},
    }


def _claim_words(line: Doc) -> Doc:
    found = line["claim"]
    return {"claimType": found.get("type") or CLAIM_WORD[found["kind"]], "claimStatus": found["raw"]} if found else {}


def shown(doc: Doc, line: Doc) -> Doc:
    to, paid, found = doc["receiver"], line["price"] * line["quantity"] - line["discount"], line["claim"]
    total = sum(one["price"] * one["quantity"] - one["discount"] for one in doc["lines"]) + doc["shipping_fee"]
    told: Doc = {
        "order": {
            "orderId": doc["order_no"], "orderDate": doc["ordered_at"], "paymentDate": doc["paid_at"],
            "ordererName": doc["buyer"]["name"], "ordererTel": doc["buyer"]["phone"], "generalPaymentAmount": total,
            "naverMileagePaymentAmount": 0, "chargeAmountPaymentAmount": 0, "payLaterPaymentAmount": 0,
        },
        "productOrder": {
            "productOrderId": line["line_no"], "productId": line["product_no"], "productName": line["name"],
            "productOption": line["option"], "optionManageCode": line["code"], "quantity": line["quantity"],
            "unitPrice": line["price"], "totalProductAmount": line["price"] * line["quantity"],
            "sellerBurdenDiscountAmount": line["discount"], "totalPaymentAmount": paid,
            "productOrderStatus": line["raw"], "placeOrderStatus": "OK" if line["confirmed"] else "NOT_YET",
            "shippingDueDate": f"{doc['ship_by']}T23:59:59.000+09:00", "shippingMemo": doc["message"],
            "shippingAddress": {
                "name": to["name"], "tel1": to["phone"], "zipCode": to["postcode"], "baseAddress": to["address1"],
                "detailedAddress": to["address2"], "addressType": "DOMESTIC" if to["country"] == "KR" else "FOREIGN",
                "country": to["country"],
            },
            **_claim_words(line),
        },
    }  # fmt: skip
    if line["invoice"]:
        told["delivery"] = {
            "deliveryCompany": line["invoice"]["courier"], "trackingNumber": line["invoice"]["no"],
            "sendDate": line["shipped_at"], "deliveredDate": line["delivered_at"],
        }  # fmt: skip
    if found:
        told["currentClaim"] = {
            found["kind"]: {
                "claimId": found["no"], "claimStatus": found["raw"], "claimRequestDate": found["at"],
                "requestQuantity": found["quantity"], f"{found['kind']}Reason": REASONS[found["kind"]],
                f"{found['kind']}DetailedReason": found["reason"],
            }
        }  # fmt: skip
    return told
