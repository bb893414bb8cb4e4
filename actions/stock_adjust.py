"""Receiving, issuing and correcting stock in conversation: which item, which way, how many; then preview and yes."""

from typing import Any, ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.stock_items import OFFERED, ask_which_product, item_choices, meant_items
from actions.stock_words import EACH, FILE, UNDONE, Said, said_change
from actions.turn import Json, Turn
from backend.kit.hangul import compact

WISH = "stock_adjust"
WAYS = ("receive", "issue", "correct")
CHANGES_MIND = frozenset(
    {"stock_adjust", "deny", "inform", "nlu_fallback", "affirm", "stock_check", "out_of_scope", "chitchat"}
)


class StockAdjust(TurnAction):
    action_name: ClassVar[str] = "action_stock_adjust"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        if turn.entity("inbound_id") or turn.given.get("inbound_id"):
            await receive_inbound(turn)
            return
        if turn.entity("import_id"):
            await apply_file(turn)
            return
        if turn.entity("way") == "file" or (not turn.is_payload and not turn.given and FILE.search(turn.text)):
            await offer_file(turn)
            return
        if not turn.is_payload and not turn.given and UNDONE.search(turn.text) and _just_did(turn):
            turn.say("stock.undo_instead")
            turn.offer(
                turn.link_button("undo", "ops_undo", source_type="plan", source_id=turn.slot("last_done")["source_id"])
            )
            return
        values: Json = {k: v for k, v in turn.given.items() if v is not None}
        items = await self._items(turn, values)
        if items is None:
            return
        self._take_in(turn, values, items)
        if not values.get("way"):
            self._ask_way(turn, values)
        elif values.get("quantity") is None:
            ask(turn, WISH, values, "quantity", kind="quantity", question=f"ask.stock_adjust.quantity_{values['way']}",
                item=self._named(items), stocked=items[0]["stocked"])  # fmt: skip
        else:
            await self._propose(turn, values, items)

    async def _items(self, turn: Turn, values: Json) -> list[Json] | None:
        """The items of `values`, or those this message means; asks and returns None where that is not clear."""
        known = values.get("item_ids") or ([values["item_id"]] if values.get("item_id") else [])
        if known:
            values["item_ids"] = list(known)
            return [await turn.api.stock_item(item_id) for item_id in known]
        meant = await meant_items(turn)
        if meant.products:
            said = self._said(turn, [])
            ask_which_product(turn, meant, "stock_adjust", way=said.way, quantity=said.number)
            return None
        if meant.one is not None or (meant.items and not turn.is_payload and EACH.search(turn.text)):
            items = [await turn.api.stock_item(item["id"]) for item in meant.items[:100]]
            values["item_ids"] = [item["id"] for item in items]
            return items
        self._take_in(turn, values, meant.items)
        if meant.items:
            turn.look_at(product_id=meant.items[0]["product_id"])
            ask(turn, WISH, values, "item_id", kind="item", choices=item_choices(meant.items),
                question="ask.stock_adjust.which_option", product=meant.items[0]["product_name"],
                product_id=meant.items[0]["product_id"], more=max(0, len(meant.items) - OFFERED))  # fmt: skip
        else:
            ask(turn, WISH, values, "item_id", kind="item")
        return None

    @staticmethod
    def _said(turn: Turn, items: list[Json]) -> Said:
        if turn.is_payload:
            way, number = turn.entity("way"), turn.entity("quantity")
            return Said(way if way in WAYS else None, number if isinstance(number, int) else None)
        return said_change(turn.text, tuple(item["name"] for item in items))

    def _take_in(self, turn: Turn, values: Json, items: list[Json]) -> None:
        """What this message says of the way and the number; what a question asked for stays as it was given."""
        if turn.given:
            return
        said = self._said(turn, items)
        for key, value in (("way", said.way), ("quantity", said.number), ("note", said.note)):
            if value is not None:
                values[key] = value
        if not turn.is_payload:
            values["said"] = turn.text

    @staticmethod
    def _ask_way(turn: Turn, values: Json) -> None:
        choices = [
            {
                "value": way,
                "title": turn.words(f"stock.way_{way}"),
                "also": turn.words(f"stock.way_{way}_also").split("|"),
            }
            for way in WAYS
        ]
        ask(turn, WISH, values, "way", kind="choice", choices=choices, number=values.get("quantity"))

    @staticmethod
    def _named(items: list[Json]) -> str:
        return str(items[0]["name"] if len(items) == 1 else items[0]["product_name"])

    async def _propose(self, turn: Turn, values: Json, items: list[Json]) -> None:
        way, number = values["way"], int(values["quantity"])
        if number < (0 if way == "correct" else 1):
            turn.say("stock.no_such_number")
            return
        kind = await self._type(turn, values)
        name = "to" if way == "correct" else "quantity"
        params = {
            "way": way, "lines": [{"item_id": item["id"], name: number} for item in items], "note": values.get("note"),
            "type_id": kind,
        }  # fmt: skip
        try:
            await propose(turn, WISH, values, "stock.adjust", params)
        except BackendError as error:
            if error.code not in ("stock_short", "stock_is_so"):
                raise
            turn.problem(error)
            if len(items) == 1:
                turn.look_at(item_id=items[0]["id"], product_id=items[0]["product_id"])
                self._offer_instead(turn, error, items[0], way)
            return
        turn.look_at(item_id=items[0]["id"] if len(items) == 1 else None, product_id=items[0]["product_id"])

    @staticmethod
    def _offer_instead(turn: Turn, error: BackendError, item: Json, way: str) -> None:
        left = error.data.get("available") or 0
        offered = []
        if error.code == "stock_short" and left:
            title = turn.words("button.stock_all_left", n=left)
            offered.append(blocks.button(title, "stock_adjust", item_id=item["id"], way=way, quantity=left))
        turn.offer(*offered, turn.link_button("stock_history", "stock_history", item_id=item["id"]))

    @staticmethod
    async def _type(turn: Turn, values: Json) -> str | None:
        """A kind of the shop's own that the message names, where it goes that way (source: 002, 입/출고 유형)."""
        direction = {"receive": "in", "issue": "out"}.get(values["way"])
        said = compact(values.get("said") or "")
        if direction is None or not said:
            return None
        own = [t for t in await turn.api.movement_types() if not t["builtin"] and t["direction"] == direction]
        named = [t for t in own if compact(t["name"]) in said]
        return str(max(named, key=lambda t: len(t["name"]))["id"]) if named else None

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 3개요", "블랙 말고 베이지로", "출고가 아니라 입고": while asked or at the preview."""
        if turn.is_payload or turn.intent not in CHANGES_MIND or values.get("inbound_id") or values.get("import_id"):
            return None
        known = values.get("item_ids") or []
        items = [await turn.api.stock_item(item_id) for item_id in known[:1]]
        said = said_change(turn.text, tuple(item["name"] for item in items))
        changed: Json = {
            k: v
            for k, v in (("way", said.way), ("quantity", said.number))
            if v is not None and values.get(k) not in (None, v)
        }
        other = await self._another(turn, items[0]) if len(known) == 1 else None
        if other:
            changed |= {"item_id": other["id"], "item_ids": [other["id"]]}
        if not changed:
            return None
        new: Any = {**values, **changed}
        return {
            "label": turn.words("stock.changed_label"), "values": new,
            "shown": turn.words("stock.changed", values=new, item=other or (items[0] if items else None)),
        }  # fmt: skip

    @staticmethod
    async def _another(turn: Turn, item: Json) -> Json | None:
        """Another option, or another product, that this message names beside the one that is known."""
        found = await turn.api.find_stock_items(turn.text, item["product_id"])
        best = [one for one in found if one["id"] != item["id"] and one["by"] != "product" and one["score"] >= 0.5]
        if not best or (len(best) > 1 and best[1]["score"] == best[0]["score"]):
            return None
        return best[0]


