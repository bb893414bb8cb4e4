"""Cafe24 Admin API (developers.cafe24.com/docs/api/admin: Orders with items, buyer and receivers embedded, Shipments,
Cancellation/Return/Exchange, Products, Products variants inventories; OAuth with a refresh token that changes each time).

There is no list of changes: a sweep asks once for each kind of date (ordered, shipped, delivered, claimed …) what
happened since the last sweep. An order's claim codes stand in the line's own order_status.
"""

import base64
from datetime import timedelta
from typing import Any

from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind
from backend.markets.gateway import tokens
from backend.markets.gateway.account import Account
from backend.markets.gateway.code_maps import Unknown, answered, courier_at, table
from backend.markets.gateway.contract import Command, CredentialsRefused, Refused, Sent, Told
from backend.markets.gateway.http import Rejection, Wire
from backend.markets.gateway.reading import Row, address, closed, each, moment, moment_of, opened, rows_of, text, won
from backend.orders.collected import CollectedClaim, CollectedFeed, CollectedLine, CollectedOrder
from backend.orders.states import ClaimKind, ClaimState, Fulfilment

PASSES = (
    "order_date", "pay_date", "shipbegin_date", "shipend_date", "purchaseconfirmation_date", "cancel_request_date",
    "return_request_date", "exchange_request_date", "cancel_date", "return_date", "exchange_date",
)  # fmt: skip
PAGE = 500  # of at most 1,000
LOOK_BACK, OVERLAP = timedelta(days=7), timedelta(minutes=2)
CLAIM_PATH = {"cancel": "cancellation", "return": "return", "exchange": "exchange"}
CLAIM_STATUS = {"approve": "accepted", "reject": "rejected", "collected": "collected", "withdraw": "withdrawn"}
ENDS_THE_CLAIM = ("reject", "withdraw")
DONE_STATUS = {"cancel": "canceled", "return": "returned", "exchange": "exchanged"}


