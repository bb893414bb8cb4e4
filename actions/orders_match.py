"""Telling which stock item a market's article is, remembered for next time (source: 002, 주문매칭)."""

import re
from typing import ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import WISHES, TurnAction
from actions.client.errors import BackendError
from actions.orders_asked import say_missing
from actions.orders_item_said import CLEARLY, KIND, item_said
from actions.orders_lines import ask_line, lines_said
from actions.orders_meant import orders_meant
from actions.plans import propose
from actions.turn import Json, Turn
from backend.kit.hangul import compact, find_mention

LISTED, SUGGESTED = 5, 3
BY_RULES = re.compile(r"자동\s*매칭|다시\s*(?:돌|매칭|실행)|재매칭|매칭\s*(?:다시|실행|돌려|ㄱㄱ?)|규칙(?:으로|대로)")
FLOOR = 0.3


class OrderMatch(TurnAction):
    action_name: ClassVar[str] = "action_order_match"
    wish: ClassVar[str | None] = "order_match"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {
            k: v for k, v in turn.given.items() if k in ("line_ids", "line_id", "item_id", "order_id", "called")
        }
        typed = not turn.given and not turn.is_payload
        if turn.entity("choice") == "rules" or (typed and BY_RULES.search(turn.text) and not turn.all_of("order_no")):
            await self._by_rules(turn)
            return
        pressed = turn.entity("line_id")
        if pressed:
            values["line_id"] = str(pressed)
        if turn.entity("item_id"):
            values["item_id"] = str(turn.entity("item_id"))
        group = await self._group(turn, values)
        if group is None:
            return
        values |= {"line_ids": group["line_ids"], "called": group["called"]}
        if not values.get("item_id"):
            said = "" if turn.is_payload or turn.given else turn.text
            item_id, candidates = await item_said(turn, said, group)
            if item_id is None:
                self._ask_item(turn, values, group, candidates)
                return
            values["item_id"] = item_id
        await self._propose(turn, values)

    @staticmethod
    async def _propose(turn: Turn, values: Json) -> None:
        params = {"item_id": values["item_id"], "line_ids": values["line_ids"]}
        known = {"order_id": values["order_id"]} if values.get("order_id") else {}
        try:
            await propose(turn, "order_match", values, "order.match", params, **known)
        except BackendError as error:
            turn.problem(error)
            turn.offer(turn.link_button("match_all", "order_match", choice="all"))

    @staticmethod
    async def _by_rules(turn: Turn) -> None:
        try:
            await propose(turn, "order_match", {"rules": True}, "orders.rematch", {})
        except BackendError as error:
            if error.code not in ("nothing_unmatched", "nothing_matches"):
                raise
            turn.problem(error)
            if error.code == "nothing_matches":
                turn.offer(turn.link_button("match_all", "order_match", choice="all"))

    async def _group(self, turn: Turn, values: Json) -> Json | None:
        """The lines that shall be matched: of an order, or of one market product; lists what waits and returns None otherwise."""
        if values.get("line_ids"):
            return {"line_ids": values["line_ids"], "called": values["called"], "suggestions": []}
        groups = await turn.api.unmatched(limit=50)
        if values.get("line_id"):
            found = next((g for g in groups if values["line_id"] in g["line_ids"]), None)
            return _named(found) if found else await self._of_line(turn, values)
        if turn.entity("choice") != "all":
            meant = (
                await orders_meant(turn, silent=False) if not turn.given.get("order_id") else await orders_meant(turn)
            )
            if meant.missing:
                say_missing(turn, meant.missing)
                return None
            numbered = bool(
                turn.all_of("order_no")
                or turn.all_of("order_id")
                or turn.entity("reference")
                or turn.given.get("order_id")
            )
            if len(meant.orders) == 1 and (numbered or (meant.named and not _says_unmatched(turn))):
                return await self._of_order(turn, values, meant.orders[0]["id"], groups)
            found = _said_group(turn, groups)
            if found is not None:
                return _named(found)
        self._list(turn, groups)
        return None

    @staticmethod
    async def _of_line(turn: Turn, values: Json) -> Json | None:
        order_id = turn.given.get("order_id") or turn.focus.get("order_id")
        if not order_id:
            turn.say("orders.match_none")
            return None
        order = await turn.api.order(order_id)
        line = next((line for line in order["lines"] if line["id"] == values["line_id"]), None)
        if line is None:
            turn.say("orders.match_none")
            return None
        values["order_id"] = order["id"]
        return {"line_ids": [line["id"]], "called": _called(line), "suggestions": []}

    @staticmethod
    async def _of_order(turn: Turn, values: Json, order_id: str, groups: list[Json]) -> Json | None:
        order = await turn.api.order(order_id)
        turn.look_at(order_id=order["id"])
        values["order_id"] = order["id"]
        lines = [line for line in order["lines"] if not line["is_gift"]]
        open_lines = [line for line in lines if line["item_id"] is None]
        said = [] if turn.is_payload or turn.given else lines_said(turn.text, lines)
        chosen = open_lines if len(open_lines) == 1 else (said if len(said) == 1 else [])
        if not chosen and not open_lines and len(lines) == 1:
            chosen = lines
        if not chosen:
            ask_line(turn, "order_match", values, open_lines or lines, question="orders.ask_match_line")
            return None
        line = chosen[0]
        group = next((g for g in groups if line["id"] in g["line_ids"]), None)
        told = {"line_ids": [line["id"]], "called": _called(line), "suggestions": group["suggestions"] if group else []}
        return {**told, "line_ids": group["line_ids"]} if group else told

    @staticmethod
    def _list(turn: Turn, groups: list[Json]) -> None:
        """What no stock item is known for, with likely ones as buttons."""
        if not groups:
            turn.say("orders.match_none")
            turn.offer(turn.link_button("orders_new", "order_search", page=0))
            return
        turn.say("orders.match_list", groups=groups, shown=min(LISTED, len(groups)))
        turn.add(blocks.cards([_group_card(turn, group, n) for n, group in enumerate(groups[:LISTED], 1)]))
        turn.show_list([{"line_id": group["line_ids"][0]} for group in groups])
        turn.look_at(matching=True)
        turn.offer(turn.link_button("match_by_rules", "order_match", choice="rules"))

    @staticmethod
    def _ask_item(turn: Turn, values: Json, group: Json, candidates: list[Json]) -> None:
        shown = (candidates or group["suggestions"])[:SUGGESTED]
        choices = [
            {
                "value": one.get("item_id") or one["id"],
                "title": turn.words("orders.item_choice", item=one),
                "also": [one["code"], one["name"]],
            }
            for one in shown
        ]
        ask(
            turn,
            "order_match",
            values,
            "item_id",
            kind=KIND,
            choices=choices,
            question="orders.ask_match_item",
            called=group["called"],
            several=bool(candidates),
        )

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 베이지로" under the preview."""
        if (
            not preview
            or turn.intent not in ("deny", "inform", "nlu_fallback", "order_match", "affirm")
            or not values.get("line_ids")
        ):
            return None
        if turn.intent == "order_match" and (turn.all_of("order_no") or _says_unmatched(turn)):
            return None
        item_id, candidates = await item_said(turn, turn.text, {"called": values["called"], "suggestions": []})
        if item_id is None or item_id == values["item_id"]:
            return None
        item = next(one for one in candidates if one["id"] == item_id)
        return {
            "label": turn.words("orders.item_label"),
            "shown": turn.words("orders.item_choice", item=item),
            "values": {**values, "item_id": item_id},
        }


