"""What a parcel abroad costs, how long it takes, and what customs wants to know; by country and weight or for one order."""

import re
from typing import ClassVar

from actions import blocks
from actions.base import WISHES, TurnAction
from actions.client.errors import BackendError
from actions.orders_asked import say_missing
from actions.orders_meant import orders_meant
from actions.orders_search import show_page
from actions.turn import Json, Turn
from backend.kit.numbers import parse_number

LISTED = 8
WEIGHT = re.compile(
    r"(?P<n>\d{1,5}(?:\.\d{1,3})?|[한두세네다섯여일이삼사오육칠팔구십]{1,3})\s*(?P<unit>kg|킬로그램|키로그램|킬로|키로|㎏|g(?![a-z])|그램|그람)",
    re.IGNORECASE,
)
CUSTOMS = re.compile(r"통관|관세|세관|세금|서류|hs\s*코드|고유\s*부호|신고|제한|뺏", re.IGNORECASE)
#: to be written down, not told
FILLS = re.compile(
    r"(?:통관|hs\s*코드|영문\s*(?:상품명|품명|이름)|원산지)[^?]*(?:채우|채워|채울|입력|등록|적어|적을|기입|넣어|넣을|넣고)(?!.*(?:필요|되나|돼요\?|뭐))",
    re.IGNORECASE,
)
SERVED = re.compile(
    r"어느\s*나라|어디까지|안\s*되는\s*나라|가능한\s*나라|나라별|나라마다|국가\s*(?:목록|별)|요금표|운임표"
)
THIS = re.compile(r"이\s*주문|그\s*주문|이거|그거|이건|그건|해당")


class OverseasShipping(TurnAction):
    action_name: ClassVar[str] = "action_overseas_shipping"
    wish: ClassVar[str | None] = "overseas_shipping"
    topic: ClassVar[bool] = False
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        if turn.entity("choice") == "customs" or (not turn.is_payload and FILLS.search(turn.text)):
            await WISHES["customs_fill"].handle(turn)
            return
        country = turn.entity("country") or turn.given.get("country")
        weight = weight_said(turn.text) if not turn.is_payload else None
        order_id = await self._order(turn, country)
        if order_id == "":
            return
        if not country and not order_id and turn.entity("order_status") == "overseas":
            await show_page(turn, {"flag": "overseas"}, 0)  # "해외 주문 있어?" asks for orders, not for fees
            return
        if not country and not order_id:
            before = turn.focus.get("country")
            if before and (weight or (not turn.is_payload and not SERVED.search(turn.text) and len(turn.text) <= 20)):
                country = before
            else:
                await self._table(turn)
                return
        try:
            quote = await turn.api.quote(country=country, weight=weight, order_id=order_id)
        except BackendError as error:
            if error.code not in ("country_unknown", "order_is_domestic", "country_missing"):
                raise
            turn.problem(error)
            if error.code == "country_unknown":
                await self._table(turn, intro=False)
            return
        self._tell(turn, quote)

    @staticmethod
    async def _order(turn: Turn, country: str | None) -> str | None:
        """The order meant; None without one, "" when it was said that there is none."""
        pressed = turn.entity("order_id")
        if pressed:
            return str(pressed)
        if turn.is_payload or not (turn.all_of("order_no") or THIS.search(turn.text)):
            return None
        meant = await orders_meant(turn)
        if meant.missing:
            say_missing(turn, meant.missing)
            return ""
        return meant.orders[0]["id"] if len(meant.orders) == 1 else None

    @staticmethod
    async def _table(turn: Turn, *, intro: bool = True) -> None:
        """All countries in short; the first step's fee tells the order of magnitude."""
        known = await turn.api.countries()
        if intro:
            turn.say("overseas.intro", n=len(known))
        columns = turn.words("overseas.columns").split("|")
        rows = [
            [one["name"], turn.words("overseas.from_fee", one=one), turn.words("overseas.days", quote=one)]
            for one in known
            if one["served"]
        ]
        more = turn.words("overseas.more", n=len(rows) - LISTED) if len(rows) > LISTED else None
        turn.add(blocks.table(turn.words("overseas.table_title"), columns, rows[:LISTED], more))
        turn.offer(*(blocks.button(one["name"], "overseas_shipping", country=one["country"]) for one in known[:4]))

    @staticmethod
    def _tell(turn: Turn, quote: Json) -> None:
        known = {"order_id": quote["order_id"]} if quote["order_id"] else {}
        turn.look_at(country=quote["country"], **known)
        if not quote["served"]:
            turn.say("overseas.not_served", quote=quote)
            return
        asks_customs = not turn.is_payload and CUSTOMS.search(turn.text) is not None
        turn.say("overseas.quote", quote=quote)
        if quote["weight_g"] is None:
            columns = turn.words("overseas.fee_columns").split("|")
            rows = [
                [turn.words("overseas.up_to", g=fee["to_g"]), turn.words("overseas.fee", fee=fee["fee"])]
                for fee in quote["fees"]
            ]
            turn.add(blocks.table(turn.words("overseas.fee_title", quote=quote), columns, rows))
        turn.say("overseas.customs", quote=quote, asked=asks_customs)
        if quote["customs"]:
            columns = turn.words("overseas.customs_columns").split("|")
            rows = [
                [turn.words(f"overseas.customs_{name}", line=line) for name in ("item", "english", "hs", "value")]
                for line in quote["customs"]
            ]
            turn.add(blocks.table(turn.words("overseas.customs_title"), columns, rows))
        if quote["order_id"]:
            turn.offer(turn.link_button("order_detail", "order_search", order_id=quote["order_id"]))


def weight_said(text: str) -> int | None:
    """Grams: "1.5kg", "이 킬로", "800그램"."""
    match = WEIGHT.search(text)
    if match is None:
        return None
    written = match["n"]
    number = float(written) if written[0].isdigit() else parse_number(written)
    if not number:
        return None
    kilos = match["unit"].lower() not in ("g", "그램", "그람")
    return max(1, round(number * (1000 if kilos else 1)))
