"""What "두 번째 거", "그거" or "아까 그 쿠폰" means, when it is an inquiry, a deal, a coupon, an order or a product."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from actions.base import WISHES
from actions.turn import Turn

Shower = Callable[[Turn, str], Awaitable[None]]
#: how each kind of thing is shown; filled by the modules that know it
SHOWERS: dict[str, Shower] = {}
#: the words that name a kind, so that "그 쿠폰" is never an inquiry
NAMED = {
    "inquiry_id": re.compile(r"문의|질문|물어"),
    "deal_id": re.compile(r"제안|원뿔|원플|1\+1|원\+원"),
    "coupon_id": re.compile(r"쿠폰"),
    "product_id": re.compile(r"상품|제품"),
    "setting": re.compile(r"설정"),
    "order_id": re.compile(r"주문(?!\s*(?:량|수|창|서))|오더|송장"),
    "item_id": re.compile(r"품목|옵션|재고"),
}
#: one without a verb of its own, or with one that fits everything
WHY = re.compile(r"왜|이유|근거|어쩌다")
LISTING = {"inquiry_list": "inquiry_id", "deal_list": "deal_id", "order_search": "order_id"}
LOOKING = frozenset({"ops_explain", "ops_status", "inform", "nlu_fallback", "work_request_status", *LISTING})
RELEASING = re.compile(r"풀어|풀고|풀래|풀자|해제|떼")
#: nothing but the thing itself: to be looked at, whatever is mostly done to such a thing
BARE = re.compile(
    r"\s*(?:아까|방금|그럼|좀\s*전)?\s*(?:그|이|저)\s*(?:쿠폰|문의|질문|제안|주문|오더)\s*(?:은|는|이|요|은요|는요|이요)?[\s?.!~]*"
)
#: what a general word does to a thing: kind → intent → the wish, with what it then knows
DOING: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "inquiry_id": {"affirm": ("inquiry_answer", {})},
    "deal_id": {
        "affirm": ("deal_answer", {"accept": True}), "ops_on": ("deal_answer", {"accept": True}),
        "deny": ("deal_answer", {"accept": False}), "ops_off": ("deal_answer", {"accept": False}),
    },
    "item_id": {},
    "coupon_id": {
        "ops_off": ("coupon_stop", {}), "cancel": ("coupon_stop", {}), "work_request_cancel": ("coupon_stop", {}),
        "product_delete": ("coupon_stop", {}),
    },
    "setting": {
        "ops_on": ("inventory_setting_change", {}), "ops_off": ("inventory_setting_change", {}),
        "inventory_setting_change": ("inventory_setting_change", {}),
    },
    "claim_id": {},
    "order_id": {
        "cancel": ("order_cancel", {}), "work_request_cancel": ("order_cancel", {}), "product_delete": ("order_cancel", {}),
        "ops_not_running": ("order_explain", {}), "ops_off": ("order_hold", {}), "ops_on": ("order_release", {}),
        "ops_postpone": ("order_hold", {}),
    },
}  # fmt: skip
#: wishes about a thing of a list, beside those a general word stands for
_OF_A_LIST = frozenset({
    "inquiry_answer", "deal_answer", "coupon_stop", "order_hold", "order_release", "order_cancel", "order_exchange",
    "order_return", "order_explain", "order_split", "order_allocate", "invoice_register", "invoice_print",
})  # fmt: skip


def thing_of(turn: Turn, kind: str, *, silent: bool = False) -> str | None:
    """The id of that kind of thing this message means, by a button, a place in the list or a reference; `silent`: also
    without a word that points, when it is what was just talked about."""
    named = turn.entity(kind) or turn.given.get(kind)
    if named:
        return str(named)
    if turn.is_payload or _names_another(turn, kind):
        return None
    pointed = turn.pointed_at()
    if pointed:
        return pointed.get(kind)
    if turn.entity("reference"):
        return turn.focus.get(kind) or turn.earlier.get(kind)
    return turn.focus.get(kind) if silent else None


def _names_another(turn: Turn, kind: str) -> bool:
    named = {key for key, word in NAMED.items() if word.search(turn.text)}
    return bool(named) and kind not in named


async def means_a_thing(turn: Turn) -> bool:
    """True when this message points at a thing of ours with a word that would fit anything, and it is answered then."""
    if turn.is_payload or not (turn.entity("ordinal") or turn.entity("position") or turn.entity("reference")):
        return False
    if _releases(turn):
        turn.given = {"product_id": turn.focus.get("product_id") or turn.earlier["product_id"], "release": True}
        await WISHES["display_pin"].handle(turn)
        return True
    if _is_beyond(turn):
        turn.say("conversation.no_such_place", n=len(turn.slot("shown")))
        return True
    kind = _kind(turn)
    if kind is None:
        return await _shows_something_else(turn)
    found = thing_of(turn, kind)
    if not found:
        return False
    doing = DOING.get(kind, {}).get(turn.intent)
    if doing and not (turn.slot("plan") and turn.intent in ("affirm", "deny", "cancel")):  # these mean the preview
        wish, known = doing
        turn.given = {kind: found, **known}
        await WISHES[wish].handle(turn)
        return True
    if turn.intent == "ops_explain" and kind == "coupon_id" and WHY.search(turn.text):
        return False  # that is a question about the run that made it
    if (turn.intent in LOOKING or BARE.fullmatch(turn.text)) and kind in SHOWERS:
        await SHOWERS[kind](turn, found)
        return True
    return False


def _is_beyond(turn: Turn) -> bool:
    """ "네 번째 거" of a list of three of these: nothing, rather than what was talked about before."""
    place, shown = turn.entity("ordinal"), turn.slot("shown") or []
    if not isinstance(place, int) or not shown or not shown[0].keys() & DOING.keys():
        return False
    doing = {intent for intents in DOING.values() for intent in intents} | _OF_A_LIST
    return place > len(shown) and turn.intent in LOOKING | doing and not turn.slot("plan")


def _releases(turn: Turn) -> bool:
    """ "그거 풀어줘" right after a product was pinned, though it sounds like switching something on again."""
    pinned = (turn.slot("last_done") or {}).get("kind") == "display.pin"
    product = turn.focus.get("product_id") or turn.earlier.get("product_id")
    other = turn.focus.keys() & {"run_id", "coupon_id", "deal_id", "inquiry_id"}
    return bool(
        pinned and product and not other and turn.entity("reference") and RELEASING.search(turn.text)
    ) and turn.intent in ("ops_on", "ops_off", "ops_undo", "cancel", "nlu_fallback")


async def _shows_something_else(turn: Turn) -> bool:
    """ "두 번째 거 보여줘" in a list of runs resembles "show me the inquiries" and means the run."""
    kind = LISTING.get(turn.intent)
    if kind is None or NAMED[kind].search(turn.text):
        return False
    thing = turn.pointed_at() or (turn.focus if turn.entity("reference") else {})
    if thing.get("run_id"):
        await WISHES["ops_explain"].handle(turn)
    elif thing.get("request_number"):
        turn.given = {"request_no": f"WR-{thing['request_number']}"}
        await WISHES["work_request_status"].handle(turn)
    else:
        return False
    return True


def _kind(turn: Turn) -> str | None:
    """Of the thing pointed at; of several, the one that the message names."""
    named = [key for key, word in NAMED.items() if word.search(turn.text)]
    pointed = turn.pointed_at()
    if pointed:
        return next((kind for kind in DOING if pointed.get(kind)), None)
    if len(named) == 1:
        return named[0]
    newest = set(turn.focus) - {"earlier"}
    return next((kind for kind in DOING if kind in newest), None) if not newest & {"run_id"} else None