def _just_did(turn: Turn) -> bool:
    return str((turn.slot("last_done") or {}).get("kind") or "").startswith("stock.")


async def receive_inbound(turn: Turn) -> None:
    """The arrival a button names has come, all of it or the number that is said."""
    values = {"inbound_id": turn.entity("inbound_id") or turn.given["inbound_id"], "quantity": turn.entity("quantity")}
    await propose(turn, WISH, values, "inbound.receive", values)


async def apply_file(turn: Turn) -> None:
    """A file that was handed in on its page; where rows are wrong, whether to go on without them is asked."""
    file = str(turn.entity("import_id"))
    skip = turn.entity("choice") == "skip_bad"
    try:
        await propose(turn, WISH, {"import_id": file}, "stock.import", {"import_id": file, "skip_bad": skip})
    except BackendError as error:
        if error.code != "import_has_bad_rows":
            raise
        turn.problem(error)
        results = await turn.api.import_results(file)
        offered = [blocks.link(turn.words("button.stock_results"), results["path"], new_tab=True)]
        if error.data["good"]:
            title = turn.words("button.stock_skip_bad", n=error.data["good"])
            offered.append(blocks.button(title, "stock_adjust", import_id=file, choice="skip_bad"))
        turn.offer(*offered)


async def offer_file(turn: Turn) -> None:
    """A page of our own where a file is handed in; what comes of it is confirmed here."""
    page = await turn.api.import_page()
    turn.say("stock.file")
    turn.offer(blocks.link(turn.words("button.stock_file_page"), page["path"], new_tab=True))
