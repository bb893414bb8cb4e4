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
from backend.markets.feed_models import CommandKind
from backend.markets.gateway.account import Account
from backend.markets.gateway.code_maps import Unknown, answered, courier_at, table
from backend.markets.gateway.connected import Connected
from backend.markets.gateway.contract import Command, Refused, Sent, Told
from backend.markets.gateway.coupang_goods import CoupangGoods
from backend.markets.gateway.coupang_orders import exchanges_of, order_of, returns_of
from backend.markets.gateway.coupang_questions import CoupangQuestions
from backend.markets.gateway.http import Rejection, Wire
from backend.markets.gateway.reading import Row, closed, each, moment, opened, rows_of
from backend.orders.collected import CollectedClaim, CollectedFeed, CollectedOrder

OPEN = "/v2/providers/openapi/apis/api"
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


class Coupang(Connected):
    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        super().__init__(account, wire)
        self._vendor = f"vendors/{account.seller}"
        self._goods = CoupangGoods(self._call, account.seller)
        self._questions = CoupangQuestions(self._call, account.seller)

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

    def _tell_of_order(self, command: Command) -> Told:
        if command.kind is CommandKind.CLAIM:
            return self._answer(command.payload)
        if command.kind is CommandKind.STATUS:
            return self._acknowledge(command.payload)
        return self._invoice(command.payload)

    def _shows(self, command: Command) -> bool:
        said = command.payload
        try:
            if said.get("answer") == "cancel":
                return self._is_cancelled(said)
            if command.kind is CommandKind.CLAIM:
                return self._is_answered(said)
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


def _day(at: datetime) -> str:
    return clock.seoul(at).date().isoformat()


def _minute(at: datetime) -> str:
    return clock.seoul(at).strftime("%Y-%m-%dT%H:%M:%S")
