"""An arrival that is expected ("다음주 화요일에 가디건 30개 들어와"): what, how many and when; then preview and yes."""

import re
from datetime import date
from typing import ClassVar

from actions.answers import ASIDE, date_of
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.stock_items import OFFERED, item_choices, meant_items
from actions.stock_words import said_change
from actions.turn import Json, Turn
from backend.kit import clock

WISH = "inbound_create"
#: what is still to come, in any of its forms
COMES = re.compile(
    r"들어\s*(?:와(?!\s*있)|오(?!면|나|는\s*지)|올|옵|온대|온다)|입고|도착|받기로|온대|온답|올\s*(?:거|예정|겁)|와요|옵니다|오기로"
)
ASKED_FOR = re.compile(
    r"입고\s*예정\S{0,2}\s*(?:좀\s*|하나\s*|새로\s*)*(?:등록|추가|잡아|적어|넣어|만들)|들어올\s*(?:거|것|물건|상품)\S{0,2}\s*(?:등록|추가|적어|넣어)"
)
CAME = re.compile(r"왔|들어왔|들어온|받았|도착했|입고됐|입고했|입고\s*완료")
ASKS = re.compile(
    r"\?|？|나요|까요|언제|몇\s|얼마|왜|알려|보여|조회|있어|있나|확인|는지|을까|ㄹ까|안\s*(?:들어|왔|와)|취소|변경|바꿔|미뤄|연기|늦|발주"
)
CHANGES_MIND = frozenset(
    {"deny", "inform", "nlu_fallback", "affirm", "inbound_schedule", "stock_adjust", "stock_check", "chitchat"}
)
#: "아니 3일 뒤로": of work only where one is named
PUTS_OFF = frozenset({"ops_postpone", "ops_schedule"})
#: a sentence so classified may speak of goods on their way
MISTAKEN = frozenset({
    "inbound_schedule", "stock_adjust", "stock_check", "nlu_fallback", "inform", "ops_postpone", "ops_schedule", "stock_history",
    "out_of_scope", "chitchat", "option_add", "product_register", "stock_low",
})  # fmt: skip
REFUSED = frozenset({"inbound_past", "inbound_too_far"})


def tells_an_arrival(turn: Turn) -> bool:
    """That goods come on a day ahead, and how many; or plainly that such a thing shall be written down."""
    if turn.is_payload or turn.intent not in MISTAKEN or ASKS.search(turn.text):
        return False
    if ASKED_FOR.search(turn.text):
        return True
    return (
        _is_ahead(turn)
        and COMES.search(turn.text) is not None
        and not CAME.search(turn.text)
        and _pieces(turn) is not None
    )


class InboundCreate(TurnAction):
    action_name: ClassVar[str] = "action_inbound_create"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if v is not None}
        if not turn.given and not turn.is_payload:
            said = {"quantity": _pieces(turn), "due_on": _day(turn)}
            values |= {k: v for k, v in said.items() if v is not None}
        item = await self._item(turn, values)
        if item is None:
            return
        values |= {"item_id": item["id"], "item": item["name"]}
        if values.get("quantity") is None:
            ask(turn, WISH, values, "quantity", kind="quantity")
        elif values.get("due_on") is None:
            ask(turn, WISH, values, "due_on", kind="date", min=clock.today().isoformat())
        else:
            await self._propose(turn, values, item)

    @staticmethod
    async def _item(turn: Turn, values: Json) -> Json | None:
        if values.get("item_id"):
            return await turn.api.stock_item(values["item_id"])
        meant = await meant_items(turn, silent=False)
        if meant.one is not None:
            return await turn.api.stock_item(meant.one["id"])
        if meant.products:
            choices = item_choices([item for items in meant.products.values() for item in items])
            ask(turn, WISH, values, "item_id", kind="item", choices=choices[:OFFERED])
        elif meant.items:
            ask(turn, WISH, values, "item_id", kind="item", choices=item_choices(meant.items),
                question="ask.inbound_create.which_option", product=meant.items[0]["product_name"],
                product_id=meant.items[0]["product_id"])  # fmt: skip
        else:
            ask(turn, WISH, values, "item_id", kind="item")
        return None

    @staticmethod
    async def _propose(turn: Turn, values: Json, item: Json) -> None:
        line = {"item_id": item["id"], "quantity": int(values["quantity"])}
        if line["quantity"] < 1:
            turn.say("stock.no_such_number")
            return
        try:
            await propose(turn, WISH, values, "inbound.create", {"lines": [line], "due_on": values["due_on"]})
        except BackendError as error:
            if error.code not in REFUSED:
                raise
            turn.problem(error)
            known = {k: v for k, v in values.items() if k != "due_on"}
            ask(turn, WISH, known, "due_on", kind="date", min=clock.today().isoformat())
            return
        turn.look_at(item_id=item["id"], product_id=item["product_id"])

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 20개요", "수요일로", "블랙 말고 베이지": while asked or at the preview."""
        another_day = turn.intent in PUTS_OFF and not turn.entity("operation")
        if turn.is_payload or not (turn.intent in CHANGES_MIND or another_day):
            return None
        said = {"quantity": _pieces(turn), "due_on": _day(turn)}
        changed: Json = {k: v for k, v in said.items() if v is not None and values.get(k) not in (None, v)}
        item = await turn.api.stock_item(values["item_id"]) if values.get("item_id") else None
        if item:
            found = await turn.api.find_stock_items(turn.text, item["product_id"])
            others = [
                one for one in found if one["id"] != item["id"] and one["by"] != "product" and one["score"] >= 0.5
            ]
            if others and (len(others) == 1 or others[1]["score"] < others[0]["score"]):
                item = others[0]
                changed |= {"item_id": item["id"], "item": item["name"]}
        if not changed:
            return None
        new = {**values, **changed}
        shown = turn.words("stock.expected_changed", values=new, item=item)
        return {"label": turn.words("stock.changed_label"), "shown": shown, "values": new}


def _day(turn: Turn) -> str | None:
    """Of "다음주" nobody knows the day."""
    return None if turn.entity("period") and not turn.entity("date") else date_of(turn)


def _is_ahead(turn: Turn) -> bool:
    first = _day(turn) or (turn.entity("period") or {}).get("from")
    return first is not None and date.fromisoformat(str(first)[:10]) > clock.today()


def _pieces(turn: Turn) -> int | None:
    """The number that is said beside the day."""
    said = turn.text
    for one in turn.entities:
        if one["entity"] in ("date", "period") and one.get("start") is not None:
            said = said[: one["start"]] + " " * (one["end"] - one["start"]) + said[one["end"] :]
    return said_change(said).number


ASIDE.append(tells_an_arrival)
