"""Which stock item a sentence about an order names: by its code, as ours, or as where to."""

import re
from typing import Any

from actions.answers import READERS, RESEMBLING, choice_of
from actions.turn import Json, Turn
from backend.kit.hangul import compact

KIND = "stock_item"
CLEARLY = 0.1
CODE = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,5}-?\d{2,}[A-Za-z0-9-]*|P\d{4,}[A-Z]*)(?![A-Za-z0-9])")
#: the article that is named as ours: behind "우리", "재고의", an arrow, or right before (으)로
OURS = re.compile(
    r"(?:우리|저희|재고의?|창고의?|사실은|실은|→|->|=>)\s*(?P<said>[^,.!?]{2,40}?)\s*(?:으로|로|하고|랑|이랑|와|과|에|예요|이에요|거예요|거든요|입니다|이야|$|를|을|같은)"
)
TO = re.compile(
    r"(?P<said>[^\s,.!?→]{2,20}(?:\s+[^\s,.!?→]{1,12}){0,3}?)\s*(?:으로|로|에|랑|이랑|하고)\s*(?:매칭|연결|이어|붙여|맞춰|바꿔|잡아|엮)"
)


async def item_said(turn: Turn, text: str, group: Json) -> tuple[str | None, list[Json]]:
    """The stock item that a sentence names beside the market's own name, and those that fit about as well."""
    if not text:
        return None, []
    code = [word for word in CODE.findall(text) if not word.upper().startswith("WR")]
    ours = OURS.search(text) or TO.search(text)
    asked = code[0] if code else (ours["said"] if ours else text.replace(group["called"], " "))
    found: list[Json] = await turn.api.find_stock_items(asked[:200])
    if not found:
        return None, []
    best: Any = found[0].get("score") or 1
    near = [one for one in found if (one.get("score") or 1) >= best - CLEARLY]
    if len(near) > 1 and (
        exact := [one for one in near if compact(one["name"]) == compact(asked) or one["code"].upper() == asked.upper()]
    ):
        near = exact
    return (str(near[0]["id"]), near) if len(near) == 1 else (None, near)


async def answer_item(turn: Turn, wanted: Json) -> str | None:
    """The id of the stock item that an answer names; of several alike, none: the buttons are shown again."""
    pressed = turn.entity("choice") or turn.entity("item_id")
    if pressed:
        return str(pressed)
    picked = choice_of(turn, wanted["choices"])
    if picked is not None:
        return str(picked)
    item_id, _ = await item_said(turn, turn.text, {"called": wanted["context"].get("called", ""), "suggestions": []})
    return item_id


READERS[KIND] = answer_item
RESEMBLING[KIND] = frozenset({
    "order_match", "product_search", "stock_check", "order_search", "order_exchange", "product_update", "option_add",
})  # fmt: skip
