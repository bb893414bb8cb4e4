"""Cancelling and taking back what a buyer ordered; what has left already is asked back instead."""

from typing import ClassVar

from actions.claims_file import CANCELLABLE, OPEN_LINE, SENT_LINE, ClaimWish
from actions.orders_cards import SENT
from actions.turn import Json, Turn


class OrderCancel(ClaimWish):
    action_name: ClassVar[str] = "action_order_cancel"
    wish: ClassVar[str | None] = "order_cancel"
    kind: ClassVar[str] = "cancel"

    def _fits(self, order: Json) -> bool:
        return order["state"] in CANCELLABLE

    async def _propose(self, turn: Turn, values: Json, order: Json, line: Json | None) -> None:
        sent = (
            line["fulfilment"] in SENT_LINE
            if line
            else all(one["fulfilment"] not in OPEN_LINE for one in order["lines"])
        )
        if sent and order["state"] in SENT and not turn.given.get("then"):
            turn.say("orders.cancel_is_return", order=order)
        await super()._propose(turn, values, order, line)


class OrderReturn(ClaimWish):
    action_name: ClassVar[str] = "action_order_return"
    wish: ClassVar[str | None] = "order_return"
    kind: ClassVar[str] = "return"

    def _fits(self, order: Json) -> bool:
        return order["state"] in SENT
