"""Holding an order back, and letting it go again; with the person's own reason where one is said."""

import re
from typing import ClassVar

from actions.base import WISHES, TurnAction
from actions.client.errors import BackendError
from actions.orders_asked import first_order
from actions.orders_cards import WAITING
from actions.orders_corrected import corrected_order, corrects
from actions.orders_meant import ALL, orders_meant
from actions.orders_search import show_page
from actions.plans import propose
from actions.reasons_said import hold_reason, reason_after_word
from actions.turn import Json, Turn

#: what tells the two apart where the words around are the same
LETS_GO = re.compile(r"풀|해제|해지|재개|진행|보내|출고|발송해|나가|돌려|정상|열어|떼|없애|출발|이어|지워|취소")
HOLDS = re.compile(r"보류\s*(?:해|걸|시켜|처리|로|ㄱ|$)|홀드\s*(?:해|걸)|킵|멈춰|잡아\s*(?:둬|줘|놔)|세워")
LISTS = re.compile(r"뭐|있어|있나|보여|목록|몇\s*건|조회")


class OrderHold(TurnAction):
    action_name: ClassVar[str] = "action_order_hold"
    wish: ClassVar[str | None] = "order_hold"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        typed = not turn.is_payload and not turn.given
        if typed and LISTS.search(turn.text) and not HOLDS.search(turn.text):
            await show_page(turn, {"flag": "held"}, 0)
            return
        values: Json = {k: v for k, v in turn.given.items() if k in ("order_id", "reason", "then")}
        if "reason" not in values and not turn.is_payload and not turn.given:
            reason = hold_reason(turn.text)
            values |= {"reason": reason} if reason else {}
        order = await first_order(turn, "order_hold", values, fits=lambda o: o["state"] in WAITING and not o["held"])
        if order is None:
            return
        values["order_id"] = order["id"]
        params = {"order_id": order["id"], "reason": values.get("reason")}
        await _propose(turn, "order_hold", values, "order.hold", params, order)

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        if not corrects(turn, "order_hold", "order_release"):
            return None
        reason = reason_after_word(turn.text)
        if reason and reason != values.get("reason"):
            return {"label": turn.words("orders.reason_label"), "shown": reason, "values": {**values, "reason": reason}}
        return await corrected_order(turn, values) if turn.intent != "order_hold" else None


class OrderRelease(TurnAction):
    action_name: ClassVar[str] = "action_order_release"
    wish: ClassVar[str | None] = "order_release"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        typed = not turn.is_payload and not turn.given
        if typed and not LETS_GO.search(turn.text):
            if LISTS.search(turn.text):
                await show_page(turn, {"flag": "held"}, 0)
                return
            if HOLDS.search(turn.text):
                await WISHES["order_hold"].handle(turn)
                return
        values: Json = {k: v for k, v in turn.given.items() if k in ("order_id", "then")}
        if not turn.given and not turn.is_payload and await self._all(turn):
            return
        order = await first_order(turn, "order_release", values, fits=lambda o: bool(o["held"]))
        if order is None:
            return
        values["order_id"] = order["id"]
        await _propose(turn, "order_release", values, "order.release", {"order_id": order["id"]}, order)

    @staticmethod
    async def _all(turn: Turn) -> bool:
        """ "보류 전부 풀어줘": one after the other, each with its preview; without a word which, the only one that is held."""
        named = (await orders_meant(turn, silent=False)).orders if not ALL.search(turn.text) else []
        if named or turn.all_of("order_no"):
            return False
        last = await orders_meant(turn)
        if not ALL.search(turn.text) and any(order["held"] for order in last.orders):
            return False
        page = await turn.api.orders(flag="held", limit=20)
        held = page["items"]
        if not held:
            turn.say("orders.none_held")
            return True
        if len(held) > 1 and not ALL.search(turn.text):
            return False
        first, *rest = held
        values = {"order_id": first["id"], "then": [{"order_id": order["id"]} for order in rest]}
        if rest:
            turn.say("orders.one_by_one", n=len(held), first=first)
        await _propose(turn, "order_release", values, "order.release", {"order_id": first["id"]}, first)
        return True

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        return await corrected_order(turn, values) if corrects(turn) else None


async def _propose(turn: Turn, wish: str, values: Json, kind: str, params: Json, order: Json) -> None:
    try:
        await propose(turn, wish, values, kind, params, order_id=order["id"], order_no=order["order_no"])
    except BackendError as error:
        turn.problem(error)
        turn.look_at(order_id=order["id"])
        turn.offer(
            turn.link_button("order_detail", "order_search", order_id=order["id"]),
            turn.link_button("order_why", "order_explain", order_id=order["id"]),
        )
        return
    turn.look_at(order_id=order["id"])
