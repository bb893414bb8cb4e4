"""Looking orders up: by number, buyer, article, days, state and market; one of them whole, or a list page by page."""

import re
from typing import Any, ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.operations_status import period_of
from actions.orders_asked import say_missing
from actions.orders_cards import LISTED, next_steps, order_card, whole_card
from actions.orders_meant import buyer_said, orders_meant, words_beside
from actions.pointing import SHOWERS
from actions.turn import Json, Turn

#: a word of people → the state or the flag that the backend filters by
FLAGS = {
    "held": "held",
    "unmatched": "unmatched",
    "labelled": "labelled",
    "return": "claim",
    "exchange": "claim",
    "cancel": "claim",
    "overseas": "overseas",
    "remote": "remote",
}
STATES = frozenset({
    "awaiting_payment", "unallocated", "partly_allocated", "allocated", "shipped", "delivered", "confirmed", "cancelled",
})  # fmt: skip
WAITING_STATES = ("unallocated", "partly_allocated", "allocated")
#: paid, and something of it is still here
UNSHIPPED = (*WAITING_STATES, "partly_shipped")
#: of the person whose order is on the screen
OTHERS_OF_BUYER = re.compile(
    r"(?:다른|딴|전체|모든|지난|예전)\s*주문|주문\s*(?:이력|내역)\s*(?:전부|다|전체)|다른\s*것도"
)
OF_BUYER = re.compile(r"고객|손님|구매자|사람|분\b|분이|분의|양반")
MORE = re.compile(
    r"\s*(?:더|다음|나머지|이어서|계속|그\s*다음|담)\s*(?:거|것|꺼|건|페이지|쪽|목록|주문)?\s*(?:도|는|은|을|를)?\s*(?:더\s*)?"
    r"(?:보여\S*|볼\S*|보기|봐\S*|알려\S*|ㄱㄱ?|있어\S*|줘\S*|주세요|요)?[\s?!.~]*"
)
FILTERS = ("text", "buyer", "product", "state", "flag", "market", "from_", "to")
#: what is still to leave: a day beside it is when, not when it was ordered
LEAVES = re.compile(
    r"(?:나갈|보낼|부칠|나가야\s*(?:할|될|되는|하는)|내보낼|출고할|발송할|보내야\s*(?:할|될|되는|하는))\s*(?:거|것|게|건|물건|주문|물량|택배)"
)


class OrderSearch(TurnAction):
    action_name: ClassVar[str] = "action_order_search"
    wish: ClassVar[str | None] = "order_search"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        pressed = [str(one) for one in turn.all_of("filter")]
        if turn.is_payload and (pressed or turn.entity("page") is not None):
            await show_page(turn, filters_in(pressed), int(turn.entity("page") or 0))
            return
        filters = said_filters(turn)
        if not filters and await self._others_of_buyer(turn):
            return
        narrowed = {k: v for k, v in filters.items() if k != "market"}
        if not narrowed or turn.all_of("order_no"):
            meant = await orders_meant(turn, silent=False)
            if meant.missing:
                say_missing(turn, meant.missing)
                return
            if len(meant.orders) == 1:
                await show_order(turn, meant.orders[0]["id"])
                return
            if meant.orders:
                show_found(turn, meant.orders, told=turn.words("orders.found", n=len(meant.orders)))
                return
            nobody = None if turn.is_payload or turn.entity("reference") else buyer_said(words_beside(turn), sure=True)
            if nobody:
                filters["buyer"] = nobody
            elif not turn.is_payload and (named := await turn.api.find_products(words_beside(turn))):
                filters["product"] = named[0]["name"]  # "캐시미어 코트 시킨 사람 몇 명이야"
        else:
            filters |= await self._who_or_what(turn)
        await show_page(turn, filters, 0)

    @staticmethod
    async def _others_of_buyer(turn: Turn) -> bool:
        """ "그 고객의 다른 주문도" of the order on the screen."""
        order_id = turn.focus.get("order_id")
        if turn.is_payload or not order_id or not OTHERS_OF_BUYER.search(turn.text) or not OF_BUYER.search(turn.text):
            return False
        order = await turn.api.order(order_id)
        await show_page(turn, {"buyer": order["buyer_name"]}, 0)
        return True

    @staticmethod
    async def _who_or_what(turn: Turn) -> Json:
        """Of "어제 김민수 주문" the buyer, of "지난주 가디건 주문" the article, as filters beside the days."""
        said = words_beside(turn)
        found = await turn.api.find_orders(said) if len(said) >= 2 else []
        buyers = {one["order"]["buyer_name"] for one in found if "buyer" in one["by"]}
        if len(buyers) == 1:
            return {"buyer": buyers.pop()}
        products = await turn.api.find_products(said) if any("product" in one["by"] for one in found) else []
        return {"product": products[0]["name"]} if products else {}