def _named(group: Json) -> Json:
    return {**group, "called": _called(group)}


def _called(line: Json) -> str:
    return " ".join(part for part in (line["name"], line["option"]) if part)


def _says_unmatched(turn: Turn) -> bool:
    return (
        "unmatched" in turn.all_of("order_status")
        or re.search(r"안\s*(?:된|됀|되)|실패|남|몇\s*(?:개|건)|못\s*(?:찾|한)|목록|나열|뭐", turn.text) is not None
    )


def _said_group(turn: Turn, groups: list[Json]) -> Json | None:
    """By its place in the list, or by the market's name of it."""
    if turn.is_payload:
        return None
    thing = turn.pointed_at()
    if thing and thing.get("line_id"):
        return next((g for g in groups if thing["line_id"] in g["line_ids"]), None)
    quoted = re.search(r"[\"“'‘「](?P<said>[^\"”'’」]{2,60})[\"”'’」]", turn.text)
    text = quoted["said"] if quoted else turn.text
    names: dict[str, Json] = {_called(group): group for group in groups}
    if quoted and (exact := [g for n, g in names.items() if compact(text) in compact(n)]):
        return exact[0] if len(exact) == 1 else None
    found = [m for m in find_mention(text, list(names)) if m.score >= FLOOR]
    if not found or (len(found) > 1 and found[1].score > found[0].score - CLEARLY):
        return None
    return names[found[0].name]


def _group_card(turn: Turn, group: Json, number: int) -> blocks.Block:
    actions = [
        blocks.button(
            turn.words("orders.match_to", item=one), "order_match", line_id=group["line_ids"][0], item_id=one["item_id"]
        )
        for one in group["suggestions"][:SUGGESTED]
    ]
    actions.append(turn.link_button("match_other", "order_match", line_id=group["line_ids"][0]))
    return blocks.card(
        turn.words("orders.match_title", group=group, number=number),
        [(turn.words("orders.match_waits_label"), turn.words("orders.match_waits", group=group))],
        subtitle=turn.words("orders.match_subtitle", group=group),
        actions=actions,
    )


#: what naming one's own article may be taken for
_MISTAKEN = frozenset(
    {"nlu_fallback", "inform", "deny", "product_search", "stock_check", "option_add", "product_update", "order_search"}
)


async def continues_matching(turn: Turn) -> bool:
    """ "그건 우리 가죽 벨트야" under the list of what is not matched."""
    if turn.is_payload or not turn.focus.get("matching") or turn.intent not in _MISTAKEN or turn.slot("plan"):
        return False
    groups = await turn.api.unmatched(limit=50)
    group = groups[0] if len(groups) == 1 else _said_group(turn, groups)
    if group is None:
        return False
    item_id, _ = await item_said(turn, turn.text, {"called": _called(group), "suggestions": []})
    if item_id is None:
        return False
    turn.given = {"line_ids": group["line_ids"], "called": _called(group), "item_id": item_id}
    await WISHES["order_match"].handle(turn)
    return True
