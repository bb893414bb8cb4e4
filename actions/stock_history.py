"""Why stock changed, and what is due to arrive."""

import re
from datetime import date
from typing import ClassVar, Literal

from actions import blocks
from actions.base import WISHES, TurnAction
from actions.stock_items import Meant, ask_which_product, meant_items
from actions.stock_words import tells_a_change
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.korean_dates import parse_period

LISTED = 10
OVERDUE = re.compile(
    r"지난|지났|늦|밀린|밀려|지연|안\s*왔|안\s*온|안\s*들어|못\s*받|넘은|넘긴|D\s*\+|연체|미입고", re.IGNORECASE
)
REASONS = {
    "receive": re.compile(r"입고"), "issue": re.compile(r"출고"), "correct": re.compile(r"조정|고친|고쳤|수정|실사"),
    "return": re.compile(r"반품"),
}  # fmt: skip
#: both, or a question about why: every reason counts
ALL = re.compile(r"입출고|입고.*출고|출고.*입고|왜|누가|수불|변동|내역|이력|기록")


class StockHistory(TurnAction):
    """The lines of the ledger of an item, a product or the whole shop, newest first."""

    action_name: ClassVar[str] = "action_stock_history"
    wish: ClassVar[str | None] = "stock_history"

    async def handle(self, turn: Turn) -> None:
        meant = await meant_items(turn)
        if meant.products:
            ask_which_product(turn, meant, "stock_history")
            return
        asked: Json = {**_thing(meant), **_period(turn, "past"), "reason": self._reason(turn)}
        asked["offset"] = int(turn.entity("offset") or 0)
        page = await turn.api.stock_movements(limit=LISTED, **asked)
        _look(turn, meant)
        turn.say("stock.history", page=page, name=_name(meant), asked=asked, item=meant.one)
        if not page["movements"]:
            return
        rows = [
            [
                turn.words("stock.line_at", line=line), *([] if meant.one else [line["item"]]), turn.words("stock.line_why", line=line),
                turn.words("stock.line_delta", line=line), str(line["balance"]), line["by_name"],
            ]
            for line in page["movements"]
        ]  # fmt: skip
        columns = turn.words("stock.line_columns_one" if meant.one else "stock.line_columns").split("|")
        turn.add(blocks.table(turn.words("stock.history_title"), columns, rows))
        items = []
        if page["next_offset"]:
            left = page["total"] - page["next_offset"]
            items.append(_next(turn, "stock_history", left, {**asked, "offset": page["next_offset"]}))
        newest = page["movements"][0]
        if newest["source_type"] == "plan" and not newest["undone"] and newest["reason"] != "undo" and meant.one:
            items.append(turn.link_button("put_back", "ops_undo", source_type="plan", source_id=newest["source_id"]))
        turn.offer(*items)

    @staticmethod
    def _reason(turn: Turn) -> str | None:
        if turn.is_payload:
            return turn.entity("reason")
        if ALL.search(turn.text):
            return None
        return next((reason for reason, said in REASONS.items() if said.search(turn.text)), None)


class InboundSchedule(TurnAction):
    """What is due, earliest first; what is late with its days."""

    action_name: ClassVar[str] = "action_inbound_schedule"
    wish: ClassVar[str | None] = "inbound_schedule"

    async def handle(self, turn: Turn) -> None:
        if not turn.is_payload and tells_a_change(turn.text):
            await WISHES["stock_adjust"].handle(turn)
            return
        if turn.is_payload and turn.entity("inbound_id"):
            await WISHES["inbound_change"].handle(turn)
            return
        meant = await meant_items(turn, silent=False)
        if meant.products:
            ask_which_product(turn, meant, "inbound_schedule")
            return
        late = turn.entity("which") == "overdue" or (not turn.is_payload and OVERDUE.search(turn.text) is not None)
        asked: Json = {
            **_thing(meant),
            "which": "overdue" if late else "open",
            "offset": int(turn.entity("offset") or 0),
        }
        asked |= {} if late else _period(turn, "future")
        page = await turn.api.inbounds(limit=LISTED, **asked)
        _look(turn, meant)
        turn.say("stock.inbounds", page=page, name=_name(meant), asked=asked)
        if not page["inbounds"]:
            if asked.keys() & {"item_id", "product_id"} or late:
                turn.offer(turn.link_button("inbounds", "inbound_schedule"))
            return
        rows = [
            [turn.words("stock.due", due=due), due["item"], turn.words("stock.due_quantity", due=due), due["supplier"] or turn.words("value.none")]
            for due in page["inbounds"]
        ]  # fmt: skip
        turn.add(blocks.table(turn.words("stock.inbound_title"), turn.words("stock.inbound_columns").split("|"), rows))
        turn.show_list([{"inbound_id": due["id"], "item_id": due["item_id"]} for due in page["inbounds"]])
        offered = []
        if page["next_offset"]:
            left = page["total"] - page["next_offset"]
            offered.append(_next(turn, "inbound_schedule", left, {**asked, "offset": page["next_offset"]}))
        if page["overdue"] and not late:
            offered.append(
                blocks.button(
                    turn.words("button.inbound_overdue", n=page["overdue"]), "inbound_schedule", which="overdue"
                )
            )
        if len(page["inbounds"]) == 1:
            only = page["inbounds"][0]
            turn.look_at(inbound_id=only["id"], item_id=only["item_id"])
            offered.append(turn.link_button("inbound_came", "stock_adjust", inbound_id=only["id"]))
            for way in ("moved", "off"):
                offered.append(turn.link_button(f"inbound_{way}", "inbound_schedule", inbound_id=only["id"], way=way))
        turn.offer(*offered)


def _thing(meant: Meant) -> Json:
    if meant.one is not None:
        return {"item_id": meant.one["id"]}
    return {"product_id": meant.items[0]["product_id"]} if meant.items and meant.items[0]["product_id"] else {}


def _name(meant: Meant) -> str | None:
    if meant.one is not None:
        return str(meant.one["name"])
    return str(meant.items[0]["product_name"]) if meant.items else None


def _look(turn: Turn, meant: Meant) -> None:
    if meant.items:
        turn.look_at(item_id=meant.one["id"] if meant.one else None, product_id=meant.items[0]["product_id"])


def _period(turn: Turn, lean: Literal["past", "future"]) -> Json:
    """Days as the API takes them."""
    if turn.is_payload:
        return {"from_": turn.entity("first"), "to": turn.entity("last")}
    meant = (
        parse_period(turn.text, clock.today(), lean=lean)
        if lean == "future"
        else parse_period(turn.text, clock.today())
    )
    if meant is None:
        return {}
    first, last = meant
    return {"from_": first.isoformat(), "to": min(last, _furthest(first)).isoformat()}


def _furthest(first: date) -> date:
    return (
        first.replace(year=first.year + 1)
        if (first.month, first.day) != (2, 29)
        else first.replace(year=first.year + 1, day=28)
    )


def _next(turn: Turn, intent: str, left: int, asked: Json) -> blocks.Block:
    given = {{"from_": "first", "to": "last"}.get(k, k): v for k, v in asked.items() if v is not None}
    return blocks.button(turn.words("button.next_page", n=left), intent, **given)
