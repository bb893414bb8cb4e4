"""Which parcels are late by the shop's own rule, by how much, and what keeps each (source: 002, 배송지연 표시)."""

from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.orders_cards import LISTED
from actions.orders_search import UNSHIPPED, filters_out
from actions.turn import Json, Turn


class OrderDelayed(TurnAction):
    action_name: ClassVar[str] = "action_order_delayed"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        offset = int(turn.entity("page") or 0)
        market = turn.entity("market")
        page = await turn.api.delayed(limit=100 if market else LISTED, offset=0 if market else offset)
        late = [one for one in page["items"] if not market or one["market"] == market]
        total = len(late) if market else page["total"]
        if not page["on"]:
            turn.say("shipping.delays_off")
            turn.offer(turn.link_button("delay_setting", "inventory_setting_info"))
            return
        if not late:
            waiting = (await turn.api.orders(state=list(UNSHIPPED), market=market, handled=True, limit=1))["total"]
            turn.say("shipping.none_late", days=page["days"], market=market, waiting=waiting)
            to_send = turn.link_button("orders_to_send", "order_search", page=0, filter=filters_out(_to_send(market)))
            turn.offer(*([to_send] if waiting else []), turn.link_button("orders_stuck", "order_explain"))
            return
        turn.say("shipping.late", total=total, days=page["days"], market=market)
        shown = late[:LISTED]
        turn.add(blocks.cards([_card(turn, one, n) for n, one in enumerate(shown, offset + 1)]))
        turn.show_list([{"order_id": one["order_id"]} for one in shown])
        turn.look_at(order_id=shown[0]["order_id"]) if len(shown) == 1 else turn.look_at(
            orders=[one["order_id"] for one in shown]
        )
        items = []
        if not market and total > offset + LISTED:
            items.append(turn.link_button("orders_more", "order_delayed", page=offset + LISTED))
        turn.offer(*items, turn.link_button("orders_stuck", "order_explain"))


def _to_send(market: str | None) -> Json:
    return {"state": list(UNSHIPPED), **({"market": market} if market else {})}


def _card(turn: Turn, one: Json, number: int) -> blocks.Block:
    why = (
        turn.words(f"problem.{one['blockers'][0]['code']}", data={**one, **one["blockers"][0]["data"]})
        if one["blockers"]
        else turn.words("shipping.only_to_send")
    )
    return blocks.card(
        turn.words("shipping.late_title", one=one, number=number),
        [
            (turn.words("shipping.due_label"), turn.words("shipping.due", one=one)),
            (turn.words("order_explain.why_label"), why),
        ],
        subtitle=turn.words("shipping.late_subtitle", one=one),
        badge=(turn.words("shipping.days_late", n=one["days_late"]), "bad"),
        actions=[
            turn.link_button("order_detail", "order_search", order_id=one["order_id"]),
            turn.link_button("order_why", "order_explain", order_id=one["order_id"]),
        ],
    )
