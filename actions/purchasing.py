"""Purchase orders (발주서) to suppliers: what should be bought, a draft of it, and its sheet as PDF and Excel."""

import re
from typing import ClassVar

from actions import blocks
from actions.after_done import AFTER
from actions.answers import READERS, choice_of
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.turn import Json, Turn
from backend.kit.hangul import find_mention

LISTED = 5
KIND = "supplier"
AGAIN = re.compile(
    r"다시|재출력|재발행|한\s*(?:장|부)\s*더|또\s*한|잃어버|어제\s*(?:만든|뽑은|보낸)|지난번|저번|재인쇄"
)
PLACES = re.compile(r"발주\s*(?:를|을)?\s*(?:넣|확정|진행|완료|처리)|주문\s*확정|발주해")
CALLS_OFF = re.compile(r"취소|철회|무르|물려|없던\s*(?:거|걸|일)|안\s*(?:할래|하려)|하지\s*마|삭제|지워")
SURELY = 0.5


class PurchaseOrderPrint(TurnAction):
    action_name: ClassVar[str] = "action_purchase_order_print"
    wish: ClassVar[str | None] = "purchase_order_print"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if k in ("supplier_id", "purchase_id", "place", "call_off")}
        pressed = turn.entity("source_id")
        if pressed and turn.entity("choice") == "place":
            await self._place(turn, str(pressed))
            return
        if pressed and turn.entity("choice") == "call_off":
            await self._call_off(turn, str(pressed))
            return
        if pressed:
            await show_purchase(turn, str(pressed))
            return
        if values.get("call_off"):
            await self._call_off(turn, values["purchase_id"])
            return
        if values.get("place"):
            await self._place(turn, values["purchase_id"])
            return
        supplier_id = turn.entity("supplier_id") or values.get("supplier_id")
        if not supplier_id and not turn.is_payload:
            supplier_id = await self._said(turn)
        recent = turn.focus.get("purchase_id")
        if recent and not supplier_id and not turn.is_payload:
            if CALLS_OFF.search(turn.text):
                await self._call_off(turn, recent)
            elif PLACES.search(turn.text):
                await self._place(turn, recent)
            else:
                await show_purchase(turn, recent)
            return
        if supplier_id and not turn.is_payload and AGAIN.search(turn.text):
            made = await turn.api.purchase_orders(supplier_id=supplier_id, limit=1)
            if made:
                await show_purchase(turn, made[0]["id"])
                return
        if supplier_id:
            await self._draft(turn, str(supplier_id))
            return
        await self._overview(turn)

    @staticmethod
    async def _said(turn: Turn) -> str | None:
        suppliers = {one["name"]: one["id"] for one in await turn.api.suppliers()}
        found = [m for m in find_mention(turn.text, list(suppliers)) if m.score >= SURELY]
        return str(suppliers[found[0].name]) if found else None

    @staticmethod
    async def _draft(turn: Turn, supplier_id: str) -> None:
        """From what is short; where a draft waits already, its sheet."""
        made = await turn.api.purchase_orders(supplier_id=supplier_id, state="draft", limit=1)
        short = [one for one in await turn.api.shortages(supplier_id) if one["items"]]
        if made and not any(item["short"] for one in short for item in one["items"]):
            await show_purchase(turn, made[0]["id"])
            return
        values = {"supplier_id": supplier_id}
        try:
            await propose(turn, "purchase_order_print", values, "purchase_order.create", values)
        except BackendError as error:
            if error.code != "nothing_short":
                raise
            turn.problem(error)
            older = await turn.api.purchase_orders(supplier_id=supplier_id, limit=1)
            if older:
                await show_purchase(turn, older[0]["id"])

    @staticmethod
    async def _place(turn: Turn, purchase_id: str) -> None:
        values = {"place": True, "purchase_id": purchase_id}
        await propose(turn, "purchase_order_print", values, "purchase_order.place", {"purchase_order_id": purchase_id})

    @staticmethod
    async def _call_off(turn: Turn, purchase_id: str) -> None:
        values = {"purchase_id": purchase_id, "call_off": True}
        await propose(turn, "purchase_order_print", values, "purchase_order.cancel", {"purchase_order_id": purchase_id})
        turn.look_at(purchase_id=purchase_id)

    @staticmethod
    async def _overview(turn: Turn) -> None:
        """What each supplier should bring, and the sheets that were made before."""
        groups = [one for one in await turn.api.shortages() if any(item["short"] for item in one["items"])]
        made = await turn.api.purchase_orders(limit=LISTED)
        known = [one for one in groups if one["supplier_id"]]
        turn.say("purchasing.overview", groups=groups, made=made)
        if len(known) == 1 and not made and len(groups) == 1:
            await PurchaseOrderPrint._draft(turn, known[0]["supplier_id"])
            return
        cards = [
            blocks.card(
                turn.words("purchasing.supplier_title", group=group),
                [(item["item"], turn.words("purchasing.short", item=item)) for item in group["items"][:4]],
                subtitle=turn.words("purchasing.supplier_subtitle", group=group),
                actions=[turn.link_button("purchase_make", "purchase_order_print", supplier_id=group["supplier_id"])]
                if group["supplier_id"]
                else [],
            )
            for group in groups[:LISTED]
        ]
        if cards:
            turn.add(blocks.cards(cards))
        turn.offer(
            *(
                blocks.button(turn.words("purchasing.sheet_of", order=one), "purchase_order_print", source_id=one["id"])
                for one in made[:3]
            )
        )
        if len(known) > 1:
            choices = [{"value": one["supplier_id"], "title": one["supplier"]} for one in known[:LISTED]]
            ask(
                turn,
                "purchase_order_print",
                {},
                "supplier_id",
                kind=KIND,
                choices=choices,
                question="purchasing.ask_supplier",
            )


