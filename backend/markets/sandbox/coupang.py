"""Coupang Open API, the part that handles orders (developers.coupangcorp.com: ordersheets v4, acknowledgement, invoices,
returnRequests, exchangeRequests, seller-products, vendor-items).

A list of order sheets needs a status and a window of at most 31 days; the next page comes by `nextToken`.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request

from backend.kit import clock
from backend.markets.sandbox import auth, flow
from backend.markets.sandbox.cafe24 import StoreDep, store_of
from backend.markets.sandbox.store import Doc, Store, stamp

PREFIX = "/coupang"
OPEN = "/v2/providers/openapi/apis/api"
router = APIRouter(prefix=PREFIX)
MOST_DAYS = timedelta(days=31)
STATUSES = ("ACCEPT", "INSTRUCT", "DEPARTURE", "DELIVERING", "FINAL_DELIVERY", "NONE_TRACKING")


def seller_of(request: Request) -> str:
    path = request.url.path.removeprefix(PREFIX)
    return auth.coupang_seller(
        store_of(request), request.headers.get("authorization"), request.method, path, request.url.query
    )


def vendor_of(vendor: str, seller: Annotated[str, Depends(seller_of)]) -> str:
    if vendor != seller:
        raise auth.NotYou("the key is another vendor's")
    return vendor


SellerDep = Annotated[str, Depends(seller_of)]
VendorDep = Annotated[str, Depends(vendor_of)]


@router.get(OPEN + "/v4/vendors/{vendor}/ordersheets")
def order_sheets(
    vendor: VendorDep, store: StoreDep, request: Request, createdAtFrom: str, createdAtTo: str, status: str,
    nextToken: str = "", maxPerPage: int = 50,
) -> dict[str, Any]:  # fmt: skip
    start, end = _window(createdAtFrom, createdAtTo)
    if status not in STATUSES or not 1 <= maxPerPage <= 50:
        raise HTTPException(400, f"[{status}] is not a valid parameter")
    offset = int(nextToken or 0)
    found = store.of_status("coupang", vendor, status, start, end, maxPerPage + 1, offset)
    rows = [shown(doc) for doc in found[:maxPerPage]]
    token = str(offset + maxPerPage) if len(found) > maxPerPage else ""
    return {
        "code": 200,
        "message": "OK",
        "data": request.app.state.faults.page("coupang", vendor, rows),
        "nextToken": token,
    }


@router.get(OPEN + "/v4/vendors/{vendor}/ordersheets/{box}")
def order_sheet(vendor: VendorDep, store: StoreDep, box: int) -> dict[str, Any]:
    return {"code": 200, "message": "OK", "data": shown(_by_box(store, vendor, box))}


@router.get(OPEN + "/v4/vendors/{vendor}/{order_id}/ordersheets")
def sheets_of_order(vendor: VendorDep, store: StoreDep, order_id: str) -> dict[str, Any]:
    doc = store.order("coupang", vendor, order_id)
    if doc is None or doc["lines"][0]["raw"] not in STATUSES:
        raise HTTPException(400, "no order sheet")
    return {"code": 200, "message": "OK", "data": [shown(doc)]}


@router.put(OPEN + "/v4/vendors/{vendor}/ordersheets/acknowledgement")
def acknowledge(vendor: VendorDep, store: StoreDep, body: dict[str, Any]) -> dict[str, Any]:
    def one(box: Any) -> None:
        with store.together():
            doc = _by_box(store, vendor, int(box))
            flow.prepare(store, doc, [line["line_no"] for line in doc["lines"]])

    return _each(
        "shipmentBoxId",
        [{"shipmentBoxId": box} for box in body["shipmentBoxIds"]],
        lambda row: one(row["shipmentBoxId"]),
    )


@router.post(OPEN + "/v4/vendors/{vendor}/orders/invoices")
def invoices(vendor: VendorDep, store: StoreDep, body: dict[str, Any]) -> dict[str, Any]:
    def one(row: Doc) -> None:
        with store.together():
            doc = _by_box(store, vendor, int(row["shipmentBoxId"]))
            lines = [f"{row['shipmentBoxId']}-{row['vendorItemId']}"]
            if doc["lines"][0]["raw"] == "ACCEPT":
                raise flow.Refused("INVALID_STATUS", "acknowledge the order sheet first")
            flow.ship(store, doc, lines, str(row["deliveryCompanyCode"]), str(row["invoiceNumber"]))

    return _each("shipmentBoxId", body["orderSheetInvoiceApplyDtos"], one)


@router.get(OPEN + "/v6/vendors/{vendor}/returnRequests")
def returns(
    vendor: VendorDep, store: StoreDep, request: Request, createdAtFrom: str, createdAtTo: str,
    nextToken: str = "", maxPerPage: int = 50,
) -> dict[str, Any]:  # fmt: skip
    rows = _claims(store, vendor, ("cancel", "return"), createdAtFrom, createdAtTo)
    offset = int(nextToken or 0)
    page = [_return(doc, line) for doc, line in rows[offset : offset + maxPerPage]]
    token = str(offset + maxPerPage) if len(rows) > offset + maxPerPage else ""
    return {
        "code": 200,
        "message": "OK",
        "data": request.app.state.faults.page("coupang", vendor, page),
        "nextToken": token,
    }


@router.get(OPEN + "/v6/vendors/{vendor}/returnRequests/{receipt}")
def one_return(vendor: VendorDep, store: StoreDep, receipt: str) -> dict[str, Any]:
    for doc in store.orders("coupang", vendor):
        for line in doc["lines"]:
            if (line["claim"] or {}).get("no") == receipt:
                return {"code": 200, "message": "OK", "data": _return(doc, line)}
    raise HTTPException(400, "no such receipt")


@router.get(OPEN + "/v4/vendors/{vendor}/exchangeRequests")
def exchanges(
    vendor: VendorDep, store: StoreDep, createdAtFrom: str, createdAtTo: str,
    orderId: str = "", nextToken: str = "", maxPerPage: int = 50,
) -> dict[str, Any]:  # fmt: skip
    start, end = datetime.fromisoformat(createdAtFrom), datetime.fromisoformat(createdAtTo)
    if end - start > timedelta(days=7):
        raise HTTPException(400, "at most 7 days")
    rows = _claims(store, vendor, ("exchange",), createdAtFrom, createdAtTo)
    rows = [(doc, line) for doc, line in rows if not orderId or doc["order_no"] == orderId]
    offset = int(nextToken or 0)
    page = [_exchange(doc, line) for doc, line in rows[offset : offset + maxPerPage]]
    token = str(offset + maxPerPage) if len(rows) > offset + maxPerPage else ""
    return {"code": 200, "message": "OK", "data": page, "nextToken": token}


@router.post(OPEN + "/v4/vendors/{vendor}/orders/updateInvoices")
def correct_invoices(vendor: VendorDep, store: StoreDep, body: dict[str, Any]) -> dict[str, Any]:
    def one(row: Doc) -> None:
        with store.together():
            doc = _by_box(store, vendor, int(row["shipmentBoxId"]))
            line_no = f"{row['shipmentBoxId']}-{row['vendorItemId']}"
            flow.reinvoice(store, doc, [line_no], str(row["deliveryCompanyCode"]), str(row["invoiceNumber"]))

    return _each("shipmentBoxId", body["orderSheetInvoiceApplyDtos"], one)


@router.post(OPEN + "/v5/vendors/{vendor}/orders/{order_id}/cancel")
def cancel(vendor: VendorDep, store: StoreDep, order_id: str, body: dict[str, Any]) -> dict[str, Any]:
    with store.together():
        doc = store.order("coupang", vendor, order_id)
        if doc is None:
            raise HTTPException(400, "no such order")
        for item, count in zip(body["vendorItemIds"], body["receiptCounts"], strict=True):
            flow.begin(store, doc, f"{doc['box']}-{item}", "cancel", int(count), body.get("middleCancelCode"))
    return {"code": "200", "message": "OK", "data": {"orderId": int(order_id), "failedItemIds": []}}


@router.post(OPEN + "/v4/vendors/{vendor}/exchangeRequests/{number}/invoices")
def exchange_invoices(vendor: VendorDep, store: StoreDep, number: str, body: list[dict[str, Any]]) -> dict[str, Any]:
    return _answer(store, vendor, number, "done")


STEPS = {
    "stoppedShipment": "done", "completedShipment": "rejected", "receiveConfirmation": "collected", "approval": "done",
    "rejection": "rejected", "received": "collected", "reject": "rejected",
}  # fmt: skip


@router.put(OPEN + "/v4/vendors/{vendor}/{kind}/{number}/{step}")
def answer_claim(vendor: VendorDep, store: StoreDep, kind: str, number: str, step: str) -> dict[str, Any]:
    """returnRequests/{receiptId}/stoppedShipment (not sent), completedShipment (sent already), receiveConfirmation,
    approval; exchangeRequests/{exchangeId}/receiveConfirmation, rejection, approval."""
    if kind not in ("returnRequests", "exchangeRequests") or step not in STEPS:
        raise HTTPException(404, "no such API")
    # the goods of an exchange are still to come and the other article to be sent: its invoice ends it
    to = "accepted" if (kind, step) == ("exchangeRequests", "approval") else STEPS[step]
    return _answer(store, vendor, number, to)


def _answer(store: Store, vendor: str, number: str, to: str) -> dict[str, Any]:
    with store.together():
        for doc in store.orders("coupang", vendor):
            for line in doc["lines"]:
                if (line["claim"] or {}).get("no") == number:
                    flow.answer(store, doc, line["line_no"], to)
                    return {"code": 200, "message": "SUCCESS", "data": {"resultCode": "SUCCESS"}}
    raise HTTPException(400, "no such receipt")


def _window(start: str, end: str) -> tuple[str, str]:
    """Days or minutes in Seoul, the end as it is; raises 400 beyond 31 days."""
    first, last = (
        datetime.combine(date.fromisoformat(text), datetime.min.time())
        if len(text) == 10
        else datetime.fromisoformat(text)
        for text in (start, end)
    )
    last = last + timedelta(days=1) if len(end) == 10 else last
    if last - first > MOST_DAYS + timedelta(days=1):
        raise HTTPException(400, "at most 31 days")
    return tuple(stamp(at if at.tzinfo else at.replace(tzinfo=clock.SEOUL)) for at in (first, last))  # type: ignore[return-value]


def _by_box(store: Store, vendor: str, box: int) -> Doc:
    found = store.rows(
        "select order_no from lines where market = 'coupang' and seller = ? and line_no >= ? and line_no < ? limit 1",
        vendor, f"{box}-", f"{box}.",
    )  # fmt: skip
    doc = store.order("coupang", vendor, found[0]["order_no"]) if found else None
    if doc is None or doc["lines"][0]["raw"] not in STATUSES:
        raise flow.Refused("NOT_FOUND", f"no order sheet {box}")
    return doc


def _each(key: str, rows: list[Doc], work: Any) -> dict[str, Any]:
    told, bad = [], 0
    for row in rows:
        answer: Doc = {key: row[key], "succeed": True, "resultCode": "OK", "retryRequired": False, "resultMessage": ""}
        try:
            work(row)
        except flow.Refused as no:
            bad += 1
            answer |= {"succeed": False, "resultCode": no.code, "resultMessage": no.message}
        told.append(answer)
    code = 0 if not bad else 1 if bad < len(told) else 99
    return {
        "code": 200,
        "message": "OK",
        "data": {
            "responseCode": code,
            "responseMessage": "SUCCESS" if not bad else "PARTIAL_ERROR",
            "responseList": told,
        },
    }


def _claims(store: Store, vendor: str, kinds: tuple[str, ...], start: str, end: str) -> list[tuple[Doc, Doc]]:
    first, last = _window(start, end)
    marks = ", ".join("?" for _ in kinds)
    found = store.rows(
        "select distinct order_no from changes where market = 'coupang' and seller = ? and at >= ? and at < ?"
        f" and kind in ({marks}) order by order_no",
        vendor, first, last, *(f"claim_{kind}" for kind in kinds),
    )  # fmt: skip
    docs = [store.order("coupang", vendor, row["order_no"]) for row in found]
    return [
        (doc, line) for doc in docs if doc for line in doc["lines"] if line["claim"] and line["claim"]["kind"] in kinds
    ]


def shown(doc: Doc) -> Doc:
    to = doc["receiver"]
    first = doc["lines"][0]
    return {
        "shipmentBoxId": doc["box"], "orderId": int(doc["order_no"]), "orderedAt": doc["ordered_at"],
        "orderer": {"name": doc["buyer"]["name"], "safeNumber": doc["buyer"]["phone"]}, "paidAt": doc["paid_at"],
        "status": first["raw"], "shippingPrice": doc["shipping_fee"], "parcelPrintMessage": doc["message"],
        "splitShipping": False, "ableSplitShipping": len(doc["lines"]) > 1,
        "receiver": {
            "name": to["name"], "safeNumber": to["phone"], "addr1": to["address1"], "addr2": to["address2"],
            "postCode": to["postcode"],
        },
        "orderItems": [_item(doc, line) for line in doc["lines"]],
        "overseaShippingInfoDto": {"personalCustomsClearanceCode": None},
        "deliveryCompanyName": (first["invoice"] or {}).get("courier"), "invoiceNumber": (first["invoice"] or {}).get("no", ""),
    }  # fmt: skip


def _item(doc: Doc, line: Doc) -> Doc:
    held = line["claim"] if line["claim"] and line["claim"]["stage"] == "requested" else None
    return {
        "vendorItemPackageId": 0, "productId": int(line["product_no"]), "vendorItemId": int(line["line_no"].split("-")[1]),
        "vendorItemName": " ".join(filter(None, (line["name"], line["option"]))),
        "shippingCount": line["quantity"] - line["cancelled"], "cancelCount": line["cancelled"],
        "holdCountForCancel": held["quantity"] if held and held["kind"] == "cancel" else 0,
        "salesPrice": line["price"], "orderPrice": line["price"] * line["quantity"], "discountPrice": line["discount"],
        "externalVendorSkuCode": line["code"], "sellerProductId": int(line["product_no"]), "sellerProductName": line["name"],
        "sellerProductItemName": line["option"], "estimatedShippingDate": doc["ship_by"],
        "invoiceNumber": (line["invoice"] or {}).get("no", ""), "deliveryCompanyCode": (line["invoice"] or {}).get("courier"),
        "canceled": line["cancelled"] >= line["quantity"],
    }  # fmt: skip


def _return(doc: Doc, line: Doc) -> Doc:
    found = line["claim"]
    return {
        "receiptId": int(found["no"]), "orderId": int(doc["order_no"]), "receiptType": found["kind"].upper(),
        "receiptStatus": found["raw"], "createdAt": found["at"], "modifiedAt": line.get("changed_at"),
        "cancelReason": found["reason"], "releaseStopStatus": "",
        "returnItems": [{
            "vendorItemId": int(line["line_no"].split("-")[1]), "shipmentBoxId": doc["box"],
            "purchaseCount": line["quantity"], "cancelCount": found["quantity"],
        }],
    }  # fmt: skip


def _exchange(doc: Doc, line: Doc) -> Doc:
    found = line["claim"]
    return {
        "exchangeId": int(found["no"]), "orderId": int(doc["order_no"]), "exchangeStatus": found["raw"],
        "createdAt": found["at"], "modifiedAt": line.get("changed_at"), "reasonCodeText": found["reason"],
        "collectCompleteDate": line.get("changed_at") if found["stage"] == "collected" else None,
        "exchangeItemDtoV1s": [{
            "orderItemId": int(line["line_no"].split("-")[1]), "shipmentBoxId": doc["box"],
            "quantity": found["quantity"], "targetItemName": found.get("option"),
        }],
    }  # fmt: skip
