"""Barcode labels as a PDF: which items, how many of each."""

from typing import ClassVar

from actions import blocks
from actions.answers import READERS, RESEMBLING
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.stock_items import ask_which_product, meant_items, near_items
from actions.stock_words import copies_in
from actions.turn import Json, Turn

WISH = "barcode_print"
KIND = "items"
MOST_ITEMS = 100


class BarcodePrint(TurnAction):
    """A product means all its options. Without a number it is one label each, and more are offered."""

    action_name: ClassVar[str] = "action_barcode_print"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if v is not None}
        items = await self._items(turn, values)
        if items is None:
            return
        copies = values.get("copies") or (
            turn.entity("quantity") if turn.is_payload else copies_in(turn.text, tuple(i["name"] for i in items))
        )
        if copies is None or int(copies) < 1:
            known = {"item_ids": [item["id"] for item in items]}
            ask(turn, WISH, known, "copies", kind="quantity", name=self._name(items), count=len(items))
            return
        await self._print(turn, items, int(copies))

    async def _items(self, turn: Turn, values: Json) -> list[Json] | None:
        if values.get("item_ids") or values.get("item_id"):
            said = values.get("item_ids") or values["item_id"]
            ids = said if isinstance(said, list) else [said]
            return [await turn.api.stock_item(item_id) for item_id in ids[:MOST_ITEMS]]
        meant = await meant_items(turn)
        if meant.products:
            number = None if turn.is_payload else copies_in(turn.text)
            ask_which_product(turn, meant, "barcode_print", quantity=number)
            return None
        if not meant.items:
            known = {"copies": None if turn.is_payload else copies_in(turn.text)}
            ask(turn, WISH, {k: v for k, v in known.items() if v}, "item_id", kind=KIND)
            return None
        return meant.items[:MOST_ITEMS]

    @staticmethod
    def _name(items: list[Json]) -> str:
        return str(items[0]["name"] if len(items) == 1 else items[0]["product_name"])

    async def _print(self, turn: Turn, items: list[Json], copies: int) -> None:
        ids = [item["id"] for item in items]
        try:
            made = await turn.api.barcodes([{"item_id": item_id, "copies": copies} for item_id in ids])
        except BackendError as error:
            if error.code != "barcode_missing":
                raise
            turn.problem(error)
            await propose(turn, WISH, {}, "barcode.assign", {"item_ids": error.data["item_ids"]})
            return
        turn.look_at(item_id=ids[0] if len(ids) == 1 else None, product_id=items[0]["product_id"])
        turn.say("barcode.ready", made=made, name=self._name(items), count=len(items), copies=copies)
        turn.offer(blocks.link(turn.words("button.barcode_pdf"), made["link"]["path"], new_tab=True))


async def answer_items(turn: Turn, wanted: Json) -> list[str] | None:
    """All options of the product that the answer names, or the one option."""
    picked = turn.entity("choice") or turn.entity("item_id")
    if picked:
        return [str(picked)]
    return [item["id"] for item in await near_items(turn)] or None


READERS[KIND] = answer_items
RESEMBLING[KIND] = frozenset({"stock_check", "product_search", "stock_adjust", "option_add", "product_update"})
