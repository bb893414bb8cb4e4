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
from typing import Any

from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind
from backend.markets.gateway import tokens
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
from backend.markets.gateway.contract import Command, CredentialsRefused, Refused, Sent, Told
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

LINES = "/external/v1/pay-order/seller/product-orders"
PAGE, DETAILS = 300, 300
LOOK_BACK, WINDOW = timedelta(days=7), timedelta(hours=24)
STEPS = {
    "approve": "approve", "reject": "reject", "withdraw": "reject", "collected": "collect", "done": "complete",
    "cancel": "request", "request": "request", "exchange_sent": "dispatch",
}  # fmt: skip


class Naver:
    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        self._account, self._wire = account, wire or Wire(account.url)

    def close(self) -> None:
        self._wire.close()

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

    def tell(self, command: Command) -> Told:
        said = command.payload
        if said.get("correction"):
            return Refused("Naver takes no correction of an invoice")
        try:
            if command.kind is CommandKind.LISTING:
                return self._list(said)
            if command.kind is CommandKind.STOCK:
                options = [{"sellerManagerCode": said["item_code"], "stockQuantity": said["quantity"]}]
                body = {"optionInfo": {"optionCombinations": options}}
                self._call("PUT", f"/external/v1/products/origin-products/{said['product_no']}/option-stock", json=body)
                return Sent()
            data = self._send(command.kind, said).get("data") or {}
        except Rejection as no:
            return Refused(str(no))
        failed = data.get("failProductOrderInfos") or []
        return Refused(f"{failed[0].get('code')}: {failed[0].get('message')}") if failed else Sent()

    def holds(self, command: Command) -> bool:
        if command.kind in (CommandKind.STOCK, CommandKind.LISTING):
            return False
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

    def _list(self, said: Row) -> Told:
        body = {"originProduct": {
            "statusType": "SALE", "name": said["title"], "salePrice": said["price"],
            "detailAttribute": {"sellerCodeInfo": {"sellerManagementCode": said["seller_code"]}},
        }}  # fmt: skip
        number = said.get("product_no")
        if not number:
            asked = {"searchKeywordType": "SELLER_CODE", "sellerManagementCode": said["seller_code"]}
            found = self._call("POST", "/external/v1/products/search", json=asked)
            number = found["contents"][0]["originProductNo"] if found.get("contents") else None
        if number:
            self._call("PUT", f"/external/v2/products/origin-products/{number}", json=body)
        else:
            number = self._call("POST", "/external/v2/products", json=body)["originProductNo"]
        return Sent(result={"product_no": str(number)})

    def _details(self, numbers: list[str]) -> list[Row]:
        rows: list[Row] = []
        for some in batched(numbers, DETAILS):
            body = {"productOrderIds": list(some), "quantityClaimCompatibility": True}
            rows += rows_of(self._call("POST", f"{LINES}/query", json=body), "data")
        return rows

    def _call(self, method: str, path: str, **given: Any) -> Row:
        """Once more with a fresh token where the kept one is refused."""
        try:
            return self._wire.call(method, path, headers=self._bearer(), **given)
        except CredentialsRefused:
            return self._wire.call(method, path, headers=self._bearer(renew=True), **given)

    def _bearer(self, *, renew: bool = False) -> dict[str, str]:
        token = tokens.kept(self._account.shop_id, Market.SMARTSTORE)
        if renew or token is None or not token.lives():
            token = self._fresh()
            tokens.keep(self._account.shop_id, Market.SMARTSTORE, token)
        return {"Authorization": f"Bearer {token.access}"}

    def _fresh(self) -> tokens.Token:
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


def order_of(entry: Row, unknown: Unknown) -> CollectedOrder:
    rows = list({str(row["productOrder"]["productOrderId"]): row for row in entry["rows"]}.values())
    order, first = rows[0]["order"], rows[0]["productOrder"]
    to = first["shippingAddress"]
    return CollectedOrder(
        market=Market.SMARTSTORE, market_order_no=str(order["orderId"]), ordered_at=moment_of(order["orderDate"]),
        paid_at=moment(order.get("paymentDate")), buyer_name=order["ordererName"], buyer_phone=text(order.get("ordererTel")),
        lines=tuple(_line(row["productOrder"], unknown) for row in rows),
        total=sum(won(order.get(key)) for key in (
            "generalPaymentAmount", "naverMileagePaymentAmount", "chargeAmountPaymentAmount", "payLaterPaymentAmount",
        )),
        recipient_name=text(to.get("name")), recipient_phone=text(to.get("tel1")), country=to.get("country") or "KR",
        postcode=text(to.get("zipCode")), address=address(to.get("baseAddress"), to.get("detailedAddress")),
        message=text(first.get("shippingMemo")), ship_by=day(first.get("shippingDueDate")),
    )  # fmt: skip


def _line(line: Row, unknown: Unknown) -> CollectedLine:
    raw, known = str(line["productOrderStatus"]), table("naver")
    return CollectedLine(
        market_line_no=str(line["productOrderId"]), name=line["productName"], quantity=int(line["quantity"]),
        amount=won(line["totalProductAmount"]), discount=won(line.get("sellerBurdenDiscountAmount")),
        fulfilment=fulfilment_of(known["status"], raw, unknown), raw_status=raw, raw_claim=text(line.get("claimStatus")),
        market_product_no=text(line.get("productId")), seller_code=text(line.get("optionManageCode")),
        option=text(line.get("productOption")),
    )  # fmt: skip


def claim_of(row: Row, unknown: Unknown) -> CollectedClaim | None:
    """None without a claim, and for a purchase decision that is put off."""
    line, known = row["productOrder"], table("naver")
    if not line.get("claimStatus"):
        return None
    kind = claim_kind_of(known["claim_type"], str(line.get("claimType")), unknown)
    state = claim_state_of(known["claim_status"], str(line["claimStatus"]), unknown)
    if kind is None or state is None:
        return None
    told = (row.get("currentClaim") or {}).get(kind.value) or {}
    ordered = row["order"].get("paymentDate") or row["order"]["orderDate"]
    return CollectedClaim(
        market=Market.SMARTSTORE, market_order_no=str(row["order"]["orderId"]), market_line_no=str(line["productOrderId"]),
        claim_no=str(told.get("claimId") or f"{line['productOrderId']}-{kind.value}"), kind=kind, state=state,
        raw_code=str(line["claimStatus"]), quantity=int(told.get("requestQuantity") or line["quantity"]),
        requested_at=moment_of(told.get("claimRequestDate") or ordered),
        reason=text(told.get(f"{kind.value}DetailedReason")) or text(told.get(f"{kind.value}Reason")),
    )  # fmt: skip


def _said(at: datetime) -> str:
    return clock.seoul(at).isoformat(timespec="milliseconds")
