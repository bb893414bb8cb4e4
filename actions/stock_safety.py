"""How many of an item shall always be there ("안전재고 5개로"): below it the item counts as running out."""

import re
from typing import ClassVar

from actions.asking import ask
from actions.base import TurnAction
from actions.plans import propose
from actions.stock_items import OFFERED, item_choices, meant_items
from actions.stock_words import EACH, said_change
from actions.turn import Json, Turn

WISH = "stock_safety"
SAFETY = re.compile(r"안전\s*(?:재고|수량)|최소\s*(?:재고|수량)")
SETS = re.compile(
    r"(?:으로|로)\s*\S*\s*(?:해|바꿔|바꾸|맞춰|변경|설정|올려|내려|잡아|부탁|둬|놔)|바꿔|바꾸|변경|설정해|올려|내려|낮춰|높여|잡아|(?:으로|로)\s*[.!~]*$"
)
ASKS = re.compile(r"\?|？|나요|까요|뭐|뭔|얼마|몇|보여|알려|미달|이하|부족|아래|모자")
MOST_ITEMS = 100


def sets_safety(turn: Turn) -> bool:
    """That it shall be another number, rather than what is below it."""
    text = turn.text
    return not turn.is_payload and bool(SAFETY.search(text) and SETS.search(text)) and not ASKS.search(text)


class StockSafety(TurnAction):
    action_name: ClassVar[str] = "action_stock_safety"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if v is not None}
        if not turn.given and (number := said_change(turn.text).number) is not None:
            values["quantity"] = number
        items = await self._items(turn, values)
        if items is None:
            return
        values["item_ids"] = [item["id"] for item in items]
        if values.get("quantity") is None:
            ask(turn, WISH, values, "quantity", kind="quantity", item=items[0])
            return
        params = {"item_ids": values["item_ids"], "safety": int(values["quantity"])}
        one = items[0]["id"] if len(items) == 1 else None
        await propose(turn, WISH, values, "item.update", params, item_id=one)
        turn.look_at(item_id=one, product_id=items[0]["product_id"])

    @staticmethod
    async def _items(turn: Turn, values: Json) -> list[Json] | None:
        """The items meant; asks and returns None where that is open."""
        known = values.get("item_ids") or ([values["item_id"]] if values.get("item_id") else [])
        if known:
            return [await turn.api.stock_item(item_id) for item_id in known]
        meant = await meant_items(turn)
        if meant.one is not None or (meant.items and EACH.search(turn.text)):
            return meant.items[:MOST_ITEMS]
        found = meant.items or [item for items in meant.products.values() for item in items]
        ask(turn, WISH, values, "item_id", kind="item", choices=item_choices(found)[:OFFERED])
        return None

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 3개로" while the preview waits."""
        number = said_change(turn.text).number
        if turn.is_payload or not preview or number is None or number == values.get("quantity"):
            return None
        if turn.intent not in ("deny", "inform", "nlu_fallback", "affirm", "stock_adjust", "stock_low"):
            return None
        shown = turn.words("stock.pieces", n=number)
        return {"label": turn.words("stock.changed_label"), "shown": shown, "values": {**values, "quantity": number}}
