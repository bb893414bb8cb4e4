"""Which stock items a message means, and how one or several of them are shown."""

from dataclasses import dataclass, field
from typing import Any

from actions import blocks
from actions.pointing import SHOWERS
from actions.turn import Json, Turn

LISTED = 12
OFFERED = 8  # choices as buttons
TONE = {"in_stock": "ok", "nearly_out": "warn", "sold_out": "bad", "arriving": "warn"}
NEAR = 0.12
#: after these a message that names nothing goes on about the same item
STOCK_KINDS = frozenset({
    "stock.adjust", "inbound.create", "inbound.change", "inbound.receive", "item.update", "barcode.assign",
})  # fmt: skip


@dataclass
class Meant:
    """`items` as the finding told them; `products` by name when several products fit alike."""

    items: list[Json] = field(default_factory=list)
    products: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def one(self) -> Json | None:
        return self.items[0] if len(self.items) == 1 else None


async def meant_items(turn: Turn, *, silent: bool = True) -> Meant:
    """By a button, by words, by a place in the list, by what was just talked about; `silent`: also without pointing."""
    named = turn.entity("item_id") or turn.given.get("item_id")
    if named:
        return Meant([await turn.api.stock_item(str(named))])
    if product := turn.entity("product_id") or turn.given.get("product_id"):
        return Meant((await turn.api.stock_items(product_id=product, limit=100))["items"])
    if turn.is_payload:
        return Meant()
    pointed = turn.pointed_at() or {}
    if pointed.get("item_id"):
        return Meant([await turn.api.stock_item(pointed["item_id"])])
    found = await turn.api.find_stock_items(turn.text, talked_about(turn, "product_id"))
    if found:
        return _surest(found)
    item = talked_about(turn, "item_id")
    if item and (silent or turn.entity("reference")):
        return Meant([await turn.api.stock_item(item)])
    product = talked_about(turn, "product_id")
    if product and (silent or turn.entity("reference")):
        return Meant((await turn.api.stock_items(product_id=product, limit=100))["items"])
    return Meant()


async def near_items(turn: Turn, product_id: str | None = None) -> list[Json]:
    """The options of the one product that an answer names without saying which of them; empty where it names none."""
    if turn.is_payload:
        return []
    found = await turn.api.find_stock_items(turn.text, product_id)
    meant = _surest(found) if found else Meant()
    return meant.items


def talked_about(turn: Turn, kind: str) -> str | None:
    """The item or product of the last answer, also when what was done to it came between."""
    found: str | None = turn.focus.get(kind)
    if found or (kind == "product_id" and turn.focus.get("item_id")):
        return found
    done = turn.slot("last_done") or {}
    just_done = done.get("kind") in STOCK_KINDS or done.get("undid") in STOCK_KINDS
    return turn.earlier.get(kind) if just_done or turn.entity("reference") else None


def _surest(found: list[Json]) -> Meant:
    best = [item for item in found if item["score"] >= found[0]["score"] - NEAR / 4]
    products: dict[str, list[Json]] = {}
    for item in best:
        products.setdefault(item["product_name"], []).append(item)
    return Meant(best) if len(products) == 1 else Meant(products=products)


def ask_which_product(turn: Turn, meant: Meant, intent: str, **known: Any) -> None:
    """Several products fit: one button each, which asks the same of that product."""
    turn.say("stock.which_product", names=list(meant.products)[:OFFERED])
    offered = []
    for name, items in list(meant.products.items())[:OFFERED]:
        one = len(items) == 1
        thing = {"item_id": items[0]["id"] if one else None, "product_id": None if one else items[0]["product_id"]}
        offered.append(blocks.button(name, intent, None, **thing, **known))
    turn.offer(*offered)


def item_choices(items: list[Json]) -> list[Json]:
    """Choices of a question; of one product by the option alone."""
    alone = len({item["product_name"] for item in items}) == 1
    return [
        {
            "value": item["id"], "title": item["option_name"] if alone and item["option_name"] else item["name"],
            "also": [item["code"]],
        }
        for item in items[:OFFERED]
    ]  # fmt: skip


def item_card(turn: Turn, item: Json) -> blocks.Block:
    rows = [
        (turn.words("stock.stocked_label"), turn.words("stock.stocked", item=item)),
        (turn.words("stock.available_label"), turn.words("stock.available", item=item)),
        (turn.words("stock.safety_label"), turn.words("stock.pieces", n=item["safety"])),
    ]
    if item["arriving"]:
        rows.append((turn.words("stock.arriving_label"), turn.words("stock.arriving", arriving=item["arriving"])))
    rows.append((turn.words("stock.market_label"), turn.words("stock.market", quantity=item["market_quantity"])))
    if item["location"]:
        rows.append((turn.words("stock.location_label"), item["location"]))
    return blocks.card(
        item["name"], rows, subtitle=turn.words("stock.code", item=item),
        badge=(turn.name("stock_label", item["label"]), TONE[item["label"]]),
        actions=[
            turn.link_button("stock_receive", "stock_adjust", item_id=item["id"], way="receive"),
            turn.link_button("stock_issue", "stock_adjust", item_id=item["id"], way="issue"),
            turn.link_button("stock_correct", "stock_adjust", item_id=item["id"], way="correct"),
            turn.link_button("stock_history", "stock_history", item_id=item["id"]),
        ],
    )  # fmt: skip


async def show_item(turn: Turn, item_id: str) -> None:
    item = await turn.api.stock_item(item_id)
    turn.look_at(item_id=item["id"], product_id=item["product_id"])
    turn.say("stock.one", item=item)
    turn.add(item_card(turn, item))


SHOWERS["item_id"] = show_item


async def show_items(turn: Turn, items: list[Json], title: str) -> None:
    """A table of options or items, remembered in order."""
    ids = {item["id"] for item in items[:LISTED]}
    full = (
        items if "reserved" in items[0] else [await turn.api.stock_item(one["id"]) for one in items if one["id"] in ids]
    )
    table_of(turn, full[:LISTED], title, more=len(items) - LISTED)


def table_of(turn: Turn, items: list[Json], title: str, more: int = 0) -> None:
    alone = len({item["product_name"] for item in items}) == 1
    rows = [
        [
            (item["option_name"] if alone and item["option_name"] else item["name"]),
            str(item["stocked"]), str(max(0, item["available"])), turn.name("stock_label", item["label"]),
        ]
        for item in items
    ]  # fmt: skip
    told = turn.words("more.items", n=more) if more > 0 else None
    turn.add(blocks.table(title, turn.words("stock.columns").split("|"), rows, told))
    turn.show_list([{"item_id": item["id"]} for item in items])
