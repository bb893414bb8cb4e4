"""Which orders a message means: a button's, by number, a place in the list, "그 주문", by buyer or product, or the one just
talked about."""

import re
from dataclasses import dataclass, field

from actions.turn import Json, Turn

#: words that say nothing about which order: numbers of parcels, couriers, states, days
_BESIDE = frozenset(
    {"tracking_no", "courier", "order_status", "scope", "date", "period", "country", "market", "work_type", "reference"}
)
ANOTHER = re.compile(r"(?:다른|딴|엉뚱한)\s*(?:주문|거|것|건|오더)")
ALL = re.compile(r"전부|전체|모두|모든|싹|몽땅|(?<![가-힣])다(?:\s|$)|(?<!아니)다\s*(?:풀|해제|보류|묶|합쳐|취소|할당)")
#: both or all of what was just shown
_ALL_SHOWN = re.compile(
    r"두\s*건|2\s*건|세\s*건|3\s*건|네\s*건|둘\s*다|셋\s*다|두\s*주문|이것들|그것들|이\s*주문들|그\s*주문들|위에\s*(?:있는|것들)|방금\s*(?:그|본)?\s*(?:것들|거\s*다)"
)
#: between a number and "이거" it makes two orders of them; without it both are the same one
_AND = re.compile(r"(?:랑|하고|와|과|또|및|[,&+])\s|둘|같이|함께|합\s*포|합쳐|묶")
_TITLED = re.compile(
    r"(?:^|(?<=\s))(?P<name>[가-힣][가-힣*]{1,2})\s*(?:님|씨|고객님?|손님|구매자)(?=\S{0,2}\s).{0,12}?(?:주문|오더)"
)
_BEFORE_ORDER = re.compile(r"(?:^|(?<=\s))(?P<name>[가-힣][가-힣*]{2})\s+(?:주문|오더)")
#: what stands in the same place and is nobody
_NOBODY = frozenset({"그", "이", "저희", "어떤", "다른", "모든", "단골", "신규", "우리", "해당"})
_SAYS_ORDER = re.compile(r"주문|오더|송장")
_SPEAKS_OF_ORDER = re.compile(r"주문|오더|고객|손님|구매자|님\b|씨\b|꺼|거\b|건\b")


@dataclass
class Meant:
    """`orders` as the list shows them; `named`: the message itself says which; `every`: all of them, one by one, not one of
    them; `missing`: numbers nobody has."""

    orders: list[Json] = field(default_factory=list)
    named: bool = False
    every: bool = False
    missing: list[str] = field(default_factory=list)


async def orders_meant(turn: Turn, *, silent: bool = True) -> Meant:
    """`silent`: without a word that points, it is what was just talked about."""
    ids = [str(one) for one in turn.all_of("order_id")] or _given(turn)
    if ids:
        return Meant([await turn.api.order(one) for one in ids], named=True)
    if not turn.is_payload:
        meant = await said_orders(turn)
        if meant.orders or meant.missing:
            return meant
    last = _last(turn) if silent and not turn.given.get("another") else []
    return Meant([await turn.api.order(one) for one in last])


def _given(turn: Turn) -> list[str]:
    known = turn.given.get("order_id") or turn.given.get("order_ids")
    if known is None:
        return []
    return [str(one) for one in known] if isinstance(known, list) else [str(known)]


