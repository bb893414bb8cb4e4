"""Out of the list of orders, and back into it: nothing is deleted."""

from typing import ClassVar

from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.orders_asked import ask_which, one_order, say_missing
from actions.orders_corrected import corrected_order, corrects
from actions.orders_meant import orders_meant
from actions.plans import propose
from actions.turn import Json, Turn

LISTED = 20


class OrderRemove(TurnAction):
    action_name: ClassVar[str] = "action_order_remove"
    wish: ClassVar[str | None] = "order_remove"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if k == "order_id"}
        order = await one_order(turn, "order_remove", values, fits=lambda one: one["state"] != "removed")
        if order is not None:
            await _propose(turn, "order_remove", "order.remove", order)

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        return await corrected_order(turn, values) if corrects(turn, "order_search") else None


class OrderRestore(TurnAction):
    action_name: ClassVar[str] = "action_order_restore"
    wish: ClassVar[str | None] = "order_restore"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        meant = await orders_meant(turn)
        if meant.missing:
            say_missing(turn, meant.missing)
            return
        removed = [order for order in meant.orders if order["state"] == "removed"]
        if not removed and (len(meant.orders) != 1 or not meant.named):
            removed = (await turn.api.orders(state=["removed"], limit=LISTED))["items"]
        if len(removed) == 1 or (meant.named and len(meant.orders) == 1):
            await _propose(turn, "order_restore", "order.restore", (removed or meant.orders)[0])
        elif removed:
            ask_which(turn, "order_restore", {}, removed)
        else:
            turn.say("orders.none_removed")
            turn.offer(turn.link_button("orders_new", "order_search", page=0))


async def _propose(turn: Turn, wish: str, kind: str, order: Json) -> None:
    turn.look_at(order_id=order["id"])
    try:
        named = {"order_id": order["id"]}
        await propose(turn, wish, dict(named), kind, named, **named, order_no=order["order_no"])
    except BackendError as error:
        turn.problem(error)
        offered = [turn.link_button("order_detail", "order_search", order_id=order["id"])]
        if error.code == "already_labelled":
            offered.append(turn.link_button("order_cancel", "order_cancel", order_id=order["id"]))
        turn.offer(*offered)
