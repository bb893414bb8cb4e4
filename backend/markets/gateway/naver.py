"""Naver Commerce API (apicenter.commerce.naver.com: oauth2 token, pay-order-seller last-changed-statuses, query, confirm,
dispatch, claim; products).

The feed tells which product orders changed in at most 24 hours, 300 at a time; the details are asked for afterwards. One
product order is one line: an order comes with the lines of it that changed, not always with all.
"""

import base64
import hashlib
import hmac
import importlib
from datetime import datetime, timedelta
from itertools import batched

from backend.kit import clock
from backend.markets.feed_models import CommandKind
from backend.markets.gateway import tokens
from backend.markets.gateway.account import Account
from backend.markets.gateway.code_maps import Unknown, answered, courier_at, table
from backend.markets.gateway.connected import Tokened
from backend.markets.gateway.contract import Command, CredentialsRefused, Refused, Sent, Told
from backend.markets.gateway.http import Rejection, Wire
from backend.markets.gateway.naver_goods import NaverGoods
from backend.markets.gateway.naver_orders import claim_of, order_of
from backend.markets.gateway.naver_questions import NaverQuestions
from backend.markets.gateway.reading import Row, closed, each, moment, opened, rows_of
from backend.orders.collected import CollectedFeed

LINES = "/external/v1/pay-order/seller/product-orders"
PAGE, DETAILS = 300, 300
LOOK_BACK, WINDOW = timedelta(days=7), timedelta(hours=24)
STEPS = {
    "approve": "approve", "reject": "reject", "withdraw": "reject", "collected": "collect", "done": "complete",
    "cancel": "request", "request": "request", "exchange_sent": "dispatch",
}  # fmt: skip


class Naver(Tokened):
    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        super().__init__(account, wire)
        self._goods, self._questions = NaverGoods(self._call), NaverQuestions(self._call)

    def fetch(self, cursor: str | None) -> CollectedFeed:
        state, now = opened(cursor), clock.now()
        start = moment(state.get("from")) or now - LOOK_BACK
        end = min(start + WINDOW, max(now, start))
        params = {"lastChangedFrom": _said(start), "lastChangedTo": _said(end), "limitCount": str(PAGE)}
        if state.get("more"):
            params["moreSequence"] = state["more"]
        data = self._call("GET", f"{LINES}/last-changed-statuses", params=params).get("data") or {}
        numbers = list(dict.fromkeys(str(row["productOrderId"]) for row in rows_of(data, "lastChangeStatuses")))
        rows = self._details(numbers)
        unknown = Unknown()
        orders, bad = each(_by_order(rows), lambda row: str(row["number"]), lambda row: order_of(row, unknown))
        claims, _ = each(rows, lambda row: str(row["order"]["orderId"]), lambda row: claim_of(row, unknown))
        came = {str(row["productOrder"]["productOrderId"]) for row in rows if row.get("productOrder")}
        bad += [number for number in numbers if number not in came]
        further = data.get("more")
        ahead = {"from": further["moreFrom"], "more": further["moreSequence"]} if further else {"from": end.isoformat()}
        return CollectedFeed(
            tuple(orders), tuple(claim for claim in claims if claim), closed(ahead), bool(further) or end < now,
            tuple(bad), tuple(unknown.codes),
        )  # fmt: skip

    def _tell_of_order(self, command: Command) -> Told:
        said = command.payload
        if said.get("correction"):
            return Refused("Naver takes no correction of an invoice")
        data = self._send(command.kind, said).get("data") or {}
        failed = data.get("failProductOrderInfos") or []
        return Refused(f"{failed[0].get('code')}: {failed[0].get('message')}") if failed else Sent()

    def _shows(self, command: Command) -> bool:
        said = command.payload
        rows = self._details([said["line_no"]])
        if not rows:
            return False
        line = rows[0]["productOrder"]
        if command.kind is CommandKind.INVOICE:
            return bool((rows[0].get("delivery") or {}).get("trackingNumber") == said["tracking_no"])
        if command.kind is CommandKind.STATUS:
            return bool(line.get("placeOrderStatus") == "OK")
        return answered(str(said["answer"]), table("naver")["claim_status"].get(str(line.get("claimStatus"))))

    def _send(self, kind: CommandKind, said: Row) -> Row:
        number = said["line_no"]
        if kind is CommandKind.STATUS:
            return self._call("POST", f"{LINES}/confirm", json={"productOrderIds": [number]})
        if kind is CommandKind.INVOICE:
            return self._call("POST", f"{LINES}/dispatch", json={"dispatchProductOrders": [{
                "productOrderId": number, "deliveryMethod": "DELIVERY", "trackingNumber": said["tracking_no"],
                "deliveryCompanyCode": courier_at("naver", said["courier"]), "dispatchDate": _said(clock.now()),
            }]})  # fmt: skip
        path = f"{LINES}/{number}/claim/{said['kind']}/{STEPS[said['answer']]}"
        body = {"rejectDetailContent": said.get("reason")}
        if said["answer"] == "exchange_sent":
            body = {
                "reDeliveryMethod": "DELIVERY", "reDeliveryCompany": courier_at("naver", said["courier"]),
                "reDeliveryTrackingNumber": said["tracking_no"],
            }  # fmt: skip
        return self._call("POST", path, json=body)

    def _details(self, numbers: list[str]) -> list[Row]:
        rows: list[Row] = []
        for some in batched(numbers, DETAILS):
            body = {"productOrderIds": list(some), "quantityClaimCompatibility": True}
            rows += rows_of(self._call("POST", f"{LINES}/query", json=body), "data")
        return rows

    def _renewed(self, token: tokens.Token | None) -> tokens.Token:
        now = clock.now()
        timestamp = str(int(now.timestamp() * 1000))
        form = {
            "client_id": self._account.client_id, "timestamp": timestamp, "grant_type": "client_credentials", "type": "SELF",
            "client_secret_sign": sign(self._account.client_id, self._account.secret, timestamp),
        }  # fmt: skip
        try:
            body = self._wire.call("POST", "/external/v1/oauth2/token", data=form)
        except Rejection as no:
            raise CredentialsRefused(str(no)) from no
        return tokens.Token(body["access_token"], None, now + timedelta(seconds=int(body["expires_in"])))


def sign(client_id: str, secret: str, timestamp: str) -> str:
    """Base64 of bcrypt(client_id_timestamp) with the secret as its salt; a secret that is no bcrypt salt belongs to the
    sandbox, which takes an HMAC of the same text. Raises CredentialsRefused where bcrypt is needed and not installed."""
    said = f"{client_id}_{timestamp}".encode()
    if not secret.startswith("$2"):
        return base64.b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()).decode()
    try:
        bcrypt = importlib.import_module("bcrypt")
    except ImportError as error:
        raise CredentialsRefused("the real Naver needs the package bcrypt") from error
    return base64.b64encode(bcrypt.hashpw(said, secret.encode())).decode()


def _by_order(rows: list[Row]) -> list[Row]:
    """One entry for each order with its product orders; one whose order number is missing stands alone."""
    found: dict[str, Row] = {}
    for row in rows:
        number = str(
            (row.get("order") or {}).get("orderId") or f"?{(row.get('productOrder') or {}).get('productOrderId')}"
        )
        found.setdefault(number, {"number": number, "rows": []})["rows"].append(row)
    return list(found.values())


def _said(at: datetime) -> str:
    return clock.seoul(at).isoformat(timespec="milliseconds")
