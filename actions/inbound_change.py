"""An arrival that was written down: put off, another number, called off, or come; preview and yes."""

from datetime import date, datetime, time
from typing import ClassVar

from actions.after_done import AFTER
from actions.asking import ask
from actions.base import WISHES, TurnAction
from actions.client.errors import BackendError
from actions.inbound_said import Change, change_said, looks_at_arrivals
from actions.plans import propose
from actions.stock_items import OFFERED, meant_items
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.korean_dates import parse_move

WISH = "inbound_change"
MOST = 100
CHANGES_MIND = frozenset({
    "deny", "inform", "nlu_fallback", "affirm", "inbound_schedule", "stock_adjust", "stock_check", "chitchat", "ops_postpone",
    "ops_schedule",
})  # fmt: skip
SAID = ("due_on", "quantity", "cancel", "came")
REFUSED = frozenset({"inbound_past", "inbound_too_far", "inbound_came_already"})


class InboundChange(TurnAction):
    action_name: ClassVar[str] = "action_inbound_change"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if v is not None}
        said = Change() if turn.is_payload or turn.given else change_said(turn.text)
        if turn.is_payload:
            values |= {"inbound_id": turn.entity("inbound_id"), "cancel": turn.entity("way") == "off"}
        elif not turn.given:
            values |= {k: getattr(said, k) for k in SAID if getattr(said, k)}
        due = await self._one(turn, values, said)
        if due is None:
            return
        values["inbound_id"] = due["id"]
        if (
            not turn.given
            and not turn.is_payload
            and not values.keys() & {"due_on", "came"}
            and not values.get("cancel")
        ):
            values |= _moved_by(turn.text, due)
        if values.get("came"):
            turn.given = {"inbound_id": due["id"], "quantity": values.get("quantity")}
            await WISHES["stock_adjust"].handle(turn)
            self._look(turn, due)
        elif not values.get("cancel") and values.get("due_on") is None and values.get("quantity") is None:
            ask(turn, WISH, values, "due_on", kind="date", min=clock.today().isoformat(), due=due)
        else:
            await self._propose(turn, values, due)

    async def _one(self, turn: Turn, values: Json, said: Change) -> Json | None:
        """The arrival that is meant; asks, or says that there is none, and returns None where that is open."""
        page = await turn.api.inbounds(limit=MOST)
        known = {due["id"]: due for due in page["inbounds"]}
        if values.get("inbound_id"):
            if values["inbound_id"] not in known:
                raise BackendError("inbound_not_found", status=404, data={})
            return known[values["inbound_id"]]
        fitting = await self._fitting(turn, list(known.values()), said)
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            turn.say("stock.no_such_arrival", said=said)
            turn.offer(turn.link_button("inbounds", "inbound_schedule"))
            return None
        choices = [
            {"value": due["id"], "title": turn.words("stock.arrival", due=due), "also": [due["item"]]}
            for due in fitting[:OFFERED]
        ]
        turn.show_list([{"inbound_id": due["id"], "item_id": due["item_id"]} for due in fitting[:OFFERED]])
        ask(turn, WISH, values, "inbound_id", kind="choice", choices=choices, more=max(0, len(fitting) - OFFERED))
        return None

    @staticmethod
    async def _fitting(turn: Turn, due: list[Json], said: Change) -> list[Json]:
        """By a place in the list, by the article, by the day it was due, by being late; else what was just talked about."""
        pointed = (turn.pointed_at() or {}).get("inbound_id")
        if pointed:
            return [one for one in due if one["id"] == pointed]
        fitting = due
        meant = await turn.api.find_stock_items(turn.text)
        best = {item["id"] for item in meant if item["score"] >= meant[0]["score"]}
        if best:
            fitting = [one for one in fitting if one["item_id"] in best]
        if said.was_due:
            fitting = [one for one in fitting if one["due_on"] == said.was_due]
        if said.late:
            fitting = [one for one in fitting if one["overdue"]]
        if best or said.was_due:
            return fitting
        last = turn.focus.get("inbound_id")
        if last and any(one["id"] == last for one in fitting):
            return [one for one in fitting if one["id"] == last]
        if turn.entity("reference") and not looks_at_arrivals(turn) and not said.late:
            found = await meant_items(turn)
            ids = {item["id"] for item in found.items}
            fitting = [one for one in fitting if one["item_id"] in ids] or fitting
        return fitting

    async def _propose(self, turn: Turn, values: Json, due: Json) -> None:
        params = {k: values[k] for k in ("inbound_id", "due_on", "quantity") if values.get(k) is not None}
        if values.get("cancel"):
            params = {"inbound_id": due["id"], "cancel": True}
        try:
            await propose(turn, WISH, values, "inbound.change", params, inbound_id=due["id"], item_id=due["item_id"])
        except BackendError as error:
            if error.code not in REFUSED:
                raise
            turn.problem(error)
            self._look(turn, due)
            if error.code != "inbound_came_already":
                ask(
                    turn, WISH, {"inbound_id": due["id"]}, "due_on", kind="date", min=clock.today().isoformat(), due=due
                )
            return
        self._look(turn, due)

    @staticmethod
    def _look(turn: Turn, due: Json) -> None:
        turn.look_at(inbound_id=due["id"], item_id=due["item_id"])

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 수요일로", "20개로": while asked or at the preview of another day or number."""
        if turn.is_payload or turn.intent not in CHANGES_MIND or not values.get("inbound_id") or values.get("came"):
            return None
        said = change_said(turn.text)
        changed = {
            k: getattr(said, k)
            for k in ("due_on", "quantity")
            if getattr(said, k) is not None
            and (preview or values.get(k) is not None)
            and values.get(k) != getattr(said, k)
        }
        if not changed or values.get("cancel"):
            return None
        new = {**values, **changed}
        return {
            "label": turn.words("stock.changed_label"),
            "shown": turn.words("stock.expected_changed", values=new, item=None),
            "values": new,
        }


def _moved_by(text: str, due: Json) -> Json:
    """Of "하루 늦춰줘" the day, counted from the one that was written down."""
    start = datetime.combine(date.fromisoformat(due["due_on"]), time(9), clock.SEOUL)
    to = parse_move(text, start, clock.now())
    if to is None:
        return {}
    return {"due_on": (clock.seoul(to).date() if isinstance(to, datetime) else to).isoformat()}


async def _after_written(turn: Turn, plan: Json, context: Json) -> None:
    """What was just written down or changed is what "그거" means."""
    named = plan["params"].get("inbound_id") or next(
        (c["target_id"] for c in plan["changes"] if c["target_type"] == "inbound"), None
    )
    if named:
        turn.look_at(inbound_id=named, item_id=context.get("item_id"))


AFTER["inbound.create"] = AFTER["inbound.change"] = _after_written
