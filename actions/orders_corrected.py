"""Another order instead of the one that waits: "아니 0015번 주문이요", "다른 주문이요"."""

from actions.client.errors import BackendError
from actions.orders_meant import ANOTHER, Meant, said_orders, words_beside
from actions.turn import Json, Turn


def corrects(turn: Turn, *wishes: str) -> bool:
    """Whether the message may change what waits: a bare answer or refusal, or "아니 다른 주문", whatever it resembles."""
    if turn.intent in {"deny", "inform", "nlu_fallback", "affirm", *wishes}:
        return True
    return turn.intent == "order_search" and len(turn.text) <= 14 and ANOTHER.search(turn.text) is not None


async def corrected_order(turn: Turn, values: Json) -> Json | None:
    """ "아니 0015번 주문이요", "다른 주문이요": the wish begins again with the other order, or asks which."""
    if not values.get("order_id"):
        return None
    asked = turn.slot("wanted") or {}
    if asked.get("choices") and not turn.all_of("order_no") and (turn.entity("ordinal") or turn.entity("position")):
        return None  # "두 번째 거" of what is asked right now, not of the orders listed before
    meant = Meant()
    if turn.all_of("order_no") or turn.entity("ordinal") or turn.entity("position"):
        meant = await said_orders(turn)
    elif ANOTHER.search(turn.text):
        meant = await _named_beside(turn)
        if not meant.orders:
            return {
                "label": turn.words("orders.label"),
                "shown": turn.words("orders.another"),
                "values": {**_without(values), "another": True},
            }
    elif turn.intent in ("deny", "inform", "nlu_fallback"):
        meant = await _named_beside(turn)
    others = [order for order in meant.orders if order["id"] != values["order_id"]]
    if not others:
        return None
    if len(others) > 1:
        return {
            "label": turn.words("orders.label"), "shown": turn.words("orders.another"),
            "values": {**_without(values), "order_ids": [order["id"] for order in others]},
        }  # fmt: skip
    return {
        "label": turn.words("orders.label"), "shown": others[0]["order_no"],
        "values": {**_without(values), "order_id": others[0]["id"]},
    }  # fmt: skip


async def _named_beside(turn: Turn) -> Meant:
    """By a buyer only: an article or a place says something else."""
    said = words_beside(turn)
    try:
        found = await turn.api.find_orders(said) if len(said) >= 2 else []
    except BackendError:
        return Meant()
    return Meant([one["order"] for one in found if "buyer" in one["by"] or "number" in one["by"]], named=True)


#: what belongs to one order only
_OF_ONE = frozenset(
    {"order_id", "order_ids", "shipment_id", "line_id", "line_ids", "lines", "quantity", "claim_id", "item_id"}
)


def _without(values: Json) -> Json:
    return {k: v for k, v in values.items() if k not in _OF_ONE}
