"""Cafe24 Admin API (developers.cafe24.com/docs/api/admin: Orders with items, buyer and receivers embedded, Shipments,
Cancellation/Return/Exchange, Products, Products variants inventories; OAuth with a refresh token that changes each time).

There is no list of changes: a sweep asks once for each kind of date (ordered, shipped, delivered, claimed …) what
happened since the last sweep. An order's claim codes stand in the line's own order_status.
"""

import base64
from datetime import timedelta
from typing import Any

from backend.kit import clock
from backend.markets.feed_models import CommandKind
from backend.markets.gateway import tokens
from backend.markets.gateway.account import Account
from backend.markets.gateway.cafe24_goods import Cafe24Goods
from backend.markets.gateway.cafe24_orders import claims_of, order_of
from backend.markets.gateway.cafe24_questions import Cafe24Questions
from backend.markets.gateway.code_maps import Unknown, answered, courier_at, table
from backend.markets.gateway.connected import Tokened
from backend.markets.gateway.contract import Command, CredentialsRefused, Sent, Told
from backend.markets.gateway.http import Rejection, Wire
from backend.markets.gateway.reading import Row, closed, each, moment, moment_of, opened, rows_of
from backend.orders.collected import CollectedFeed

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


class Cafe24(Tokened):
    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        super().__init__(account, wire)
        self._goods, self._questions = Cafe24Goods(self._call), Cafe24Questions(self._call, self._account.seller)

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

    def _tell_of_order(self, command: Command) -> Told:
        self._send(command.kind, command.payload)
        return Sent()

    def _shows(self, command: Command) -> bool:
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
        else:
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

    def _item(self, said: Row) -> Row:
        body = self._call("GET", f"/api/v2/admin/orders/{said['order_no']}", params={"embed": "items"})
        for row in rows_of(body["order"], "items"):
            if row["order_item_code"] == said["line_no"]:
                return row
        raise Rejection(404, "NOT_FOUND", f"no line {said['line_no']}")

    def _put(self, path: str, request: Row) -> None:
        self._call("PUT", path, json={"shop_no": 1, "request": request})

    def _headers(self, *, renew: bool = False) -> dict[str, str]:
        return {**super()._headers(renew=renew), "X-Cafe24-Api-Version": "2025-06-01"}

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


def _said(at: Any) -> str:
    return clock.seoul(at).strftime("%Y-%m-%d %H:%M:%S")
