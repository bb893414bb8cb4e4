"""Work the merchant asks the operations team for: only what the menu lists (source: 000)."""

from datetime import date, timedelta
from typing import Any, ClassVar

from actions import blocks
from actions.answers import ASKS, named_choice
from actions.asking import ask
from actions.base import WISHES, TurnAction
from actions.client.errors import BackendError
from actions.plans import Affirm, propose
from actions.request_corrections import change_meant, choices_of
from actions.request_menu import lacks_setup, menu_choices, work_meant
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.hangul import compact
from backend.kit.wording import wording

YES_LONGEST = 10  # characters of "이대로 접수해 주세요"
CLEARLY = 0.05  # by this much the best product must fit better than the next
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
        named = None if ASKS.search(turn.text) else await work_meant(turn)
        if named:
            turn.given = {"type": named}
            await WISHES["work_request_create"].handle(turn)
            return
        turn.say("work_request.catalog", types=types)
        turn.offer(
            *(
                blocks.button(turn.name("work_type", t["type"]), "work_request_create", work_type=t["type"])
                for t in types
            )
        )
        turn.show_list([{"work_type": t["type"]} for t in types])


class WorkRequestCreate(TurnAction):
    """Asks for the type and each of its fields in turn, then previews the request."""

    action_name: ClassVar[str] = "action_work_request_create"
    wish: ClassVar[str | None] = "work_request_create"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        if self._says_yes(turn):
            await Affirm().handle(turn)
            return
        values: Json = dict(turn.given)
        types = {t["type"]: t for t in await turn.api.request_catalogue()}
        choices = menu_choices(turn, types)
        chosen = values.get("type") or turn.entity("work_type")
        if chosen not in types and not turn.is_payload:
            chosen = named_choice(turn.text, choices)
        if chosen not in types:
            ask(turn, "work_request_create", {}, "type", kind="work_type", choices=choices, unknown=bool(chosen))
            return
        first, values["type"] = "type" not in values, chosen
        await self._take(turn, types[chosen], values, first)
        if await lacks_setup(turn, types[chosen], values.get("market")):
            return
        for field in types[chosen]["fields"]:
            if problem := _out_of_range(field, values.get(field["key"])):
                await self._ask_again(turn, types[chosen], values, [problem])
                return
            if field["key"] in values or not self._worth_asking(types[chosen], field):
                continue
            if not any(f["key"] in values for f in types[chosen]["fields"]):
                turn.say("work_request.begin", title=turn.name("work_type", chosen))
            await self._ask_field(turn, types[chosen], field, values)
            return
        fields = {f["key"]: values[f["key"]] for f in types[chosen]["fields"] if values.get(f["key"]) is not None}
        try:
            await propose(
                turn, "work_request_create", values, "work_request.create", {"type": chosen, "fields": fields}
            )
        except BackendError as error:
            if error.code != "work_fields_invalid":
                raise
            await self._ask_again(turn, types[chosen], values, error.data["fields"])

    @staticmethod
    def _says_yes(turn: Turn) -> bool:
        """ "접수해 주세요" under the preview of a request means that one, not another."""
        waits = (turn.slot("plan") or {}).get("wish") == "work_request_create"
        short = len(compact(turn.text)) <= YES_LONGEST and not turn.entity("work_type")
        return waits and short and not turn.is_payload and not turn.given

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        work = next((t for t in await turn.api.request_catalogue() if t["type"] == values.get("type")), None)
        meant = await change_meant(turn, work, values, preview=preview) if work else None
        if meant is None:
            return None
        field, value = meant
        names = (
            {p["id"]: p["name"] for p in await turn.api.find_products(turn.text)} if field["kind"] == "product" else {}
        )
        said = {"key": field["key"], "value": value, "shown": names.get(value, value)}
        return {
            "label": turn.name("request_field", field["key"]),
            "shown": turn.words("work_request.field_value", f=said),
            "values": {**values, field["key"]: value},
        }

    @staticmethod
    async def _take(turn: Turn, kind: Json, values: Json, first: bool) -> None:
        """What the first sentence already says (a market, a product, what of it) need not be asked."""
        for field in kind["fields"]:
            if field["key"] in values:
                continue
            if field["kind"] == "market" and turn.entity("market"):
                values[field["key"]] = turn.entity("market")
            if not first or turn.is_payload:
                continue
            if field["kind"] == "choice" and (value := named_choice(turn.text, choices_of(turn, field))):
                values[field["key"]] = value
            if field["kind"] == "product":
                found = await turn.api.find_products(turn.text)
                if found and (len(found) == 1 or found[0]["score"] - found[1]["score"] >= CLEARLY):
                    values[field["key"]] = found[0]["id"]

    @staticmethod
    def _worth_asking(kind: Json, field: Json) -> bool:
        """Every required field, and the first optional free text: more would be an interrogation."""
        if field["required"]:
            return True
        optional = [f["key"] for f in kind["fields"] if not f["required"] and f["kind"] in ("text", "long_text")]
        return bool(optional) and field["key"] == optional[0]

    async def _ask_field(self, turn: Turn, kind: Json, field: Json, values: Json) -> None:
        choices: list[Json] = choices_of(turn, field) if field["kind"] == "choice" else []
        if field["kind"] == "market":
            wanted = ("connected",) if "market_account" in kind["needs"] else ("connected", "expired", "unreachable")
            choices = [
                {"value": a["market"], "title": turn.name("market", a["market"])}
                for a in await turn.api.markets() if a["state"] in wanted
            ]  # fmt: skip
        context: Json = {
            "label": turn.name("request_field", field["key"]),
            "type": kind["type"],
            "max_length": field.get("max"),
            "required": field["required"],
        }
        if field["kind"] == "date":
            begins = values.get("starts_on")
            earliest = max(clock.today(), date.fromisoformat(begins)) if begins else clock.today()
            context["min"] = earliest.isoformat()
            context["quick"] = [
                {"title": turn.words("work_request.in_a_week"), "date": (earliest + timedelta(days=7)).isoformat()}
            ]
        specific = f"ask.request_field.{field['key']}"
        ask(
            turn, "work_request_create", values, field["key"], kind=field["kind"], choices=choices,
            optional=not field["required"], question=specific if specific in wording() else "ask.request_field.any", **context,
        )  # fmt: skip

    async def _ask_again(self, turn: Turn, kind: Json, values: Json, problems: list[Json]) -> None:
        """The backend refused a field: say which and why, keep the rest, and ask for it again."""
        problem = problems[0]
        turn.say("work_request.field_problem", label=turn.name("request_field", problem["field"]), problem=problem)
        field = next((f for f in kind["fields"] if f["key"] == problem["field"]), None)
        if field:
            values.pop(field["key"], None)
            await self._ask_field(turn, kind, field, values)


def _out_of_range(field: Json, value: Any) -> Json | None:
    """The backend's own refusal of a number, before more is asked."""
    if field["kind"] != "number" or value is None:
        return None
    if field.get("min") is not None and value < field["min"]:
        return {"field": field["key"], "problem": "too_small", "min": field["min"]}
    if field.get("max") is not None and value > field["max"]:
        return {"field": field["key"], "problem": "too_large", "max": field["max"]}
    return None


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
            try:
                request = await turn.api.request(number)
            except BackendError as error:
                turn.problem(error)
                turn.offer(turn.link_button("request_status", "work_request_status"))
                return
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