async def said_orders(turn: Turn) -> Meant:
    numbers = turn.all_of("order_no")
    meant = Meant(named=True, every=len(numbers) > 1)
    for number in numbers:
        found = handled_first(
            [one["order"] for one in await turn.api.find_orders(str(number)) if "number" in one["by"]]
        )
        if found:
            _add(meant.orders, found)
        else:
            meant.missing.append(str(number))
    if (not meant.orders and not meant.missing) or (pointing_words(turn) and _AND.search(turn.text)):
        pointed = pointed_orders(turn)
        meant.every = meant.every or len(pointed) > 1 or bool(pointed and numbers)
        for order_id in pointed:
            _add(meant.orders, [await turn.api.order(order_id)])
    if meant.orders or meant.missing:
        return meant
    said = words_beside(turn)
    found = await turn.api.find_orders(said, turn.entity("market")) if len(said) >= 2 else []
    sure = [one for one in found if set(one["by"]) - {"market"}]
    if not sure:
        return Meant(await _mistyped(turn, said), named=True)
    named_buyer = [one for one in sure if "buyer" in one["by"]]
    orders = handled_first([one["order"] for one in named_buyer or sure])
    just_now = [order for order in orders if order["id"] in _last(turn)]
    if just_now and not ANOTHER.search(turn.text):  # "가디건 취소해줘" of the order on the screen
        return Meant(just_now, named=bool(named_buyer))
    if not named_buyer and not _SPEAKS_OF_ORDER.search(turn.text) and _last(turn):
        return Meant()  # an article alone does not lead away from the order that is talked about
    return Meant(orders, named=True, every=ALL.search(turn.text) is not None)


async def _mistyped(turn: Turn, said: str) -> list[Json]:
    """Of a buyer whose name is said with one wrong key."""
    name = buyer_said(said)
    if name is None:
        return []
    page = await turn.api.orders(buyer=name, handled=True, limit=20)
    return list(page["items"])


def buyer_said(text: str, *, sure: bool = False) -> str | None:
    """What stands where a buyer's name does: "박서언 주문", "이*은 님 주문"; `sure`: only with 님, 씨 or 고객 behind it."""
    found = _TITLED.search(text) or (None if sure else _BEFORE_ORDER.search(text))
    return found["name"] if found and found["name"] not in _NOBODY else None


def handled_first(orders: list[Json]) -> list[Json]:
    """What is handled here; records of before only where nothing else fits."""
    return [order for order in orders if order["handled"]] or orders


def pointing_words(turn: Turn) -> bool:
    return bool(turn.entity("reference")) and not turn.is_payload


def pointed_orders(turn: Turn) -> list[str]:
    """By places in the list that was shown, or as what was talked about."""
    shown = [thing.get("order_id") for thing in turn.slot("shown") or []]
    places = [p for p in (*turn.all_of("ordinal"), *turn.all_of("position")) if isinstance(p, int)]
    if turn.is_payload:
        return []
    if shown and any(shown):
        picked = [shown[p - 1 if p > 0 else -1] for p in places if p == -1 or 1 <= p <= len(shown)]
        if picked:
            return list(dict.fromkeys(one for one in picked if one))
        if _ALL_SHOWN.search(turn.text):
            return list(dict.fromkeys(one for one in shown if one))
    if pointing_words(turn) and not ANOTHER.search(turn.text):
        kept = turn.earlier.get("order_id")
        by_name = [str(kept)] if kept and _SAYS_ORDER.search(turn.text) else []
        return _last(turn) or by_name  # "아까 그 주문", though something else came up since
    return []


def _last(turn: Turn) -> list[str]:
    """The order or orders last talked about, unless something else of the shop came up since."""
    focus = turn.focus
    several = focus.get("orders") or []
    if focus.get("order_id"):
        return [str(focus["order_id"])]
    if several:
        return [str(one) for one in several]
    newer = set(focus) & {"run_id", "coupon_id", "deal_id", "inquiry_id", "request_number", "groups"}
    kept = turn.earlier.get("order_id")
    return [str(kept)] if kept and not newer else []


def words_beside(turn: Turn) -> str:
    """What was typed without what says nothing about which order."""
    said = turn.text
    for entity in turn.entities:
        if entity["entity"] in _BESIDE and entity.get("start") is not None:
            said = said[: entity["start"]] + " " * (entity["end"] - entity["start"]) + said[entity["end"] :]
    return " ".join(said.split())


def _add(orders: list[Json], more: list[Json]) -> None:
    known = {order["id"] for order in orders}
    orders += [order for order in more if order["id"] not in known]