def said_filters(turn: Turn) -> Json:
    """What the message says of days, state and market, as the backend's own filters."""
    filters: Json = {}
    if turn.is_payload:
        return {"market": turn.entity("market")} if turn.entity("market") else {}
    period = period_of(turn)
    if period and not LEAVES.search(turn.text):
        filters |= {"from_": period[0].isoformat(), "to": period[1].isoformat()}
    market = turn.entity("market")
    if market:
        filters["market"] = market
    statuses = turn.all_of("order_status")
    for status in statuses:
        if status == "unshipped":
            filters.setdefault("state", []).extend(UNSHIPPED)
        elif status in STATES:
            filters.setdefault("state", []).append(status)
        elif status in FLAGS:
            filters["flag"] = FLAGS[status]
            if status == "unmatched":
                filters.pop("state", None)
    return filters


async def show_page(turn: Turn, filters: Json, offset: int) -> None:
    """One page of a list, with how many there are of each state and a button for the next."""
    here = not filters.keys() & {"buyer", "product", "text", "from_"} or bool(filters.keys() & {"state", "flag"})
    page = await turn.api.orders(**filters, handled=True if here else None, limit=LISTED, offset=offset)
    told = filters_out(filters)
    if not page["items"]:
        turn.say("orders.none", filters=filters, counts=page["counts"])
        turn.offer(
            turn.link_button("orders_new", "order_search", page=0),
            turn.link_button("collect_orders", "order_collect", market=filters.get("market")),
        )
        return
    if page["total"] == 1:
        await show_order(turn, page["items"][0]["id"])
        return
    intro = turn.words("orders.listed", page=page, filters=filters)
    more = page["next_offset"]
    show_found(turn, page["items"], told=intro, first=offset + 1)
    turn.look_at(listing={"filters": told, "next": more})
    items = []
    if more is not None:
        items.append(turn.link_button("orders_more", "order_search", page=more, filter=told))
    if not filters.get("state") and any(page["counts"].get(state) for state in ("unallocated", "partly_allocated")):
        items.append(turn.link_button("orders_stuck", "order_explain"))
    turn.offer(*items)


def show_found(turn: Turn, orders: list[Json], *, told: str, first: int = 1) -> None:
    turn.add(blocks.text(told))
    turn.add(blocks.cards([order_card(turn, order, number) for number, order in enumerate(orders[:LISTED], first)]))
    turn.show_list([{"order_id": order["id"]} for order in orders])
    turn.look_at(orders=[order["id"] for order in orders[:LISTED]])


def filters_out(filters: Json) -> list[str]:
    """As a button carries them."""
    return [
        f"{name}={one}" for name, value in filters.items() for one in (value if isinstance(value, list) else [value])
    ]


def filters_in(told: list[str]) -> Json:
    filters: dict[str, Any] = {}
    for one in told:
        name, _, value = one.partition("=")
        if name == "state":
            filters.setdefault("state", []).append(value)
        elif name in FILTERS:
            filters[name] = value
    return filters


async def shows_more(turn: Turn) -> bool:
    """ "더 보여줘", "다음" under a list of orders."""
    listing = turn.focus.get("listing")
    if turn.is_payload or not listing or not MORE.fullmatch(turn.text):
        return False
    if listing["next"] is None:
        turn.say("orders.no_more")
        return True
    await show_page(turn, filters_in(listing["filters"]), int(listing["next"]))
    return True


async def show_order(turn: Turn, order_id: str) -> None:
    order = await turn.api.order(order_id)
    turn.look_at(order_id=order["id"])
    turn.say("orders.one", order=order)
    if order["handled"] and order["state"] in (*WAITING_STATES, "partly_shipped"):
        told = await turn.api.order_blockers(order["id"])
        first = next((b for b in told["blockers"] if b["stops"] != "merging" and b["code"] != "not_labelled"), None)
        if first:
            turn.say(f"order_blocker.{first['code']}", data=first["data"])
    turn.add(whole_card(turn, order))
    turn.offer(*next_steps(turn, order))


SHOWERS["order_id"] = show_order