class Cafe24:
    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        self._account, self._wire = account, wire or Wire(account.url)

    def close(self) -> None:
        self._wire.close()

    def fetch(self, cursor: str | None) -> CollectedFeed:
        state, now = opened(cursor), clock.now()
        since = moment(state.get("since")) or now - LOOK_BACK
        until = moment(state.get("until")) or now
        number, offset = int(state.get("pass", 0)), int(state.get("offset", 0))
        body = self._call("GET", "/api/v2/admin/orders", params={
            "date_type": PASSES[number], "start_date": _said(since - OVERLAP), "end_date": _said(until),
            "embed": "items,buyer,receivers", "limit": PAGE, "offset": offset,
        })  # fmt: skip
        rows, unknown = rows_of(body, "orders"), Unknown()
        orders, bad = each(rows, lambda row: str(row["order_id"]), lambda row: order_of(row, unknown))
        claims, _ = each(rows, lambda row: str(row["order_id"]), lambda row: claims_of(row))
        if len({row.get("order_id") for row in rows}) >= PAGE:
            offset += PAGE
        else:
            number, offset = number + 1, 0
        more = number < len(PASSES)
        ahead = {"since": since.isoformat(), "until": until.isoformat(), "pass": number, "offset": offset}
        return CollectedFeed(
            tuple(orders), tuple(claim for some in claims for claim in some),
            closed(ahead if more else {"since": until.isoformat()}), more, tuple(bad), tuple(unknown.codes),
        )  # fmt: skip

    def tell(self, command: Command) -> Told:
        said = command.payload
        try:
            if command.kind is CommandKind.LISTING:
                return self._list(said)
            self._send(command.kind, said)
        except Rejection as no:
            return Refused(str(no))
        return Sent()

    def holds(self, command: Command) -> bool:
        if command.kind in (CommandKind.STOCK, CommandKind.LISTING):
            return False  # the newest counts, and telling it twice changes nothing
        said = command.payload
        try:
            item = self._item(said)
        except Rejection:
            return False
        if command.kind is CommandKind.INVOICE:
            return bool(item.get("tracking_no") == said["tracking_no"])
        known = table("cafe24").get(str(item["order_status"]), {})
        if said.get("status") == "delivered":
            return bool(item.get("delivered_date"))
        if command.kind is CommandKind.STATUS:
            return str(item["order_status"]) not in ("N00", "N10") and "claim" not in known
        if said["answer"] in ENDS_THE_CLAIM and known and "claim" not in known:
            return True  # the line goes on as if nobody had asked
        return answered(str(said["answer"]), known.get("state"))

    def _send(self, kind: CommandKind, said: Row) -> None:
        order = f"/api/v2/admin/orders/{said.get('order_no')}"
        if said.get("correction") or said.get("status") == "delivered":
            parcel = {"status": "shipped"} if kind is CommandKind.STATUS else {
                "tracking_no": said["tracking_no"], "shipping_company_code": courier_at("cafe24", said["courier"]),
            }  # fmt: skip
            self._put(f"{order}/shipments/{self._item(said)['shipping_code']}", parcel)
        elif kind is CommandKind.STATUS:
            self._put(order, {"process_status": "prepare", "order_item_code": [said["line_no"]]})
        elif kind is CommandKind.INVOICE:
            request = {
                "tracking_no": said["tracking_no"], "shipping_company_code": courier_at("cafe24", said["courier"]),
                "order_item_code": [said["line_no"]], "status": "shipping",
            }  # fmt: skip
            self._call("POST", f"{order}/shipments", json={"shop_no": 1, "request": request})
        elif kind is CommandKind.CLAIM:
            if said["answer"] in ("cancel", "request"):
                items = [{"order_item_code": said["line_no"], "quantity": said["quantity"]}]
                request = {"order_id": said["order_no"], "items": items, "reason": said.get("reason")}
                path = f"/api/v2/admin/{CLAIM_PATH[said['kind']]}"
                self._call("POST", path, json={"shop_no": 1, "request": request})
                return
            ends = said["answer"] in ("done", "exchange_sent")
            status = DONE_STATUS[said["kind"]] if ends else CLAIM_STATUS[said["answer"]]
            path = f"/api/v2/admin/{CLAIM_PATH[said['kind']]}/{said['claim_no']}"
            self._put(path, {"order_id": said["order_no"], "status": status, "reason": said.get("reason")})
        else:
            number = said["product_no"] if str(said["product_no"]).isdigit() else self._number_of(said["item_code"])
            path = f"/api/v2/admin/products/{number}/variants/{said['item_code']}/inventories"
            self._put(path, {"quantity": said["quantity"]})

    def _number_of(self, code: str) -> str:
        """The mall's own number of the product with this code, which is all that we know it by."""
        found = self._call("GET", "/api/v2/admin/products", params={"custom_product_code": code})["products"]
        if not found:
            raise Rejection(404, "NOT_FOUND", f"no product {code}")
        return str(found[0]["product_no"])

    def _item(self, said: Row) -> Row:
        body = self._call("GET", f"/api/v2/admin/orders/{said['order_no']}", params={"embed": "items"})
        for row in rows_of(body["order"], "items"):
            if row["order_item_code"] == said["line_no"]:
                return row
        raise Rejection(404, "NOT_FOUND", f"no line {said['line_no']}")

    def _put(self, path: str, request: Row) -> None:
        self._call("PUT", path, json={"shop_no": 1, "request": request})

    def _list(self, said: Row) -> Told:
        """A product under the same code is the same product: asked before one is made, as a lost answer would make two."""
        request = {
            "product_name": said["title"], "custom_product_code": said["seller_code"], "price": str(said["price"]), "selling": "T",
        }  # fmt: skip
        number = said.get("product_no")
        if not number:
            found = self._call("GET", "/api/v2/admin/products", params={"custom_product_code": said["seller_code"]})
            number = found["products"][0]["product_no"] if found["products"] else None
        if number:
            self._call("PUT", f"/api/v2/admin/products/{number}", json={"shop_no": 1, "request": request})
        else:
            made = self._call("POST", "/api/v2/admin/products", json={"shop_no": 1, "request": request})
            number = made["product"]["product_no"]
        return Sent(result={"product_no": str(number)})

    def _call(self, method: str, path: str, **given: Any) -> Row:
        """Once more with a fresh token where the kept one is refused."""
        try:
            return self._wire.call(method, path, headers=self._bearer(), **given)
        except CredentialsRefused:
            return self._wire.call(method, path, headers=self._bearer(renew=True), **given)

    def _bearer(self, *, renew: bool = False) -> dict[str, str]:
        token = tokens.kept(self._account.shop_id, Market.MALL)
        if renew or token is None or not token.lives():
            token = self._renewed(token)
            tokens.keep(self._account.shop_id, Market.MALL, token)
        return {"Authorization": f"Bearer {token.access}", "X-Cafe24-Api-Version": "2025-06-01"}

    def _renewed(self, token: tokens.Token | None) -> tokens.Token:
        """By the kept refresh token; where that is refused, by the account's own (the merchant consented anew)."""
        known = [token.refresh if token else None, self._account.refresh_token]
        refresh, *other = dict.fromkeys(one for one in known if one)
        try:
            return self._by(refresh)
        except CredentialsRefused:
            if not other:
                raise
            return self._by(other[0])

    def _by(self, refresh: str) -> tokens.Token:
        basic = base64.b64encode(f"{self._account.client_id}:{self._account.secret}".encode()).decode()
        try:
            body = self._wire.call(
                "POST", "/api/v2/oauth/token", data={"grant_type": "refresh_token", "refresh_token": refresh},
                headers={"Authorization": f"Basic {basic}"},
            )  # fmt: skip
        except Rejection as no:
            raise CredentialsRefused(str(no)) from no
        return tokens.Token(body["access_token"], body["refresh_token"], moment_of(body["expires_at"]))


