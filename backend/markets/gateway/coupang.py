"""Coupang Open API (developers.coupangcorp.com: HMAC, ordersheets v4 by status and day, acknowledgement, invoices,
returnRequests v6, exchangeRequests v4, seller-products, vendor-items).

There is no list of changes, and a list needs a status: a sweep asks for each of the six (NONE_TRACKING as well, the one
that is forgotten), then for returns and exchanges. A line's number here is "<shipmentBoxId>-<vendorItemId>".
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind
from backend.markets.gateway.account import Account
from backend.markets.gateway.code_maps import (
    Unknown,
    answered,
    claim_kind_of,
    claim_state_of,
    courier_at,
    fulfilment_of,
    table,
)  # fmt: skip
from backend.markets.gateway.contract import Command, Refused, Sent, Told
from backend.markets.gateway.http import Rejection, Wire
from backend.markets.gateway.reading import (
    Row,
    address,
    closed,
    day,
    each,
    moment,
    moment_of,
    opened,
    rows_of,
    text,
    won,
)
from backend.orders.collected import CollectedClaim, CollectedFeed, CollectedLine, CollectedOrder
from backend.orders.states import ClaimKind, Fulfilment

OPEN = "/v2/providers/openapi/apis/api"
GOODS = "/v2/providers/seller_api/apis/api/v1/marketplace"
PAGE = 50
#: what a sweep asks for, in this order, and how many days back
LISTS = (
    ("ACCEPT", 30), ("INSTRUCT", 30), ("DEPARTURE", 14), ("DELIVERING", 14), ("NONE_TRACKING", 14), ("FINAL_DELIVERY", 7),
    ("returns", 14), ("exchanges", 6),
)  # fmt: skip
EXCHANGE_WINDOW, EXCHANGE_WEEKS = timedelta(days=7), 5
RETURN_STEP = {
    ("cancel", "approve"): "stoppedShipment", ("cancel", "done"): "stoppedShipment", ("cancel", "reject"): "completedShipment",
    ("return", "collected"): "receiveConfirmation", ("return", "approve"): "approval", ("return", "done"): "approval",
    ("exchange", "collected"): "receiveConfirmation", ("exchange", "reject"): "rejection", ("exchange", "approve"): "approval",
    ("exchange", "done"): "approval",
}  # fmt: skip


class Coupang:
    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        self._account, self._wire = account, wire or Wire(account.url)
        self._vendor = f"vendors/{account.seller}"

    def close(self) -> None:
        self._wire.close()

    def fetch(self, cursor: str | None) -> CollectedFeed:
        state, now = opened(cursor), clock.now()
        at = moment(state.get("at")) or now  # the whole sweep looks from one moment
        number, token = int(state.get("list", 0)), str(state.get("token", ""))
        name, days = LISTS[number]
        body = self._page(name, at - timedelta(days=days), at, token)
        rows, unknown = rows_of(body, "data"), Unknown()
        orders: list[CollectedOrder] = []
        claims: list[list[CollectedClaim]] = []
        if name == "returns":
            claims, bad = each(rows, lambda row: str(row["orderId"]), lambda row: returns_of(row, unknown))
        elif name == "exchanges":
            claims, bad = each(rows, lambda row: str(row["orderId"]), lambda row: exchanges_of(row, unknown))
        else:
            orders, bad = each(rows, lambda row: str(row["orderId"]), lambda row: order_of(row, unknown))
        following = str(body.get("nextToken") or "")
        number = number if following else number + 1
        more = number < len(LISTS)
        ahead = {"at": at.isoformat(), "list": number, "token": following} if more else {"list": 0}
        return CollectedFeed(
            tuple(orders), tuple(claim for some in claims for claim in some), closed(ahead), more, tuple(bad), tuple(unknown.codes)
        )  # fmt: skip

    def _page(self, name: str, start: datetime, end: datetime, token: str) -> Row:
        query: dict[str, Any] = {"createdAtFrom": _day(start), "createdAtTo": _day(end)}
        if name == "exchanges":
            query = {"createdAtFrom": _minute(start), "createdAtTo": _minute(end + timedelta(minutes=1))}
        path = {"returns": "v6/{}/returnRequests", "exchanges": "v4/{}/exchangeRequests"}.get(name, "v4/{}/ordersheets")
        if name not in ("returns", "exchanges"):
            query["status"] = name
        if token:
            query["nextToken"] = token
        return self._call("GET", f"{OPEN}/{path.format(self._vendor)}", {**query, "maxPerPage": PAGE})

    def tell(self, command: Command) -> Told:
        said = command.payload
        try:
            if command.kind is CommandKind.LISTING:
                return self._list(said)
            if command.kind is CommandKind.STOCK:
                return self._stock(said)
            if command.kind is CommandKind.CLAIM:
                return self._answer(said)
            if command.kind is CommandKind.STATUS:
                return self._acknowledge(said)
            return self._invoice(said)
        except Rejection as no:
            return Refused(str(no))

    def holds(self, command: Command) -> bool:
        said = command.payload
        try:
            if said.get("answer") == "cancel":
                return self._is_cancelled(said)
            if command.kind is CommandKind.CLAIM:
                return self._is_answered(said)
            if command.kind not in (CommandKind.INVOICE, CommandKind.STATUS):
                return False
            sheet = self._sheet(said)
        except Rejection:
            return False
        if command.kind is CommandKind.STATUS:
            return bool(sheet["status"] != "ACCEPT")
        item = said["line_no"].split("-")[1]
        mine = [row for row in sheet["orderItems"] if str(row["vendorItemId"]) == item]
        return any(row.get("invoiceNumber") == said["tracking_no"] for row in mine)

    def _is_answered(self, said: Row) -> bool:
        """Of an exchange Coupang tells "in progress" before and after its goods are back: their own date tells which. A
        parcel that was said to have left already is no longer to be stopped, and Coupang looks into it."""
        if said["kind"] == "exchange":
            row = self._exchange(said)
            if row is None:
                return False
            if said["answer"] == "collected" and row.get("collectCompleteDate"):
                return True
            return answered(str(said["answer"]), table("coupang")["exchange_status"].get(row["exchangeStatus"]))
        row = self._call("GET", f"{OPEN}/v6/{self._vendor}/returnRequests/{said['claim_no']}")["data"]
        state = table("coupang")["return_status"].get(row["receiptStatus"])
        if (said["kind"], said["answer"]) == ("cancel", "reject"):
            return state == "held"
        return answered(str(said["answer"]), state)

    def _exchange(self, said: Row) -> Row | None:
        """There is no asking for one: the order's are asked for, a week at a time, as far back as exchanges are answered."""
        until = clock.now() + timedelta(minutes=1)
        for week in range(EXCHANGE_WEEKS):
            end = until - week * EXCHANGE_WINDOW
            query = {
                "createdAtFrom": _minute(end - EXCHANGE_WINDOW), "createdAtTo": _minute(end), "orderId": str(said["order_no"]),
            }  # fmt: skip
            body = self._call("GET", f"{OPEN}/v4/{self._vendor}/exchangeRequests", query)
            for row in rows_of(body, "data"):
                if str(row["exchangeId"]) == str(said["claim_no"]):
                    return row
        return None

    def _is_cancelled(self, said: Row) -> bool:
        """A sheet whose last piece was cancelled is not there any more."""
        try:
            item = said["line_no"].split("-")[1]
            return all(
                row.get("canceled") for row in self._sheet(said)["orderItems"] if str(row["vendorItemId"]) == item
            )
        except Rejection:
            return True

    def _sheet(self, said: Row) -> Row:
        box = said["line_no"].split("-")[0]
        found: Row = self._call("GET", f"{OPEN}/v4/{self._vendor}/ordersheets/{box}")["data"]
        return found

    def _acknowledge(self, said: Row) -> Told:
        box = int(said["line_no"].split("-")[0])
        body = {"vendorId": self._account.seller, "shipmentBoxIds": [box]}
        return _each(self._call("PUT", f"{OPEN}/v4/{self._vendor}/ordersheets/acknowledgement", body=body))

    def _invoice(self, said: Row) -> Told:
        """A sheet that was never acknowledged is, first: Coupang takes invoices of prepared ones only."""
        told = self._upload(said)
        if isinstance(told, Refused) and self._sheet(said)["status"] == "ACCEPT":
            prepared = self._acknowledge(said)
            return self._upload(said) if isinstance(prepared, Sent) else prepared
        return told

    def _upload(self, said: Row) -> Told:
        box, item = said["line_no"].split("-")
        body = {"vendorId": self._account.seller, "orderSheetInvoiceApplyDtos": [{
            "shipmentBoxId": int(box), "orderId": int(said["order_no"]), "vendorItemId": int(item),
            "deliveryCompanyCode": courier_at("coupang", said["courier"]), "invoiceNumber": said["tracking_no"],
            "splitShipping": False, "preSplitShipped": False, "estimatedShippingDate": "",
        }]}  # fmt: skip
        path = "updateInvoices" if said.get("correction") else "invoices"
        return _each(self._call("POST", f"{OPEN}/v4/{self._vendor}/orders/{path}", body=body))

    def _answer(self, said: Row) -> Told:
        if said["answer"] == "cancel":
            return self._cancel(said)
        if said["answer"] == "exchange_sent":
            return self._send_exchange(said)
        step = RETURN_STEP.get((said["kind"], said["answer"]))
        if step is None:
            return Refused(f"Coupang takes no {said['answer']} of a {said['kind']}")
        requests = "exchangeRequests" if said["kind"] == "exchange" else "returnRequests"
        body = {"vendorId": self._account.seller, "receiptId": int(said["claim_no"])}
        self._call("PUT", f"{OPEN}/v4/{self._vendor}/{requests}/{said['claim_no']}/{step}", body=body)
        return Sent()

    def _cancel(self, said: Row) -> Told:
        body = {
            "orderId": int(said["order_no"]), "vendorItemIds": [int(said["line_no"].split("-")[1])],
            "receiptCounts": [said["quantity"]], "bigCancelCode": "CANERR", "middleCancelCode": "CCTTER",
            "vendorId": self._account.seller, "userId": self._account.seller,
        }  # fmt: skip
        self._call("POST", f"{OPEN}/v5/{self._vendor}/orders/{said['order_no']}/cancel", body=body)
        return Sent()

    def _send_exchange(self, said: Row) -> Told:
        rows = [{
            "exchangeId": said["claim_no"], "vendorId": self._account.seller, "invoiceNumber": said["tracking_no"],
            "shipmentBoxId": said["line_no"].split("-")[0], "goodsDeliveryCode": courier_at("coupang", said["courier"]),
        }]  # fmt: skip
        self._call("POST", f"{OPEN}/v4/{self._vendor}/exchangeRequests/{said['claim_no']}/invoices", body=rows)
        return Sent()

    def _stock(self, said: Row) -> Told:
        found = self._call("GET", f"{GOODS}/seller-products/external-vendor-sku-codes/{said['item_code']}")["data"]
        if not found:
            return Refused(f"no option {said['item_code']}")
        self._call("PUT", f"{GOODS}/vendor-items/{found[0]['vendorItemId']}/quantities/{said['quantity']}")
        return Sent()

    def _list(self, said: Row) -> Told:
        number = said.get("product_no")
        if not number:
            found = self._call("GET", f"{GOODS}/seller-products/external-vendor-sku-codes/{said['seller_code']}")[
                "data"
            ]
            number = found[0]["sellerProductId"] if found else None
        body: Row = {
            "sellerProductName": said["title"], "vendorId": self._account.seller,
            "items": [{"itemName": said["title"], "salePrice": said["price"], "externalVendorSku": said["seller_code"]}],
        }  # fmt: skip
        if number:
            self._call("PUT", f"{GOODS}/seller-products", body={**body, "sellerProductId": int(number)})
        else:
            number = self._call("POST", f"{GOODS}/seller-products", body=body)["data"]
        return Sent(result={"product_no": str(number)})

    def _call(self, method: str, path: str, query: Row | None = None, *, body: Any = None) -> Row:
        """Signed as it is sent: the query is put together once, for the signature and for the address."""
        asked = urlencode(query or {})
        headers = {
            "Authorization": authorization(self._account, method, path, asked),
            "X-Requested-By": self._account.seller,
        }
        return self._wire.call(method, f"{path}?{asked}" if asked else path, headers=headers, json=body)


