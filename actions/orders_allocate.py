"""Promising stock to orders that wait, or taking it away again (source: 002)."""

import re
from typing import ClassVar

from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.orders_asked import say_missing
from actions.orders_cards import WAITING
from actions.orders_corrected import corrected_order
from actions.orders_meant import Meant, orders_meant
from actions.plans import propose
from actions.turn import Json, Turn

TAKE_AWAY = re.compile(r"할당\s*(?:을|를)?\s*(?:취소|해제|풀|빼|철회|되돌)|배정\s*(?:취소|해제|빼)|할당\s*안\s*되게")
EVERY = re.compile(
    r"전부|전체|모두|모든|싹|몽땅|한꺼번에|(?<![가-힣])다(?:\s|$)|미할당|할당\s*안\s*된|대기|기다리|밀려|밀린|주문들|돌려|차례|순(?:으로|대로|서)?"
)
ONE = re.compile(r"이\s*주문|그\s*주문|이거|그거|이건|그건|이\s*건|그\s*건")
REFUSED = ("nothing_to_allocate", "already_allocated", "nothing_allocated", "already_labelled")


class OrderAllocate(TurnAction):
    action_name: ClassVar[str] = "action_order_allocate"
    wish: ClassVar[str | None] = "order_allocate"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if k in ("order_id", "order_ids", "all", "take_away")}
        if not turn.given and not turn.is_payload:
            values["take_away"] = TAKE_AWAY.search(turn.text) is not None
        meant = Meant() if values.get("all") or turn.entity("choice") == "all" else await self._meant(turn, values)
        if meant.missing:
            say_missing(turn, meant.missing)
            return
        ids = [order["id"] for order in meant.orders]
        if len(ids) == 1:
            turn.look_at(order_id=ids[0])
        kind = "order.deallocate" if values.get("take_away") else "order.allocate"
        if not ids and kind == "order.deallocate":
            turn.say("orders.deallocate_which")
            return
        values = {**values, "order_ids": ids, "all": not ids}
        params: Json = {"order_ids": ids} if ids else {"all": True}
        known = {"order_id": ids[0]} if len(ids) == 1 else {}
        try:
            await propose(turn, "order_allocate", values, kind, params, **known)
        except BackendError as error:
            if error.code not in REFUSED:
                raise
            turn.problem(error)
            if len(ids) == 1:
                turn.offer(
                    turn.link_button("order_why", "order_explain", order_id=ids[0]),
                    turn.link_button("order_detail", "order_search", order_id=ids[0]),
                )
            else:
                turn.offer(
                    turn.link_button("orders_stuck", "order_explain"),
                    turn.link_button("shortage_order", "purchase_order_print"),
                )

    @staticmethod
    async def _meant(turn: Turn, values: Json) -> Meant:
        """Those named; without a name all that wait, unless the talk is about one."""
        if not turn.is_payload and not turn.given and EVERY.search(turn.text) and not ONE.search(turn.text):
            meant = await orders_meant(turn, silent=False)
            if not turn.entity("order_no") and not turn.entity("ordinal") and len(meant.orders) != 1:
                market = turn.entity("market")
                if not market:
                    return Meant()
                page = await turn.api.orders(
                    market=market, state=["unallocated", "partly_allocated"], handled=True, limit=100
                )
                return Meant(page["items"])
            return meant
        meant = await orders_meant(turn)
        waiting = [order for order in meant.orders if order["state"] in WAITING]
        return Meant(waiting or meant.orders, meant.named, meant.every, meant.missing)

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        if turn.intent not in ("deny", "inform", "nlu_fallback", "affirm"):
            return None
        if EVERY.search(turn.text) and values.get("order_ids") and not ONE.search(turn.text):
            return {
                "label": turn.words("orders.label"),
                "shown": turn.words("orders.all_waiting"),
                "values": {"all": True},
            }
        known = {"order_id": (values.get("order_ids") or ["-"])[0], "take_away": values.get("take_away", False)}
        return await corrected_order(turn, known)