def order_of(row: Row, unknown: Unknown) -> CollectedOrder:
    to = row["receivers"][0]
    lines = tuple(_line(item, unknown) for item in row["items"])
    changed = [at for item in row["items"] if (at := moment(item.get("status_changed_date")))]
    return CollectedOrder(
        market=Market.MALL, market_order_no=str(row["order_id"]), ordered_at=moment_of(row["order_date"]),
        paid_at=moment(row.get("payment_date")) if row.get("paid") == "T" else None, buyer_name=row["buyer"]["name"],
        buyer_phone=text(row["buyer"].get("cellphone")), lines=lines, total=won(row["actual_order_amount"]["total_amount_due"]),
        recipient_name=text(to.get("name")), recipient_phone=text(to.get("cellphone")), country=to.get("country_code") or "KR",
        postcode=text(to.get("zipcode")), address=address(to.get("address1"), to.get("address2")),
        message=text(to.get("shipping_message")), changed_at=max(changed, default=None),
    )  # fmt: skip


def _line(item: Row, unknown: Unknown) -> CollectedLine:
    raw = str(item["order_status"])
    known = table("cafe24").get(raw)
    if known is None:
        unknown.note("status", raw)
        known = {"fulfilment": Fulfilment.UNALLOCATED.value}
    return CollectedLine(
        market_line_no=item["order_item_code"], name=item["product_name"], quantity=int(item["quantity"]),
        amount=won(item["product_price"]) * int(item["quantity"]), discount=won(item.get("coupon_discount_price")),
        fulfilment=Fulfilment(known["fulfilment"]) if "fulfilment" in known else _by_dates(item), raw_status=raw,
        raw_claim=raw if "claim" in known else None, market_product_no=text(item.get("product_no")),
        seller_code=text(item.get("custom_variant_code")), option=text(item.get("option_value")),
    )  # fmt: skip


def _by_dates(item: Row) -> Fulfilment:
    if item.get("delivered_date"):
        return Fulfilment.DELIVERED
    return Fulfilment.SHIPPED if item.get("shipped_date") else Fulfilment.UNALLOCATED


def claims_of(row: Row) -> list[CollectedClaim]:
    claims = []
    for item in row["items"]:
        raw = str(item["order_status"])
        known = table("cafe24").get(raw, {})
        if "claim" not in known:
            continue
        kind = ClaimKind(known["claim"])
        requested = moment(item.get("claim_request_date")) or moment(item.get("status_changed_date"))
        claims.append(CollectedClaim(
            market=Market.MALL, market_order_no=str(row["order_id"]), market_line_no=item["order_item_code"],
            claim_no=str(item.get("claim_code") or f"{item['order_item_code']}-{kind.value}"), kind=kind,
            state=ClaimState(known["state"]), raw_code=raw, quantity=int(item.get("claim_quantity") or item["quantity"]),
            requested_at=requested or moment_of(row["order_date"]), reason=text(item.get("claim_reason")),
            changed_at=moment(item.get("status_changed_date")),
        ))  # fmt: skip
    return claims


def _said(at: Any) -> str:
    return clock.seoul(at).strftime("%Y-%m-%d %H:%M:%S")
