"""Fills in what customs wants to know of the articles of an order ("통관 정보 채울게"), article by article."""

from typing import ClassVar

from actions.after_done import AFTER
from actions.asking import ask
from actions.base import TurnAction
from actions.orders_asked import say_missing
from actions.orders_meant import orders_meant
from actions.plans import propose
from actions.turn import Json, Turn
from backend.kit.customs import RULES, origins

WISH = "customs_fill"
LACKING = "customs_missing"
OFFERED = 4  # countries with a button; the others are understood too
LONGEST = {"english_name": 100, "hs_code": 15}


class CustomsFill(TurnAction):
    action_name: ClassVar[str] = "action_customs_fill"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = dict(turn.given) or await self._begun(turn)
        if not values:
            return
        for field in values["missing"]:
            if RULES[field](str(values.get(field) or "")) is None:
                if values.get(field):
                    turn.say(f"customs.wrong_{field}")
                self._ask(turn, {k: v for k, v in values.items() if k != field}, field)
                return
        said = {field: str(values[field]) for field in values["missing"]}
        await propose(turn, WISH, values, "item.update", {"item_ids": values["item_ids"], **said}, customs=values)
        turn.look_at(order_id=values["order_id"])

    @staticmethod
    async def _begun(turn: Turn) -> Json:
        """The first article that lacks something, with the other options of it; empty when it was said that there is none."""
        meant = await orders_meant(turn)
        if meant.missing:
            say_missing(turn, meant.missing)
            return {}
        order_id = meant.orders[0]["id"] if len(meant.orders) == 1 else turn.entity("order_id")
        if not order_id:
            turn.say("customs.which_order")
            turn.offer(turn.link_button("orders_overseas", "order_search", order_status="overseas"))
            return {}
        told = await turn.api.order_blockers(str(order_id))
        lacking: list[Json] = next((one["data"]["items"] for one in told["blockers"] if one["code"] == LACKING), [])
        if not lacking:
            turn.say("customs.complete", order=told["order"])
            turn.offer(turn.link_button("order_why", "order_explain", order_id=told["order"]["id"]))
            return {}
        first = lacking[0]
        alike = [one for one in lacking if _product(one) == _product(first) and one["missing"] == first["missing"]]
        return {
            "order_id": told["order"]["id"], "item_ids": [one["item_id"] for one in alike], "item": first["item"],
            "options": len(alike), "missing": first["missing"],
        }  # fmt: skip

    @staticmethod
    def _ask(turn: Turn, values: Json, field: str) -> None:
        if field == "origin_country":
            choices = [
                {"value": code, "title": turn.name("origin", code), "also": also} for code, also in origins().items()
            ]
            ask(turn, WISH, values, field, kind="choice", choices=choices, shown=OFFERED)
        else:
            ask(turn, WISH, values, field, kind="text", max_length=LONGEST.get(field))


def _product(one: Json) -> str:
    return str(one["item"]).partition(" / ")[0]


async def _next(turn: Turn, plan: Json, context: Json) -> None:
    """Whether anything else is in the way of the order is a button away."""
    if context.get("customs"):
        turn.offer(turn.link_button("order_why", "order_explain", order_id=context["customs"]["order_id"]))


AFTER["item.update"] = _next
