"""Work the merchant asks the operations team for: only what the menu lists (source: 000)."""

from datetime import timedelta
from typing import Any, ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.turn import Json, Turn
from backend.kit import clock

TONE = {
    "submitted": "muted",
    "accepted": "ok",
    "in_progress": "warn",
    "done": "ok",
    "rejected": "bad",
    "withdrawn": "muted",
}


class WorkRequestCatalog(TurnAction):
    action_name: ClassVar[str] = "action_work_request_catalog"

    async def handle(self, turn: Turn) -> None:
        types = await turn.api.request_catalogue()
        turn.say("work_request.catalog", types=types)
        turn.offer(
            *(
                blocks.button(turn.name("work_type", t["type"]), "work_request_create", work_type=t["type"])
                for t in types
            )
        )


class WorkRequestCreate(TurnAction):
    """Asks for the type and each of its fields in turn, then previews the request."""

    action_name: ClassVar[str] = "action_work_request_create"
    wish: ClassVar[str | None] = "work_request_create"

    async def handle(self, turn: Turn) -> None:
        values: Json = dict(turn.given)
        types = {t["type"]: t for t in await turn.api.request_catalogue()}
        chosen = turn.entity("work_type") or values.get("type")
        if chosen not in types:
            choices = [{"value": key, "title": turn.name("work_type", key)} for key in types]
            ask(turn, "work_request_create", {}, "type", kind="work_type", choices=choices, unknown=bool(chosen))
            return
        values["type"] = chosen
        self._take(turn, types[chosen], values)
        for field in types[chosen]["fields"]:
            if field["key"] in values or not self._worth_asking(types[chosen], field):
                continue
            self._ask_field(turn, types[chosen], field, values)
            return
        fields = {f["key"]: values[f["key"]] for f in types[chosen]["fields"] if values.get(f["key"]) is not None}
        try:
            await propose(
                turn, "work_request_create", values, "work_request.create", {"type": chosen, "fields": fields}
            )
        except BackendError as error:
            if error.code != "work_fields_invalid":
                raise
            self._ask_again(turn, types[chosen], values, error.data["fields"])

    @staticmethod
    def _take(turn: Turn, kind: Json, values: Json) -> None:
        """What the first sentence already says (a market) need not be asked."""
        for field in kind["fields"]:
            if field["kind"] == "market" and field["key"] not in values and turn.entity("market"):
                values[field["key"]] = turn.entity("market")

    @staticmethod
    def _worth_asking(kind: Json, field: Json) -> bool:
        """Every required field, and the first optional free text: more would be an interrogation."""
        if field["required"]:
            return True
        optional = [f["key"] for f in kind["fields"] if not f["required"] and f["kind"] in ("text", "long_text")]
        return bool(optional) and field["key"] == optional[0]

    def _ask_field(self, turn: Turn, kind: Json, field: Json, values: Json) -> None:
        choices: list[Json] = []
        if field["kind"] == "choice":
            choices = [
                {"value": c, "title": turn.name("request_choice", f"{field['key']}.{c}")} for c in field["choices"]
            ]
        if field["kind"] == "market":
            choices = [
                {"value": m, "title": turn.name("market", m)}
                for m in ("smartstore", "coupang", "gmarket", "auction", "11st")
            ]
        context: Json = {
            "label": turn.name("request_field", field["key"]),
            "type": kind["type"],
            "max_length": field.get("max"),
            "required": field["required"],
        }
        if field["kind"] == "date":
            today = clock.today()
            context["min"] = today.isoformat()
            context["quick"] = [
                {"title": turn.words("work_request.in_a_week"), "date": (today + timedelta(days=7)).isoformat()}
            ]
        specific = f"ask.request_field.{field['key']}"
        from backend.kit.wording import wording

        ask(
            turn, "work_request_create", values, field["key"], kind=field["kind"], choices=choices,
            optional=not field["required"], question=specific if specific in wording() else "ask.request_field.any", **context,
        )  # fmt: skip

    def _ask_again(self, turn: Turn, kind: Json, values: Json, problems: list[Json]) -> None:
        """The backend refused a field: say which and why, keep the rest, and ask for it again."""
        problem = problems[0]
        turn.say("work_request.field_problem", label=turn.name("request_field", problem["field"]), problem=problem)
        field = next((f for f in kind["fields"] if f["key"] == problem["field"]), None)
        if field:
            values.pop(field["key"], None)
            self._ask_field(turn, kind, field, values)


def request_card(turn: Turn, request: Json) -> blocks.Block:
    actions = [turn.link_button("request_detail", "work_request_status", request_no=f"WR-{request['number']}")]
    if request["state"] in ("submitted", "accepted"):
        actions.append(turn.link_button("withdraw", "work_request_cancel", request_no=f"WR-{request['number']}"))
    return blocks.card(
        turn.words("work_request.card_title", request=request),
        [(turn.words("work_request.filed_label"), turn.words("work_request.filed", request=request)),
         *((turn.name("request_field", f["key"]), turn.words("work_request.field_value", f=f)) for f in request["fields"][:3])],
        badge=(turn.name("request_state", request["state"]), TONE[request["state"]]),
        actions=actions,
    )  # fmt: skip


def number_of(turn: Turn) -> int | None:
    said: Any = turn.entity("request_no") or turn.given.get("request_no")
    digits = "".join(c for c in str(said or "") if c.isdigit())
    return int(digits) if digits else None


class WorkRequestStatus(TurnAction):
    action_name: ClassVar[str] = "action_work_request_status"
    wish: ClassVar[str | None] = "work_request_status"

    async def handle(self, turn: Turn) -> None:
        number = number_of(turn) or (turn.focus.get("request_number") if turn.entity("reference") else None)
        if number:
            request = await turn.api.request(number)
            turn.look_at(request_number=number)
            turn.say("work_request.one", request=request)
            if request["state"] in ("submitted", "accepted"):
                turn.offer(turn.link_button("withdraw", "work_request_cancel", request_no=f"WR-{number}"))
            return
        listed = await turn.api.requests()
        items: list[Json] = listed["items"] if isinstance(listed, dict) else listed
        open_ones = [r for r in items if r["state"] in ("submitted", "accepted", "in_progress")]
        turn.say("work_request.list", items=items, open=open_ones)
        if items:
            turn.add(blocks.cards([request_card(turn, r) for r in (open_ones or items)[:5]]))
            turn.show_list([{"request_number": r["number"]} for r in (open_ones or items)])
            turn.look_at(request_number=(open_ones or items)[0]["number"])
        else:
            turn.offer(turn.link_button("request", "work_request_catalog"))


class WorkRequestCancel(TurnAction):
    action_name: ClassVar[str] = "action_work_request_cancel"
    wish: ClassVar[str | None] = "work_request_cancel"

    async def handle(self, turn: Turn) -> None:
        number = number_of(turn) or turn.focus.get("request_number")
        if not number:
            listed = await turn.api.requests()
            items: list[Json] = listed["items"] if isinstance(listed, dict) else listed
            withdrawable = [r for r in items if r["state"] in ("submitted", "accepted")]
            if not withdrawable:
                turn.say("work_request.nothing_to_withdraw")
                return
            if len(withdrawable) > 1:
                choices = [
                    {"value": f"WR-{r['number']}", "title": turn.words("work_request.choice", request=r)}
                    for r in withdrawable[:6]
                ]
                ask(turn, "work_request_cancel", {}, "request_no", kind="choice", choices=choices)
                return
            number = withdrawable[0]["number"]
        await propose(
            turn, "work_request_cancel", {"request_no": f"WR-{number}"}, "work_request.withdraw", {"number": number}
        )
