"""What "두 번째 거", "그거" or "아까 그 쿠폰" means, when it is an inquiry, a deal, a coupon or a product."""

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
}
#: one without a verb of its own, or with one that fits everything
WHY = re.compile(r"왜|이유|근거|어쩌다")
LOOKING = frozenset({"ops_explain", "ops_status", "inform", "nlu_fallback", "work_request_status", "none_of_these"})
#: what a general word does to a thing: kind → intent → the wish, with what it then knows
DOING: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "inquiry_id": {"affirm": ("inquiry_answer", {})},
    "deal_id": {
        "affirm": ("deal_answer", {"accept": True}), "ops_on": ("deal_answer", {"accept": True}),
        "deny": ("deal_answer", {"accept": False}), "ops_off": ("deal_answer", {"accept": False}),
    },
    "coupon_id": {
        "ops_off": ("coupon_stop", {}), "cancel": ("coupon_stop", {}), "work_request_cancel": ("coupon_stop", {}),
        "product_delete": ("coupon_stop", {}),
    },
}  # fmt: skip


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
    kind = _kind(turn)
    if kind is None:
        return False
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
    if turn.intent in LOOKING and kind in SHOWERS:
        await SHOWERS[kind](turn, found)
        return True
    return False


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
