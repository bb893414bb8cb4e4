"""합포금지: an order that leaves alone, until that is lifted."""

from typing import ClassVar

from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.orders_asked import first_order
from actions.orders_beside import UNLOCK
from actions.orders_cards import WAITING
from actions.orders_corrected import corrected_order, corrects
from actions.plans import propose
from actions.turn import Json, Turn

WISH = "order_merge_lock"


class OrderMergeLock(TurnAction):
    action_name: ClassVar[str] = "action_order_merge_lock"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if k in ("order_id", "forbidden", "then")}
        values.setdefault("forbidden", UNLOCK.search(turn.text) is None)
        order = await first_order(turn, WISH, values, fits=lambda one: one["state"] in WAITING)
        if order is None:
            return
        values["order_id"] = order["id"]
        if values.get("then"):
            values["then"] = [{**one, "forbidden": values["forbidden"]} for one in values["then"]]
        params = {"order_id": order["id"], "forbidden": values["forbidden"]}
        turn.look_at(order_id=order["id"])
        try:
            await propose(
                turn, WISH, values, "order.merge_lock", params, order_id=order["id"], order_no=order["order_no"]
            )
        except BackendError as error:
            turn.problem(error)
            turn.offer(turn.link_button("order_detail", "order_search", order_id=order["id"]))

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        return await corrected_order(turn, values) if corrects(turn, "order_merge") else None
