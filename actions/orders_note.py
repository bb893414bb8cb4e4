"""A note on an order: for the shop's own people, never seen by the buyer."""

from typing import ClassVar

from actions.asking import ask
from actions.base import TurnAction
from actions.notes_said import LONGEST, OTHERWISE, corrected_note, note_said
from actions.orders_asked import one_order
from actions.orders_corrected import corrected_order, corrects
from actions.plans import propose
from actions.turn import Json, Turn

WISH = "order_note"
SAYS_OTHERWISE = frozenset({"deny", "inform", "nlu_fallback"})


class OrderNote(TurnAction):
    action_name: ClassVar[str] = "action_order_note"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if k in ("order_id", "text") and v}
        typed = not turn.is_payload and not turn.given
        if typed and (said := note_said(turn.text)):
            values["text"] = said
        order = await _order(turn, values)
        if order is None:
            return
        values["order_id"] = order["id"]
        turn.look_at(order_id=order["id"])
        if not values.get("text"):
            about = {"order_no": order["order_no"], "buyer_name": order["buyer_name"]}
            ask(turn, WISH, values, "text", kind="text", question="orders.ask_note", order=about, max_length=LONGEST)
            return
        params = {"order_id": order["id"], "text": values["text"]}
        await propose(turn, WISH, values, "order.note", params, order_id=order["id"], order_no=order["order_no"])

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        if turn.is_payload:
            return None
        if preview and corrects(turn, "order_hold", "order_match", "invoice_register"):
            other = await corrected_order(turn, values)
            if other:
                return other
        speaks_of_it = turn.intent in SAYS_OTHERWISE or OTHERWISE.search(turn.text) is not None
        said = corrected_note(turn.text) if preview and speaks_of_it else None
        if said is None or said == values.get("text"):
            return None
        return {"label": turn.words("orders.note_label"), "shown": said, "values": {**values, "text": said}}


async def _order(turn: Turn, values: Json) -> Json | None:
    """Named beside the note: an article or a buyer within the note itself says nothing about which order."""
    whole, said = turn.text, values.get("text")
    if said and not turn.is_payload:
        turn.text = whole.replace(said, " " * len(said), 1)
    try:
        return await one_order(turn, WISH, values)
    finally:
        turn.text = whole
