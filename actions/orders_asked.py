"""The one order that a wish needs, asking which where nobody can tell, and reading the answer."""

from collections.abc import Callable

from actions import blocks
from actions.answers import READERS, RESEMBLING, choice_of
from actions.asking import ask
from actions.orders_cards import LISTED, order_card
from actions.orders_meant import handled_first, orders_meant, pointed_orders, words_beside
from actions.turn import Json, Turn

KIND = "order"
Fits = Callable[[Json], bool]


async def one_order(turn: Turn, wish: str, values: Json, *, fits: Fits | None = None) -> Json | None:
    """The one order (with its lines) that is meant; asks, or says that there is none, and returns None otherwise.

    `fits` says of which orders the wish makes sense: of several that are named alike, those are meant.
    """
    meant = await orders_meant(turn)
    if meant.missing:
        say_missing(turn, meant.missing)
        return None
    orders = meant.orders
    if len(orders) > 1 and fits is not None:
        orders = [order for order in orders if fits(order)] or orders
    if len(orders) == 1:
        return orders[0] if "lines" in orders[0] else await turn.api.order(orders[0]["id"])
    ask_which(turn, wish, values, orders)
    return None


async def first_order(turn: Turn, wish: str, values: Json, *, fits: Fits) -> Json | None:
    """Like `one_order`; of several that are all meant, the first, and the others follow under `then`."""
    if not values.get("order_id") and not turn.given.get("order_id"):
        meant = await orders_meant(turn)
        if meant.every and len(meant.orders) > 1 and not meant.missing:
            first, *rest = [order for order in meant.orders if fits(order)] or meant.orders
            if rest:
                values["then"] = [{"order_id": order["id"]} for order in rest]
                turn.say("orders.one_by_one", n=len(rest) + 1, first=first)
            return first if "lines" in first else await turn.api.order(first["id"])
    return await one_order(turn, wish, values, fits=fits)


def ask_which(turn: Turn, wish: str, values: Json, orders: list[Json]) -> None:
    """Cards of the candidates and their buttons, or the plain question."""
    known = {k: v for k, v in values.items() if k not in ("order_id", "order_ids")}
    if not orders:
        ask(turn, wish, known, "order_id", kind=KIND, question="orders.ask_order")
        return
    listed = orders[:LISTED]
    turn.say("orders.several", n=len(orders), shown=len(listed))
    turn.add(blocks.cards([order_card(turn, order, number, bare=True) for number, order in enumerate(listed, 1)]))
    turn.show_list([{"order_id": order["id"]} for order in orders])
    choices = [choice(turn, order, number) for number, order in enumerate(listed, 1)]
    ask(turn, wish, known, "order_id", kind=KIND, choices=choices, question="orders.ask_which")


def choice(turn: Turn, order: Json, number: int) -> Json:
    return {
        "value": order["id"], "title": turn.words("orders.choice", order=order, number=number),
        "also": [order["order_no"], order["buyer_name"], *order["products"]],
    }  # fmt: skip


def say_missing(turn: Turn, numbers: list[str]) -> None:
    turn.say("orders.number_unknown", numbers=numbers)
    turn.offer(turn.link_button("orders_new", "order_search"), turn.link_button("collect_orders", "order_collect"))


async def answer_order(turn: Turn, wanted: Json) -> str | list[str] | None:
    """An order's id; of an answer that fits several, all of them, to be asked about once more."""
    pressed = turn.entity("choice") or turn.entity("order_id")
    if pressed:
        return str(pressed)
    if turn.entity("tracking_no") and wanted["wish"] != "invoice_register":
        return None  # a wish of its own
    if not turn.all_of("order_no"):
        picked = choice_of(turn, wanted["choices"])
        if picked is not None:
            return str(picked)
    pointed = pointed_orders(turn) if not turn.all_of("order_no") else []
    if pointed:
        return pointed[0] if len(pointed) == 1 else pointed
    found = await turn.api.find_orders(words_beside(turn) or turn.text)
    orders = handled_first([one["order"] for one in found if set(one["by"]) - {"market"}])
    ids = [order["id"] for order in orders]
    if not ids:
        return None
    return str(ids[0]) if len(ids) == 1 else [str(one) for one in ids]


READERS[KIND] = answer_order
RESEMBLING[KIND] = frozenset({
    "order_search", "order_explain", "customer_search", "product_search", "inquiry_list", "work_request_status",
    "invoice_register", "order_match",
})  # fmt: skip
