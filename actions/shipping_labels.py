"""Shipping labels as one PDF: of the orders named, of a market or a day, or of all that were not printed yet."""

import re
from typing import Any, ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.operations_status import period_of
from actions.orders_asked import say_missing
from actions.orders_meant import ALL, Meant, orders_meant
from actions.plans import propose
from actions.turn import Json, Turn

PRINTED = re.compile(r"(?:인쇄|출력|프린트|뽑)\S*\s*(?:했|완료|끝|됐)|다\s*뽑았")
AGAIN = re.compile(r"다시|재출력|재인쇄|한\s*번\s*더|한\s*장\s*더|또|찢어|젖|구겨|번져|흐릿|잃어버|걸려")


class InvoicePrint(TurnAction):
    action_name: ClassVar[str] = "action_invoice_print"
    wish: ClassVar[str | None] = "invoice_print"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        pressed = [str(one) for one in turn.all_of("shipment_id")] or turn.given.get("shipment_ids")
        if pressed and (turn.entity("choice") == "printed" or turn.given):
            await self._mark(turn, list(pressed))
            return
        if not turn.is_payload and PRINTED.search(turn.text) and turn.focus.get("printed"):
            await self._mark(turn, list(turn.focus["printed"]))
            return
        wanted = await self._wanted(turn)
        if wanted is None:
            return
        try:
            told = await turn.api.labels(**wanted)
        except BackendError as error:
            if error.code != "no_labels":
                raise
            turn.say("shipping.no_labels", named=bool(wanted.get("order_id")), count=error.data.get("count", 0))
            await self._offer_unlabelled(turn, wanted)
            return
        turn.say("shipping.labels", told=told, named=bool(wanted.get("order_id")))
        named = {"order_id": turn.focus["order_id"]} if turn.focus.get("order_id") else {}
        turn.look_at(**named, printed=told["shipment_ids"])
        turn.offer(
            blocks.link(turn.words("shipping.open_labels", n=told["count"]), told["link"]["path"], new_tab=True),
            turn.link_button("labels_printed", "invoice_print", shipment_id=told["shipment_ids"], choice="printed"),
            turn.link_button("order_ship", "invoice_register", choice="ship", **named),
        )

    @staticmethod
    async def _wanted(turn: Turn) -> Json | None:
        """The filters of the link; None where it was said that there is nothing."""
        filters: dict[str, Any] = {"flag": "labelled", "limit": 100}
        period, market = period_of(turn), turn.entity("market")
        again = not turn.is_payload and AGAIN.search(turn.text) is not None
        numbered = bool(turn.all_of("order_no") or turn.all_of("order_id"))
        every = not turn.is_payload and ALL.search(turn.text) is not None and not numbered
        meant = Meant() if every else await orders_meant(turn, silent=again)
        if meant.missing:
            say_missing(turn, meant.missing)
            return None
        if meant.orders:
            if len(meant.orders) == 1:
                turn.look_at(order_id=meant.orders[0]["id"])
            return {"order_id": [order["id"] for order in meant.orders]}
        if market or (period and period[0] == period[1] and not _today_work(turn)):
            if market:
                filters["market"] = market
            if period and not _today_work(turn):
                filters |= {"from_": period[0].isoformat(), "to": period[1].isoformat()}
            page = await turn.api.orders(**filters)
            if not page["items"]:
                turn.say("shipping.no_labels", named=False, count=0)
                return None
            return {"order_id": [order["id"] for order in page["items"]]}
        return {"unprinted": True}

    @staticmethod
    async def _offer_unlabelled(turn: Turn, wanted: Json) -> None:
        page = await turn.api.orders(state=["allocated"], handled=True, limit=5)
        waiting = [order for order in page["items"] if not order["labelled"]]
        named = wanted.get("order_id") or []
        if len(named) == 1:
            turn.offer(
                turn.link_button("invoice_register", "invoice_register", order_id=named[0]),
                turn.link_button("order_why", "order_explain", order_id=named[0]),
            )
        elif waiting:
            turn.offer(turn.link_button("orders_to_label", "order_search", page=0, filter=["state=allocated"]))
        else:
            turn.offer(turn.link_button("orders_stuck", "order_explain"))

    @staticmethod
    async def _mark(turn: Turn, shipment_ids: list[str]) -> None:
        named = {"order_id": turn.focus["order_id"]} if turn.focus.get("order_id") else {}
        values = {"shipment_ids": shipment_ids}
        await propose(turn, "invoice_print", values, "labels.mark_printed", {"shipment_ids": shipment_ids}, **named)


def _today_work(turn: Turn) -> bool:
    """ "오늘 나갈 송장": what leaves today, not what was ordered today."""
    return (
        re.search(r"오늘|내일|출고|나갈|지금", turn.text) is not None
        and re.search(r"들어온|주문한|결제", turn.text) is None
    )