def authorization(account: Account, method: str, path: str, query: str) -> str:
    """CEA: HMAC-SHA256 with the secret over date, method, path and query, in GMT."""
    signed = clock.now().strftime("%y%m%dT%H%M%SZ")
    signature = hmac.new(account.secret.encode(), f"{signed}{method}{path}{query}".encode(), hashlib.sha256).hexdigest()
    return f"CEA algorithm=HmacSHA256, access-key={account.client_id}, signed-date={signed}, signature={signature}"


def _each(body: Row) -> Told:
    rows = (body.get("data") or {}).get("responseList") or []
    failed = [row for row in rows if not row.get("succeed")]
    return Refused(f"{failed[0].get('resultCode')}: {failed[0].get('resultMessage')}") if failed else Sent()


def order_of(sheet: Row, unknown: Unknown) -> CollectedOrder:
    to, items = sheet["receiver"], sheet["orderItems"]
    raw = str(sheet["status"])
    state = fulfilment_of(table("coupang")["status"], raw, unknown)
    return CollectedOrder(
        market=Market.COUPANG, market_order_no=str(sheet["orderId"]), ordered_at=moment_of(sheet["orderedAt"]),
        paid_at=moment(sheet.get("paidAt")), buyer_name=sheet["orderer"]["name"],
        buyer_phone=text(sheet["orderer"].get("safeNumber")),
        lines=tuple(_line(sheet, item, raw, state) for item in items),
        total=sum(won(item["orderPrice"]) - won(item.get("discountPrice")) for item in items) + won(sheet.get("shippingPrice")),
        recipient_name=text(to.get("name")), recipient_phone=text(to.get("safeNumber")), postcode=text(to.get("postCode")),
        address=address(to.get("addr1"), to.get("addr2")), message=text(sheet.get("parcelPrintMessage")),
        ship_by=day(items[0].get("estimatedShippingDate")),
    )  # fmt: skip


