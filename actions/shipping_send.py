"""Sending off what is labelled, and telling that a parcel has arrived."""

import re

from actions.client.errors import BackendError
from actions.orders_asked import one_order, say_missing
from actions.orders_meant import orders_meant
from actions.plans import propose
from actions.turn import Json, Turn

EVERY = re.compile(r"전부|전체|모두|싹|(?<![가-힣])다\s|한꺼번에|일괄")


async def send_off(turn: Turn) -> None:
    """Of the orders named or talked about, or of everything that is labelled."""
    ids: list[str] = []
    if not (not turn.is_payload and not turn.given and EVERY.search(turn.text)):
        meant = await orders_meant(turn)
        if meant.missing:
            say_missing(turn, meant.missing)
            return
        labelled = [o for o in meant.orders if o["labelled"]]
        ids = [o["id"] for o in labelled or meant.orders]
    params: Json = {"order_ids": ids} if ids else {"all_labelled": True}
    known = {"order_id": ids[0]} if len(ids) == 1 else {}
    try:
        await propose(turn, "invoice_register", {"ship": True, "order_ids": ids}, "shipment.ship", params, **known)
    except BackendError as error:
        turn.problem(error)
        if len(ids) == 1:
            turn.look_at(order_id=ids[0])
            turn.offer(
                turn.link_button("invoice_register", "invoice_register", order_id=ids[0]),
                turn.link_button("order_why", "order_explain", order_id=ids[0]),
            )
        else:
            turn.offer(turn.link_button("orders_stuck", "order_explain"))


async def arrive(turn: Turn) -> None:
    order = await one_order(turn, "invoice_register", {"arrived": True}, fits=lambda o: o["state"] == "shipped")
    if order is None:
        return
    order_id = order["id"]
    try:
        values = {"arrived": True, "order_id": order_id}
        await propose(
            turn, "invoice_register", values, "shipment.deliver", {"order_ids": [order_id]}, order_id=order_id
        )
    except BackendError as error:
        turn.problem(error)
        turn.offer(
            turn.link_button("order_why", "order_explain", order_id=order_id),
            turn.link_button("order_detail", "order_search", order_id=order_id),
        )
