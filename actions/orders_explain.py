"""Why an order does not leave, or all that are stuck: in the words of what decides it, with the button that frees it."""

import re
from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.orders_asked import say_missing
from actions.orders_cards import LISTED, WAITING
from actions.orders_meant import orders_meant
from actions.orders_search import show_found
from actions.turn import Json, Turn

#: about all of them, not the one on the screen
ALL = re.compile(
    r"전체|전부|모든|모두|뭐가\s*(?:막|걸|안)|막힌\s*(?:주문|거|것|건)|(?:안|못)\s*나가(?:는|고\s*있는)\s*(?:주문|거|것|건)(?:들|이|은)?(?!야|에요|예요|죠|지|니|냐|임|래|인)|어떤\s*주문|주문들|몇\s*건|미출고"
)
THIS = re.compile(r"이\s*주문|그\s*주문|이거|그거|이건|그건|얘|이\s*건|해당")


#: what keeps an order here; the rest may go astray, or was not believed by a market
KEEPING = ("allocation", "sending")


class OrderExplain(TurnAction):
    action_name: ClassVar[str] = "action_order_explain"
    wish: ClassVar[str | None] = "order_explain"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        code = turn.entity("filter")
        asks_all = not turn.is_payload and ALL.search(turn.text) is not None and not THIS.search(turn.text)
        numbered = any(turn.all_of(name) for name in ("order_no", "order_id", "ordinal", "position"))
        if code or (asks_all and not numbered):
            await show_stuck(turn, str(code) if code else None)
            return
        meant = await orders_meant(turn)
        if meant.missing:
            say_missing(turn, meant.missing)
            return
        orders = [order for order in meant.orders if order["state"] in WAITING] or meant.orders
        if len(orders) > 1:
            show_found(turn, orders, told=turn.words("order_explain.which", n=len(orders)))
        elif orders:
            await explain_order(turn, orders[0]["id"])
        else:
            await show_stuck(turn, None)


async def explain_order(turn: Turn, order_id: str) -> None:
    told = await turn.api.order_blockers(order_id)
    order = told["order"]
    turn.look_at(order_id=order["id"])
    found = [one for one in told["blockers"] if one["stops"] != "merging"]
    if not found:
        turn.say("order_explain.free", order=order, may_leave=told["may_leave"])
        offered = []
        if order["labelled"]:
            offered.append(turn.link_button("order_ship", "invoice_register", choice="ship", order_id=order["id"]))
        offered.append(turn.link_button("order_detail", "order_search", order_id=order["id"]))
        turn.offer(*offered)
        return
    keeps = any(one["stops"] in KEEPING for one in found)
    lines = [turn.words("order_explain.stuck" if keeps else "order_explain.beside", order=order, n=len(found))]
    for one in found:
        lines.append("• " + turn.words(f"order_blocker.{one['code']}", data=one["data"]))
        lines += ["  → " + said for said in _freed_by(turn, one)]
    turn.add(blocks.text("\n".join(lines)))
    turn.offer(*_buttons(turn, order, found), turn.link_button("order_detail", "order_search", order_id=order["id"]))


def _freed_by(turn: Turn, blocker: Json) -> list[str]:
    """What frees it, best first; never more than two ways."""
    return [turn.words(f"order_frees.{free['code']}", data=blocker["data"]) for free in blocker["frees_it"]][:2]


def _buttons(turn: Turn, order: Json, found: list[Json]) -> list[blocks.Block]:
    """One button for each way that can be gone here."""
    named = {"order_id": order["id"]}
    made: dict[str, blocks.Block] = {}
    for one in found:
        for free in one["frees_it"]:
            button = _button(turn, free, named, one)
            if button is not None:
                made.setdefault(free["code"], button)
    return list(made.values())[:4]


def _button(turn: Turn, free: Json, named: Json, blocker: Json) -> blocks.Block | None:
    match free["code"]:
        case "match":
            return turn.link_button("order_match", "order_match", **named)
        case "release":
            return turn.link_button("order_release", "order_release", **named)
        case "allocate":
            return turn.link_button("order_allocate", "order_allocate", **named)
        case "label_again" | "courier_abroad" | "correct_number":
            return turn.link_button("invoice_change", "invoice_register", choice="change", **named)
        case "tell_again":
            return turn.link_button("tell_again", "order_collect", choice="retry")
        case "complete_item":
            return turn.link_button("customs_fill", "overseas_shipping", choice="customs", **named)
        case "register_invoice" | "other_courier":
            return turn.link_button("invoice_register", "invoice_register", **named)
        case "receive":
            return turn.link_button("shortage_order", "purchase_order_print", item_id=blocker["data"].get("item_id"))
        case "settle_claim":
            return turn.link_button("claim_answer", f"order_{blocker['data'].get('claim') or 'cancel'}", **named)
        case _:
            return None


async def show_stuck(turn: Turn, code: str | None) -> None:
    """How many wait and for what, then the longest waiting ones; `code` narrows to one reason."""
    told = await turn.api.stuck_orders(code=code, limit=LISTED)
    if not told["stuck"]:
        turn.say("order_explain.none_stuck", waiting=told["waiting"])
        turn.offer(turn.link_button("orders_new", "order_search", page=0))
        return
    if code:
        turn.say("order_explain.of_code", code=code, n=told["counts"].get(code, 0))
    else:
        turn.say("order_explain.summary", told=told)
    listed = told["orders"][:LISTED]
    turn.add(blocks.cards([_stuck_card(turn, one, n) for n, one in enumerate(listed, 1)]))
    turn.show_list([{"order_id": one["order_id"]} for one in told["orders"]])
    turn.look_at(orders=[one["order_id"] for one in listed])
    offered = [
        blocks.button(turn.words("order_explain.code_button", code=one, n=n), "order_explain", filter=one)
        for one, n in list(told["counts"].items())[:4]
    ] if not code else []  # fmt: skip
    if code in (None, "out_of_stock", "waits_its_turn"):
        offered.append(turn.link_button("allocate_all", "order_allocate", choice="all"))
    if code in (None, "unmatched") and "unmatched" in told["counts"]:
        offered.append(turn.link_button("match_all", "order_match", choice="all"))
    turn.offer(*offered)


def _stuck_card(turn: Turn, one: Json, number: int) -> blocks.Block:
    first = one["blockers"][0]
    return blocks.card(
        turn.words("order_explain.stuck_title", order=one, number=number),
        [(turn.words("order_explain.why_label"), turn.words(f"order_blocker.{first['code']}", data=first["data"]))],
        subtitle=turn.words("order_explain.stuck_subtitle", order=one),
        actions=[turn.link_button("order_why", "order_explain", order_id=one["order_id"])],
    )