def _line(sheet: Row, item: Row, raw: str, state: Fulfilment) -> CollectedLine:
    """`shippingCount` is without what was cancelled; the line keeps what was ordered."""
    return CollectedLine(
        market_line_no=f"{sheet['shipmentBoxId']}-{item['vendorItemId']}",
        name=item.get("sellerProductName") or item["vendorItemName"],
        quantity=int(item["shippingCount"]) + int(item.get("cancelCount") or 0), amount=won(item["orderPrice"]),
        discount=won(item.get("discountPrice")), fulfilment=Fulfilment.CANCELLED if item.get("canceled") else state,
        raw_status=raw, market_product_no=text(item.get("sellerProductId")), seller_code=text(item.get("externalVendorSkuCode")),
        option=text(item.get("sellerProductItemName")),
    )  # fmt: skip


def returns_of(row: Row, unknown: Unknown) -> list[CollectedClaim]:
    known, raw = table("coupang"), str(row["receiptStatus"])
    kind = claim_kind_of(known["return_type"], str(row["receiptType"]), unknown) or ClaimKind.RETURN
    state = claim_state_of(known["return_status"], raw, unknown)
    if state is None:
        return []
    return [
        CollectedClaim(
            market=Market.COUPANG, market_order_no=str(row["orderId"]),
            market_line_no=f"{item['shipmentBoxId']}-{item['vendorItemId']}", claim_no=str(row["receiptId"]), kind=kind,
            state=state, raw_code=raw, quantity=int(item["cancelCount"]), requested_at=moment_of(row["createdAt"]),
            reason=text(row.get("cancelReason")), changed_at=moment(row.get("modifiedAt")),
        )
        for item in row["returnItems"]
    ]  # fmt: skip


def exchanges_of(row: Row, unknown: Unknown) -> list[CollectedClaim]:
    raw = str(row["exchangeStatus"])
    state = claim_state_of(table("coupang")["exchange_status"], raw, unknown)
    if state is None:
        return []
    return [
        CollectedClaim(
            market=Market.COUPANG, market_order_no=str(row["orderId"]),
            market_line_no=f"{item['shipmentBoxId']}-{item['orderItemId']}", claim_no=str(row["exchangeId"]),
            kind=ClaimKind.EXCHANGE, state=state, raw_code=raw, quantity=int(item["quantity"]),
            requested_at=moment_of(row["createdAt"]), reason=text(row.get("reasonCodeText")),
            exchange_option=text(item.get("targetItemName")), changed_at=moment(row.get("modifiedAt")),
        )
        for item in row["exchangeItemDtoV1s"]
    ]  # fmt: skip


def _day(at: datetime) -> str:
    return clock.seoul(at).date().isoformat()


def _minute(at: datetime) -> str:
    return clock.seoul(at).strftime("%Y-%m-%dT%H:%M:%S")