async def show_purchase(turn: Turn, purchase_id: str) -> None:
    """The purchase order with its sheet as PDF and Excel."""
    order = await turn.api.purchase_order(purchase_id)
    links = {form: await turn.api.purchase_sheet(order["id"], form) for form in ("pdf", "xlsx")}
    turn.look_at(purchase_id=order["id"])
    turn.say("purchasing.one", order=order)
    columns = turn.words("purchasing.columns").split("|")
    rows = [[line["item"], turn.words("purchasing.pieces", n=line["quantity"])] for line in order["lines"][:10]]
    more = turn.words("purchasing.more_lines", n=len(order["lines"]) - 10) if len(order["lines"]) > 10 else None
    turn.add(blocks.table(turn.words("purchasing.table_title", order=order), columns, rows, more))
    actions = [
        blocks.link(turn.words("button.purchase_pdf"), links["pdf"]["path"], new_tab=True),
        blocks.link(turn.words("button.purchase_xlsx"), links["xlsx"]["path"], new_tab=True),
    ]
    if order["state"] == "draft":
        actions.append(
            turn.link_button("purchase_place", "purchase_order_print", source_id=order["id"], choice="place")
        )
    if order["state"] in ("draft", "ordered"):
        actions.append(
            turn.link_button("purchase_call_off", "purchase_order_print", source_id=order["id"], choice="call_off")
        )
    turn.offer(*actions)


async def answer_supplier(turn: Turn, wanted: Json) -> str | None:
    picked = turn.entity("choice") or turn.entity("supplier_id") or choice_of(turn, wanted["choices"])
    if picked:
        return str(picked)
    return await PurchaseOrderPrint._said(turn)


READERS[KIND] = answer_supplier


async def _after_made(turn: Turn, plan: Json, context: Json) -> None:
    """The sheet of what was just drafted or ordered."""
    named = next((c["target_id"] for c in plan["changes"] if c["target_type"] == "purchase_order"), None)
    if named:
        await show_purchase(turn, str(named))


AFTER["purchase_order.create"] = AFTER["purchase_order.place"] = _after_made
