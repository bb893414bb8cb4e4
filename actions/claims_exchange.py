"""Exchanging what a buyer ordered: the other article is heard, or asked for."""

from typing import ClassVar

from actions.asking import ask
from actions.claims_file import ClaimWish
from actions.options_said import wanted_option
from actions.orders_cards import SENT
from actions.orders_item_said import KIND as ITEM
from actions.orders_item_said import item_said
from actions.turn import Json, Turn


class OrderExchange(ClaimWish):
    action_name: ClassVar[str] = "action_order_exchange"
    wish: ClassVar[str | None] = "order_exchange"
    kind: ClassVar[str] = "exchange"

    def _fits(self, order: Json) -> bool:
        return order["state"] in SENT

    async def _hear(self, turn: Turn, values: Json, line: Json) -> None:
        """ "M으로 교환": the other article."""
        others = await self._options(turn, line)
        item_id = wanted_option(turn.text, others) or await self._named(turn, line, others)
        if item_id is not None:
            values["item_id"] = item_id

    async def _more(self, turn: Turn, values: Json, line: Json | None) -> bool:
        """Which article the buyer gets instead."""
        assert line is not None
        if values.get("item_id"):
            return True
        others = await self._options(turn, line)
        choices = [
            {
                "value": one["id"],
                "title": turn.words("orders.item_choice", item=one),
                "also": [one["name"], one["option_name"] or ""],
            }
            for one in others[:6]
        ]
        about: Json = {"called": line["name"] or "", "several": False}
        ask(
            turn,
            "order_exchange",
            values,
            "item_id",
            kind=ITEM,
            choices=choices,
            question="orders.ask_exchange_item",
            **about,
        )
        return False

    @staticmethod
    async def _options(turn: Turn, line: Json) -> list[Json]:
        """The other items of the same product, and the very one again for what was broken."""
        if not line["item"]:
            return []
        found: list[Json] = await turn.api.find_stock_items(line["item"])
        own = next((one for one in found if one["id"] == line["item_id"]), None)
        if own is None or not own["product_id"]:
            return []
        whole: list[Json] = await turn.api.find_stock_items(own["product_name"])
        return [one for one in whole if one["product_id"] == own["product_id"] and one["id"] != own["id"]]

    @staticmethod
    async def _named(turn: Turn, line: Json, others: list[Json]) -> str | None:
        """An article that the sentence names as the other one ("베이지로"), not the bought one itself."""
        said = turn.text
        for word in (line["name"], line["option"]):
            said = said.replace(word, " ") if word else said
        item_id, _ = await item_said(turn, said, {"called": line["name"] or "", "suggestions": []})
        fits = item_id is not None and (not others or item_id in {one["id"] for one in others})
        return item_id if fits and item_id != line["item_id"] else None

    def _params(self, values: Json, order: Json, line: Json | None) -> Json:
        return {**super()._params(values, order, line), "item_id": values.get("item_id")}
