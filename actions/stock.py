"""How many are left, and what runs low."""

import re
from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.stock_items import LISTED, Meant, ask_which_product, meant_items, show_item, show_items, table_of
from actions.stock_words import copies_in
from actions.turn import Turn

#: words of the question itself: what is left beside them names a thing
ASKING = re.compile(
    r"재고|제고|수량|몇|개|장|벌|남았|남은|남아|있어|있나|있음|있니|있는지|있을까|현황|현재고?|가용|확인|알려|보여|좀|지금|우리|얼마나?|전체|총"
    r"|요|줘|주세요|나요|니|야|임|은|는|이|가|을|를|의|해|인지|궁금|부탁|드려|드립니다|[\s?!.~,ㅋㅎㅠ]"
)
SOLD_OUT = re.compile(r"품절|솔드\s*아웃|sold|동났|떨어진|다\s*팔|없는|바닥|0개|0인|제로|오링", re.IGNORECASE)
NEARLY = re.compile(r"임박|얼마\s*안|간당|곧|부족|모자|적은|거의|떨어져|떨어질|미달|안전|경고|보충|채워")
AT_MOST = re.compile(r"(?:이하|미만|안\s*되는|안되는|도\s*안|밑|아래|보다\s*적|뿐)")
BELOW = re.compile(r"미만|안\s*되는|안되는|도\s*안|보다\s*적")


class StockCheck(TurnAction):
    """One item in full, the options of a product as a table, or the whole list in a few numbers."""

    action_name: ClassVar[str] = "action_stock_check"
    wish: ClassVar[str | None] = "stock_check"

    async def handle(self, turn: Turn) -> None:
        names_something = not turn.is_payload and len(ASKING.sub("", turn.text)) >= 2
        meant = await meant_items(turn, silent=not names_something)
        if meant.products:
            ask_which_product(turn, meant, "stock_check")
        elif meant.one is not None:
            await show_item(turn, meant.one["id"])
        elif meant.items:
            await self._options(turn, meant)
        else:
            await self._whole(turn, names_something)

    @staticmethod
    async def _options(turn: Turn, meant: Meant) -> None:
        items = meant.items
        turn.look_at(product_id=items[0]["product_id"])
        turn.say("stock.options", name=items[0]["product_name"], items=items)
        await show_items(turn, items, items[0]["product_name"])

    @staticmethod
    async def _whole(turn: Turn, names_something: bool) -> None:
        low = await turn.api.low_stock(limit=1)
        page = await turn.api.stock_items(limit=1)
        if names_something:
            turn.say("stock.not_found")
        turn.say("stock.whole", total=page["total"], counts=low["counts"])
        turn.offer(
            turn.link_button("stock_low", "stock_low"), turn.link_button("inbounds", "inbound_schedule"),
            turn.link_button("stock_file", "stock_adjust", way="file"),
        )  # fmt: skip


class StockLow(TurnAction):
    """What is sold out or runs out, fewest first, page by page; "5개 이하" counts by that number."""

    action_name: ClassVar[str] = "action_stock_low"
    wish: ClassVar[str | None] = "stock_low"

    async def handle(self, turn: Turn) -> None:
        which = str(turn.entity("which") or self._which(turn))
        at_most = turn.entity("at_most") if turn.is_payload else self._at_most(turn)
        offset = int(turn.entity("offset") or 0)
        page = await turn.api.low_stock(which=which, at_most=at_most, limit=LISTED, offset=offset)
        turn.say("stock.low", page=page, which=which, at_most=at_most, offset=offset)
        if not page["items"]:
            turn.offer(turn.link_button("inbounds", "inbound_schedule"))
            return
        table_of(turn, page["items"], turn.words("stock.low_title", which=which, at_most=at_most))
        turn.look_at(item_id=page["items"][0]["id"] if len(page["items"]) == 1 else None)
        more = []
        if page["next_offset"]:
            left = page["total"] - page["next_offset"]
            more.append(blocks.button(
                turn.words("button.next_page", n=left), "stock_low", which=which, at_most=at_most, offset=page["next_offset"]
            ))  # fmt: skip
        turn.offer(*more, turn.link_button("inbounds", "inbound_schedule"))

    @staticmethod
    def _which(turn: Turn) -> str:
        out, nearly = SOLD_OUT.search(turn.text), NEARLY.search(turn.text)
        if turn.is_payload or bool(out) == bool(nearly):
            return "low"
        return "sold_out" if out else "nearly_out"

    @staticmethod
    def _at_most(turn: Turn) -> int | None:
        said = AT_MOST.search(turn.text)
        number = copies_in(turn.text) if said else None
        if number is None:
            return None
        return max(0, number - 1) if BELOW.search(turn.text) else number
